"""A token that stands for a card behind its vendor's module: SoftHSM, in a folder of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pkcs11

from cardops.cards.pkcs11 import Settings
from tests.cardops import issuing
from tests.cardops.programs import run

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
LABEL, PIN, OFFICER = "Licna karta", issuing.PIN, b"1234567890"


def configure(folder: Path) -> Path:
    """Return the file that SOFTHSM2_CONF must name; who used the module before is done with it."""
    pkcs11.lib(MODULE).finalize()
    (folder / "tokens").mkdir()
    file = folder / "softhsm2.conf"
    file.write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    return file


def add(folder: Path, label: str = LABEL) -> Settings:
    """Make a blank token."""
    pins = ("--so-pin", OFFICER.decode(), "--pin", PIN.decode())
    run(folder, "softhsm2-util", "--init-token", "--free", "--label", label, *pins)
    return Settings(MODULE, token=label)


def tool(folder: Path, *arguments: str, label: str = LABEL) -> str:
    """Let OpenSC's tool log in and do something."""
    login = ("--token-label", label, "--login", "--pin", PIN.decode())
    return run(folder, "pkcs11-tool", "--module", MODULE, *login, *arguments)


@contextmanager
def session() -> Iterator[pkcs11.Session]:
    """Lend the token to an inspector who knows the PIN."""
    module = pkcs11.lib(MODULE)
    try:
        yield module.get_token(token_label=LABEL).open(rw=True, user_pin=PIN.decode())
    finally:
        module.finalize()
