"""A secret that is made once and kept in a file of its owner's."""

import os
import secrets
from pathlib import Path


def stored_secret(path: Path) -> str:
    """Return the secret in `path`; make it first where there is none (50 random bytes, 0600)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()
