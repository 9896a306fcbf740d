"""How the files of a bundle are written."""

import json
from collections.abc import Iterator
from typing import Any

from registration.models import User

Files = Iterator[tuple[str, bytes]]
"""(path below the payload, content)"""


def written(value: Any) -> bytes:
    """Write JSON so that people and programs read it."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()
