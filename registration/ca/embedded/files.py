"""Files that are either whole and on the disk, or not there at all."""

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

_PRIVATE = 0o600


def publish(path: Path, data: bytes) -> bool:
    """Make the file, once: False when somebody else had made it already.

    The name appears in one step (link) and only after the content has reached the disk. The loser
    syncs the folder too: it goes on to act on a name that the winner may not have synced yet.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        write(part, data)
        os.link(part, path)
    except FileExistsError:
        return False
    else:
        return True
    finally:
        part.unlink(missing_ok=True)
        sync_folder(path.parent)


def publish_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Rename a whole folder into place: of two processes one wins, the other finds the winner's."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}")
    part.mkdir(mode=0o700)
    for name, content in contents.items():
        write(part / name, content)
    sync_folder(part)
    try:
        part.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(part)
    sync_folder(folder.parent)


def write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def try_folder(folder: Path) -> None:
    """Write something and take it away again; OSError where that cannot be done."""
    part = folder / f".try.{secrets.token_hex(8)}"
    write(part, b"")
    part.unlink()


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
