"""`make run`: the whole counter, until Ctrl-C."""

import os
import signal
import sys
import threading
from pathlib import Path

from config.supervisor.stack import ROOT, Stack, real_reader


def main() -> int:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with Stack(_folder(), virtual=not real_reader()) as stack:
        print(f"\nOvera: {stack.address}\n")
        print(f"Accounts: make accounts (in another terminal). Output: {stack.folder}/log/.")
        print("End: Ctrl-C.\n", flush=True)
        while not ended.wait(1.0):
            stack.keep_up()
    return 0


def _folder() -> Path:
    return Path(os.environ.get("OVERA_VAR", ROOT / "var"))


if __name__ == "__main__":
    sys.exit(main())
