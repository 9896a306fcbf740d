"""manage.py, started once: each command it is asked for is a process of its own, begun at once.

Asked by lines: a list of words starts a command and is answered by its process id, a process id is
answered by how that process ended. What a command says is in OVERA_VAR, in files named by its id.
"""

import gc
import json
import os
import sys
from pathlib import Path

import django
from django.core import checks
from django.core.management import execute_from_command_line


def main() -> None:
    django.setup()
    checks.run_checks()  # loads the addresses, the views and all that they stand on
    gc.freeze()  # a command ends without taking all of that apart
    for line in sys.stdin:
        asked = json.loads(line)
        if isinstance(asked, int):
            _ended, status = os.waitpid(asked, 0)
            _answer(os.waitstatus_to_exitcode(status))
        elif process := os.fork():
            _answer(process)
        else:
            _speak_into_files()
            execute_from_command_line(["manage.py", *asked])
            return


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _speak_into_files() -> None:
    own = Path(os.environ["OVERA_VAR"]) / str(os.getpid())
    for number, kind in enumerate((".out", ".err"), 1):
        with own.with_suffix(kind).open("wb") as file:
            os.dup2(file.fileno(), number)


if __name__ == "__main__":
    main()
