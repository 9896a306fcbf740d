"""What a desk must know to work: one JSON file, and its own keys beside its journal."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from cardops.cards.access import Access, Middleware, OwnCommands
from cardops.cards.pkcs11 import Settings
from cardops.messages import Keys, PublicKeys

_FOLDERS = frozenset({"locale_folder", "identity_cas"})


@dataclass(frozen=True)
class Configuration:
    code: str  # of the desk
    broker: str
    folder: Path  # own keys and journal
    reader: str | None = None  # the first with a card when None
    browser: tuple[str, ...] | None = None  # opens the citizen screen; "{url}" is the address
    language: str = "sr-Cyrl"  # of the citizen screen, where the message names none
    locale_folder: Path | None = None
    pin_seconds: float = 60.0  # to type a PIN, and to hold it
    identity_cas: Path | None = None  # folder of the ministry's CA certificates, PEM or DER
    pkcs11: Settings | None = None  # a vendor's module writes the cards; our own commands when None
    server: dict[str, str] | None = None  # its public keys, after the desk was registered

    @classmethod
    def read(cls, path: Path) -> Self:
        data: dict[str, Any] = json.loads(path.read_text())
        data["folder"] = Path(data["folder"])
        if data.get("browser"):
            data["browser"] = tuple(data["browser"])
        for name in _FOLDERS & data.keys():
            data[name] = Path(data[name]) if data[name] else None
        if data.get("pkcs11"):
            data["pkcs11"] = Settings.read(data["pkcs11"])
        return cls(**data)

    @property
    def access(self) -> Access:
        """How this desk opens cards."""
        return Middleware(self.pkcs11) if self.pkcs11 else OwnCommands()

    @property
    def server_keys(self) -> PublicKeys:
        """Raise MessageError when the desk was not registered yet."""
        return PublicKeys.from_json(self.server or {})

    def own_keys(self) -> Keys:
        """Return the desk's keys, made at first use in a file that only its user may read."""
        path = self.folder / "keys.json"
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            written = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(written, "w") as file:
                json.dump(Keys.generate().to_json(), file)
        return Keys.from_json(json.loads(path.read_text()))
