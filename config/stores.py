"""Where the archive's files lie, as the environment says: a folder, or a bucket of an S3 server."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_SCHEME = "s3"


def place(name: str, default: Path | None = None) -> Path | dict[str, Any] | None:
    """Read `NAME` (a folder, or s3://bucket/prefix) and what `NAME_…` says of the server."""
    given = os.environ.get(name, "")
    where = urlsplit(given)
    if where.scheme != _SCHEME:
        return Path(given) if given else default
    options = {
        "bucket_name": where.netloc,
        "location": where.path.strip("/"),
        "endpoint_url": os.environ.get(f"{name}_ENDPOINT") or None,
        "region_name": os.environ.get(f"{name}_REGION") or None,
        "access_key": os.environ.get(f"{name}_KEY") or None,
        "secret_key": _secret(os.environ.get(f"{name}_SECRET_FILE", "")),
    }
    return {option: value for option, value in options.items() if value}


def _secret(path: str) -> str:
    """Read the secret from its file, which its owner alone should be able to read."""
    return Path(path).read_text().strip() if path else ""
