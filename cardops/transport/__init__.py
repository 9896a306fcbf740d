"""Bytes to a card and back, through PC/SC; the only package that imports `smartcard`."""

from cardops.transport.base import Transport
from cardops.transport.features import PIN_PAD, Feature
from cardops.transport.pcsc import (
    Connection,
    Look,
    ReaderState,
    card_present,
    connect,
    has_pin_pad,
    hold,
    look,
    readers,
    states,
)

__all__ = [
    "PIN_PAD",
    "Connection",
    "Feature",
    "Look",
    "ReaderState",
    "Transport",
    "card_present",
    "connect",
    "has_pin_pad",
    "hold",
    "look",
    "readers",
    "states",
]
