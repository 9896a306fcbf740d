"""A bag in one ZIP file: of what is held in memory, or of a folder as it is read."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any

from archive.bag import tags

_UNIX, _FILE = 3, 0o100644 << 16  # a plain file that everybody may read, as ZIP writes it


@dataclass(frozen=True)
class Bag:
    """What goes into a bag: payload by its path below `data/`, other files by their name."""

    folder: str
    payload: Mapping[str, bytes]
    beside: Mapping[str, bytes]
    info: Mapping[str, str]
    made_at: datetime

    def files(self, sign: Callable[[bytes], bytes]) -> dict[str, bytes]:
        """Return every file of the bag by its path in the folder."""
        payload = {f"data/{path}": data for path, data in self.payload.items()}
        size = sum(len(data) for data in payload.values())
        told = {
            tags.DECLARATION: tags.BAGIT,
            tags.INFO: tags.info(self.info, self.made_at, size, len(payload)),
            tags.MANIFEST: manifest(payload),
            **self.beside,
        }
        listed = manifest(told)
        return {**told, tags.TAGS: listed, tags.SIGNATURE: sign(listed), **payload}

    def packed(self, sign: Callable[[bytes], bytes]) -> bytes:
        """Return the ZIP; the same bag always gives the same bytes.

        Nothing is compressed, so that a reader can hold every byte against the files.
        """
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
            for path, data in sorted(self.files(sign).items()):
                file.writestr(_entry(f"{self.folder}/{path}", self.made_at), data)
        return out.getvalue()


def pack(folder: Path, out: IO[bytes], made_at: datetime) -> None:
    """Write a folder as a ZIP; nothing but its directory is held in memory."""
    names = sorted(each.relative_to(folder.parent).as_posix() for each in _files(folder))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for name in names:
            entry = _entry(name, made_at)
            entry.file_size = (folder.parent / name).stat().st_size
            with (folder.parent / name).open("rb") as source, file.open(entry, "w") as target:
                copyfileobj(source, target, 1024 * 1024)


def _files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def _entry(name: str, made_at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, made_at.astimezone(UTC).timetuple()[:6])
    entry.create_system, entry.external_attr = _UNIX, _FILE
    return entry


def manifest(files: Mapping[str, bytes]) -> bytes:
    """List files by what they hold, as `tags.listed` does by their hashes."""
    return tags.listed({path: hashlib.sha256(data).hexdigest() for path, data in files.items()})


def written(value: Any) -> bytes:
    """Write JSON so that people and programs read it."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
