"""Files of secrets that are made once, whole or not at all, readable by their owner only."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def read(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return the content of `path`; where there is none, the first process to come makes it."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        _create(path, make())
        return path.read_bytes()


def replace(path: Path, content: bytes) -> None:
    """Put other content in the place of a file, whole or not at all."""
    _draft(path, content).replace(path)
    sync_folder(path.parent)


def _create(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _draft(path, content)
    try:
        path.hardlink_to(draft)  # unlike a rename it never replaces what another process made
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync_folder(path.parent)


def _draft(path: Path, content: bytes) -> Path:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name)


def sync_folder(folder: Path) -> None:
    """Make a new name in `folder` outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
