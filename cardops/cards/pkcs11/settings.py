"""What a desk must know of a vendor's module: a part of the desk's configuration."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Self

from cardops.cards.profile import Role

_IDS = {Role.SIGNING: b"overa\x01", Role.AUTHENTICATION: b"overa\x02"}
_LABELS = {Role.SIGNING: "Overa signing", Role.AUTHENTICATION: "Overa authentication"}


@dataclass(frozen=True)
class Place:
    """Where a role's key and certificate lie: under `id`, a renewed pair under `id` and a number.

    So the old pair and the new one lie side by side until the new one is complete.
    """

    id: bytes
    label: str

    def owns(self, identifier: bytes) -> bool:
        """Tell whether an object of this CKA_ID is the role's."""
        return identifier.startswith(self.id) and len(identifier) - len(self.id) <= 1

    def after(self, used: Iterable[bytes]) -> bytes:
        """Return the identifier of the next pair; later ones sort behind earlier ones."""
        newest = max(used, default=None)
        if newest is None:
            return self.id
        number = int.from_bytes(newest[len(self.id) :], "big") + 1
        return self.id + number.to_bytes(1, "big")


def _places() -> dict[Role, Place]:
    return {role: Place(_IDS[role], _LABELS[role]) for role in Role}


@dataclass(frozen=True)
class Settings:
    """`token` is the token's label, for a module whose slots do not say which reader they are.

    With such a module nobody can tell in which of several readers the token is.
    """

    module: str  # the shared library
    token: str | None = None
    places: dict[Role, Place] = field(default_factory=_places)
    beside: bool = True  # the token has room for a role's new key beside the old one
    pin_each_signature: bool = False  # what new signing keys are to ask for
    so_pin_unblocks: bool = False  # the PUK that the desk is given is the token's SO PIN

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """Take {"module", …, "places": {role: {"id": hexadecimal, "label"}}}."""
        places = _places() | {
            Role(role): Place(bytes.fromhex(place["id"]), str(place["label"]))
            for role, place in data.get("places", {}).items()
        }
        settings = cls(**(data | {"places": places}))
        settings.require_apart()
        return settings

    def require_apart(self) -> None:
        """Raise ValueError where an object could be of two roles: one's would be destroyed."""
        for place, other in permutations(self.places.values(), 2):
            if place.owns(other.id) or place.owns(other.id + b"\x01"):
                raise ValueError("the ids of two roles are not apart")
