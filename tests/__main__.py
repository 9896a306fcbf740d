"""Every test on SQLite, and beside it on PostgreSQL all that ask the database: `python -m tests`.

The two share nothing but the processor: each has a folder, a broker, a pcscd and ports of its own.
"""

import subprocess
import sys
import tempfile

_SQLITE = [sys.executable, "-m", "pytest"]
_POSTGRESQL = [sys.executable, "-m", "tests.postgres"]


def main() -> int:
    given = sys.argv[1:]
    with tempfile.TemporaryFile() as told:  # so that the two do not speak at once
        other = subprocess.Popen([*_POSTGRESQL, *given], stdout=told, stderr=subprocess.STDOUT)
        try:
            first = subprocess.call([*_SQLITE, *given])
            second = other.wait()
        except BaseException:
            other.terminate()
            other.wait()
            raise
        told.seek(0)
        sys.stdout.write(f"\n== the same on PostgreSQL\n{told.read().decode(errors='replace')}")
    return first or second


if __name__ == "__main__":
    sys.exit(main())
