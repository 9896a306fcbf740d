"""Opens the citizen's window: full screen on a display, or as the desk's configuration says."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class Browser:
    """One window of its own profile; `close` ends it and removes the profile."""

    def __init__(self, command: Sequence[str] | None) -> None:
        self._command = command
        self._profile: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def open(self, url: str) -> None:
        """Show the page; where nothing can show it, print its address for the one at the desk."""
        command = [part.format(url=url) for part in self._command or self._kiosk()]
        if command:
            self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        else:
            print(f"citizen screen: {url}", file=sys.stderr, flush=True)  # noqa: T201 no display

    def _kiosk(self) -> list[str]:
        program = next((path for name in _CHROMIUM if (path := shutil.which(name))), None)
        if not program or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            return []
        self._profile = Path(tempfile.mkdtemp(prefix="overa-citizen-"))
        options = ["--kiosk", "--no-first-run", "--disable-sync", "--incognito"]
        options += ["--no-sandbox"] if os.geteuid() == 0 else []
        return [program, *options, f"--user-data-dir={self._profile}", "--app={url}"]

    def close(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None
        if self._profile:
            shutil.rmtree(self._profile, ignore_errors=True)
            self._profile = None
