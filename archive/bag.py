"""BagIt (RFC 8493) in one ZIP file: payload, manifests, a detached signature over the manifests.

Everything is named in ASCII below one folder; the signature is over `tagmanifest-sha256.txt`, which
names all other files beside the payload, among them the manifest of the payload.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MANIFEST, TAGS, SIGNATURE = "manifest-sha256.txt", "tagmanifest-sha256.txt", "signature.bin"
_BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
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
        tags = {
            "bagit.txt": _BAGIT,
            "bag-info.txt": self._info(),
            MANIFEST: manifest(payload),
            **self.beside,
        }
        listed = manifest(tags)
        return {**tags, TAGS: listed, SIGNATURE: sign(listed), **payload}

    def packed(self, sign: Callable[[bytes], bytes]) -> bytes:
        """Return the ZIP; the same bag always gives the same bytes.

        Nothing is compressed, so that a reader can hold every byte against the files.
        """
        out = io.BytesIO()
        moment = self.made_at.astimezone(UTC).timetuple()[:6]
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
            for path, data in sorted(self.files(sign).items()):
                entry = zipfile.ZipInfo(f"{self.folder}/{path}", moment)
                entry.create_system, entry.external_attr = _UNIX, _FILE
                file.writestr(entry, data)
        return out.getvalue()

    def _info(self) -> bytes:
        size = sum(len(data) for data in self.payload.values())
        facts = {
            **self.info,
            "Bagging-Date": f"{self.made_at:%Y-%m-%d}",
            "Overa-Made-At": self.made_at.astimezone(UTC).isoformat(timespec="seconds"),
            "Payload-Oxum": f"{size}.{len(self.payload)}",
        }
        return "".join(f"{name}: {value}\n" for name, value in facts.items()).encode()


def written(value: Any) -> bytes:
    """Write JSON so that people and programs read it."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Return a line for each file: its SHA-256, two spaces, its path."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in files.items())
    return "".join(sorted(lines, key=lambda line: line[66:])).encode()
