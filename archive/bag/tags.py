"""What stands beside the payload of every bag, however it is written."""

from collections.abc import Mapping
from datetime import UTC, datetime

MANIFEST, TAGS, SIGNATURE = "manifest-sha256.txt", "tagmanifest-sha256.txt", "signature.bin"
DECLARATION, INFO = "bagit.txt", "bag-info.txt"
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def line(sha256: str, path: str) -> bytes:
    """Return a line of a manifest, as `sha256sum -c` reads it."""
    return f"{sha256}  {path}\n".encode()


def listed(files: Mapping[str, str]) -> bytes:
    """List files, given as path → SHA-256, in the order of their paths."""
    return b"".join(line(sha256, path) for path, sha256 in sorted(files.items()))


def info(facts: Mapping[str, str], made_at: datetime, size: int, count: int) -> bytes:
    """Return `bag-info.txt`: `size` bytes in `count` files of payload."""
    told = {
        **facts,
        "Bagging-Date": f"{made_at:%Y-%m-%d}",
        "Overa-Made-At": made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "Payload-Oxum": f"{size}.{count}",
    }
    return "".join(f"{name}: {value}\n" for name, value in told.items()).encode()
