"""PKCS#11 tokens without a device: SoftHSM, filled by tools that we did not write."""

import os
import subprocess
from pathlib import Path

from registration.seals.base import KeyToken
from tests.seals.pki import Identity

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
LABEL, PIN = "seal", "482913"
_OFFICER = "87654321"


class Tokens:
    """A folder of tokens. All are made before the first is used: a process looks only once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "tokens").mkdir()
        (folder / "softhsm2.conf").write_text(
            f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n"
        )
        (folder / "pin").write_text(f"{PIN}\n")
        os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")

    def key(self, name: str) -> KeyToken:
        return KeyToken(MODULE, name, LABEL, self.folder / "pin")

    def make(self, name: str, own: Identity, *, with_certificate: bool) -> None:
        """Make a token with the key, and with its certificate if wanted."""
        self._fill(name, own)
        if with_certificate:
            file = self._written(f"{name}.cer", own.der)
            self.tool(name, PIN, "--write-object", file, "--type", "cert", "--label", LABEL)

    def tool(self, name: str, pin: str, *command: str | Path) -> None:
        """Let OpenSC's tool log in and do something."""
        login = ["pkcs11-tool", "--module", MODULE, "--token-label", name, "--login", "--pin", pin]
        _run(*login, *command)

    def _fill(self, name: str, own: Identity) -> None:
        key = self._written(f"{name}.key", own.key_pem())
        pins = ("--so-pin", _OFFICER, "--pin", PIN)
        _run("softhsm2-util", "--init-token", "--free", "--label", name, *pins)
        place = ("--token", name, "--label", LABEL, "--id", "01", "--pin", PIN)
        _run("softhsm2-util", "--import", key, *place)

    def _written(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=30)
