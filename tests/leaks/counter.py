"""One counter that tells everything it does: all its programs, its reader, where they may write."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cardops.virtual import service
from config.supervisor.stack import Stack


@dataclass
class Counter:
    stack: Stack
    reader: Path  # the folder of the service
    rest: Path  # what programs write elsewhere: temporary files, a home, the browser's profile
    driver: Path
    address_file: Path  # where the citizen screen's address is left

    @contextmanager
    def pcscd(self, *options: str) -> Iterator[None]:
        """Have a blank card in the reader, and a pcscd that tells what `options` say."""
        process = service.start(self.reader, driver=self.driver, options=options)
        try:
            yield
        finally:
            service.stop(process)

    def configure_desk(self, **facts: Any) -> None:
        """Start the desk's program again, where it is to have other settings."""
        path = self.stack.folder / "desk" / "desk.json"
        before = json.loads(path.read_text())
        if before | facts != before:
            path.write_text(json.dumps(before | facts))
            self.stack.children["desk"].stop()
            self.stack.children["desk"].start()

    @property
    def folders(self) -> tuple[Path, Path, Path]:
        return self.stack.folder, self.reader, self.rest

    def log(self, name: str) -> str:
        return (self.stack.folder / "log" / f"{name}.log").read_text(errors="replace")

    def said_by_pcscd(self) -> str:
        return (self.reader / service.LOG).read_text(errors="replace")
