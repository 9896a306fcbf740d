"""The virtual card's memory in a file, so that a counter under development keeps its card."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from cardops.virtual.administrator import AES_192, ManagementKey
from cardops.virtual.keys import PrivateKey
from cardops.virtual.make import Make
from cardops.virtual.ministry import Ministry
from cardops.virtual.people import PEOPLE, SyntheticPerson
from cardops.virtual.piv import Memory, Secret


@dataclass(frozen=True)
class Kept:
    """A card, and the ministry that signed its data."""

    person: SyntheticPerson
    memory: Memory
    made: Make
    ministry: Ministry


def load(path: Path | None) -> Kept:
    """Return what is kept in `path`; a blank card of a new ministry where there is no file."""
    if path is None or not path.exists():
        return Kept(PEOPLE["milica"], Memory(), Make(), Ministry.new())
    return from_json(json.loads(path.read_text()))


def from_json(data: dict[str, Any]) -> Kept:
    ministry = Ministry.from_json(data["ministry"]) if "ministry" in data else Ministry.new()
    return Kept(PEOPLE[data["person"]], _memory(data), Make(**data.get("made", {})), ministry)


def to_json(kept: Kept) -> dict[str, Any]:
    memory = kept.memory
    return {
        "person": next(name for name, each in PEOPLE.items() if each == kept.person),
        "made": asdict(kept.made),
        "ministry": kept.ministry.to_json(),
        "pin": asdict(memory.pin) | {"value": memory.pin.value.hex()},
        "puk": asdict(memory.puk) | {"value": memory.puk.value.hex()},
        "management_key": memory.management_key.value.hex(),
        "administration": memory.management_key.algorithm,
        "keys": {str(slot): _export(key) for slot, key in memory.keys.items()},
        "objects": {tag.hex(): value.hex() for tag, value in memory.objects.items()},
    }


def save(path: Path, kept: Kept) -> None:
    partial = path.with_suffix(".part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(to_json(kept), file)
    partial.replace(path)


def _memory(data: dict[str, Any]) -> Memory:
    return Memory(
        pin=Secret(bytes.fromhex(data["pin"]["value"]), data["pin"]["left"]),
        puk=Secret(bytes.fromhex(data["puk"]["value"]), data["puk"]["left"]),
        management_key=ManagementKey(
            bytes.fromhex(data["management_key"]), data.get("administration", AES_192)
        ),
        keys={int(slot): _import(text) for slot, text in data["keys"].items()},
        objects={bytes.fromhex(tag): bytes.fromhex(text) for tag, text in data["objects"].items()},
    )


def _export(key: PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).hex()


def _import(text: str) -> PrivateKey:
    key = serialization.load_der_private_key(bytes.fromhex(text), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TypeError("the virtual card holds EC and RSA keys only")
    return key
