"""Bags as others may bring them: changed, and perhaps signed again by whoever changed them."""

import shutil
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archive.bag import folder, reading, sources, tags
from archive.services.log import heads
from archive.services.moving import checking

Change = Callable[[Path], object]


def copy(bag: Path, to: Path, *changes: Change) -> Path:
    shutil.copytree(bag, to)
    for change in changes:
        change(to)
    return to


def found(bag: Path, key: bytes | None = None) -> set[str]:
    """Return the reasons for which a bag is refused."""
    index = reading.Index()
    with sources.opened(bag) as source:
        reasons = {fault.reason for fault in checking.faults(source, index, key)}
    index.close()
    return reasons


def signed_again(bag: Path) -> None:
    """List and sign everything anew with a key of one's own: only the content can give it away."""
    data = sorted(each for each in (bag / "data").rglob("*") if each.is_file())
    names = {each.relative_to(bag).as_posix(): folder.digest(each) for each in data}
    (bag / tags.MANIFEST).write_bytes(tags.listed(names))
    _sum(bag, data)
    key = Ed25519PrivateKey.generate()
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (bag / heads.PUBLIC_KEY).write_bytes(pem)
    beside = [each for each in bag.iterdir() if each.is_file()]
    told = {each.name: folder.digest(each) for each in beside}
    listed = tags.listed({n: d for n, d in told.items() if n not in (tags.TAGS, tags.SIGNATURE)})
    (bag / tags.TAGS).write_bytes(listed)
    (bag / tags.SIGNATURE).write_bytes(key.sign(listed))


def _sum(bag: Path, data: list[Path]) -> None:
    said = f"Payload-Oxum: {sum(each.stat().st_size for each in data)}.{len(data)}"
    lines = (bag / tags.INFO).read_text().splitlines()
    kept = [line for line in lines if not line.startswith("Payload-Oxum")]
    (bag / tags.INFO).write_text("\n".join([*kept, said, ""]))


def replace(name: str, old: str, new: str) -> Change:
    """Change a text in a file of the bag, once."""

    def change(bag: Path) -> None:
        text = (bag / name).read_text()
        assert old in text
        (bag / name).write_text(text.replace(old, new, 1))

    return change
