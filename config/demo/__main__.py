"""Starts a stack in a temporary folder, walks one case through it, keeps what came out of it."""

import fcntl
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from config.supervisor.stack import Stack

KEPT = Path("var/demo")
CITIZEN = [sys.executable, "-m", "cardops.virtual.citizen", "{url}"]


def main() -> int:
    """Return 0 only if the case was filed and the certificate on the card verifies."""
    KEPT.parent.mkdir(exist_ok=True)
    results = Path(tempfile.mkdtemp(prefix="demo-", dir=KEPT.parent))
    try:
        with tempfile.TemporaryDirectory(prefix="overa-demo-") as folder:
            code = _walk(Path(folder), results)
        if code == 0:
            _replace(KEPT, results)
    finally:
        shutil.rmtree(results, ignore_errors=True)
    return code


def _walk(folder: Path, results: Path) -> int:
    with Stack(folder, web=False, virtual=True, citizen=CITIZEN, logs=True) as stack:
        command = [sys.executable, "manage.py", "demo_case", str(results)]
        code = subprocess.run(command, env=stack.environment, check=False).returncode
        if code:
            _show_output(folder / "log")
    return code


def _show_output(logs: Path) -> None:
    for log in sorted(logs.iterdir()):
        print(f"--- {log.stem}\n{log.read_text()}", file=sys.stderr)


def _replace(kept: Path, results: Path) -> None:
    """Put `results` in the place of `kept`; of two demos that end at once the later one stays."""
    with (kept.parent / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(kept, ignore_errors=True)
        results.rename(kept)


if __name__ == "__main__":
    sys.exit(main())
