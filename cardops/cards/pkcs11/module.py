"""The vendor's module in this process: loaded, asked for the token in a reader, left clean."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pkcs11

from cardops import errors
from cardops.cards.pkcs11 import results
from cardops.cards.pkcs11.card import TokenCard
from cardops.cards.pkcs11.settings import Settings

_NAME = 64  # bytes of CK_SLOT_INFO.slotDescription


@contextmanager
def opened(settings: Settings, reader: str) -> Iterator[TokenCard]:
    """Yield the card in `reader`; afterwards nobody is logged in and the module is finalised.

    Finalising drops the sessions that a refused C_Login left open, and what the module remembers
    of a card that is gone. One such context at a time: a process has one state of a module.
    """
    module = _loaded(settings.module)
    try:
        with results.translated():
            card = TokenCard(_slot(module, settings.token, reader), settings)
        try:
            yield card
        finally:
            card.leave()
    finally:
        with suppress(pkcs11.PKCS11Error):  # of a card that was pulled
            module.finalize()


def _loaded(path: str) -> Any:
    try:
        return pkcs11.lib(path)
    except pkcs11.PKCS11Error as fault:
        raise errors.ModuleMissingError from fault


def _slot(module: Any, label: str | None, reader: str) -> pkcs11.Slot:
    """Return the slot of the one token that can be meant; never guess between two.

    Where the module names its slots by their readers the label decides nothing but between
    several slots of our reader.
    """
    name = _shortened(reader)
    named = any(slot.slot_description == name for slot in module.get_slots())
    slots: list[pkcs11.Slot] = module.get_slots(token_present=True)
    if named or label is None:
        slots = [slot for slot in slots if slot.slot_description == name]
    found = [slot for slot in slots if label in {None, slot.get_token().label}]
    if not found:
        raise errors.TokenMissingError
    if len(found) > 1:
        raise errors.TokenAmbiguousError
    return found[0]


def _shortened(reader: str) -> str:
    """Return the reader's name as a slot's description can hold it."""
    return reader.encode()[:_NAME].decode(errors="ignore").rstrip()
