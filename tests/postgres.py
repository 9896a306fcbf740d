"""The tests again on PostgreSQL: `python -m tests.postgres [what pytest takes]`.

A server of its own in a temporary folder, reachable by its Unix socket alone, gone at the end.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
_OWNER = "postgres"  # the server refuses to run as root
_OPTIONS = {  # nothing of a test is to outlive the machine
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Run a server; give the address of a database on it.

    A durable one has the options of an office's: for measuring.
    """
    with tempfile.TemporaryDirectory(prefix="overa-pg-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, _OWNER)
        data = f"{folder}/data"
        _run("initdb", "-D", data, "-A", "trust", "-U", _OWNER, "-E", "UTF8", "--locale=C.UTF-8")
        chosen = {"listen_addresses": ""} if durable else _OPTIONS
        given = " ".join(f"-c {name}='{value}'" for name, value in chosen.items())
        options = f"-k {folder} {given}"
        _run("pg_ctl", "-D", data, "-l", f"{folder}/log", "-w", "-o", options, "start")
        try:
            yield f"postgres://{_OWNER}@/overa?host={folder}"
        finally:
            _run("pg_ctl", "-D", data, "-w", "-m", "fast", "stop")


def dump(address: str, file: Path) -> None:
    """Write out every row of a database, bytes as hexadecimal digits."""
    with file.open("wb") as out:
        subprocess.run([_PROGRAMS / "pg_dump", "--dbname", address], stdout=out, check=True)


def _run(program: str, *arguments: str) -> None:
    command = [str(_PROGRAMS / program), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", _OWNER, "--", *command]
    subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, check=True)


def main() -> int:
    with server() as address:
        command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
        given = {"OVERA_DATABASE": address, "OVERA_PORT": "8100"}  # SQLite's may run beside them
        return subprocess.call(command, env=os.environ | given)


if __name__ == "__main__":
    sys.exit(main())
