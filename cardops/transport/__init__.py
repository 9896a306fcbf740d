"""Bytes to a card and back, through PC/SC; the only package that imports `smartcard`."""

from cardops.transport.base import Transport
from cardops.transport.features import Feature
from cardops.transport.pcsc import Connection, card_present, connect, readers

__all__ = ["Connection", "Feature", "Transport", "card_present", "connect", "readers"]
