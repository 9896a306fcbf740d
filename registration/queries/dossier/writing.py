"""How the files of a bundle are written."""

from collections.abc import Iterator

from archive.bag import written
from registration.models import User

__all__ = ["Files", "name_of", "written"]

Files = Iterator[tuple[str, bytes]]
"""(path below the payload, content)"""


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()
