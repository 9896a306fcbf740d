"""Repairs asn1crypto 1.5.1: it takes a length that ends in 0x80 for an indefinite one (issue 249).

Then it encodes anew all that lies below, and does so each time that it writes one of the many
layers above: for some certificates every seal took twenty seconds. The bytes were always right.
"""

from typing import Any

from asn1crypto import core

_INDEFINITE = 0x80  # X.690, section 8.1.3.6
_MORE_OF_TAG = 0x1F  # section 8.1.2.4
_LAST = slice(-1, None)


class _Definite(bytes):
    """A header that ends in 0x80 and states a length all the same."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        """Hide the last byte from who looks there for an indefinite length."""
        return b"" if key == _LAST else super().__getitem__(key)


def repair() -> None:
    """Let every value of asn1crypto keep its header marked as what it is."""
    if not isinstance(vars(core.Asn1Value).get("_header"), property):
        core.Asn1Value._header = property(_kept, _keep)  # noqa: SLF001 - that is the repair


def is_indefinite(header: bytes) -> bool:
    """Tell whether a header (tags and lengths, the outermost first) states no length."""
    place, length = 0, 0
    while place < len(header):
        place = _after_tag(header, place)
        length = header[place]
        place += 1 + (length & 0x7F if length > _INDEFINITE else 0)
    return length == _INDEFINITE


def _after_tag(header: bytes, place: int) -> int:
    many = header[place] & _MORE_OF_TAG == _MORE_OF_TAG
    place += 1
    while many and header[place] & 0x80:
        place += 1
    return place + many


def _kept(value: Any) -> bytes | None:
    header: bytes | None = value.__dict__.get("_kept_header")
    return header


def _keep(value: Any, header: bytes | None) -> None:
    if header and header[-1] == _INDEFINITE and not is_indefinite(header):
        header = _Definite(header)
    value.__dict__["_kept_header"] = header
