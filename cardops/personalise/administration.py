"""The card's management key: our own per card, the factory's replaced where the card allows it."""

from cardops import errors
from cardops.cards.piv import FACTORY_MANAGEMENT_KEY, PivCard

_NO_SUCH_COMMAND = frozenset({0x6D00, 0x6E00, 0x6A81})


def authenticate(piv: PivCard, key: bytes) -> None:
    """Authenticate with `key`; a card with the factory's gets `key` first.

    A card without a command for that keeps the factory's: SP 800-73-4 has none.
    """
    try:
        piv.authenticate(key)
    except errors.ManagementKeyError:
        piv.authenticate(FACTORY_MANAGEMENT_KEY)
        _replace(piv, key)


def _replace(piv: PivCard, key: bytes) -> None:
    try:
        piv.set_management_key(key)
    except errors.ApduError as refusal:
        if refusal.sw not in _NO_SUCH_COMMAND:
            raise
