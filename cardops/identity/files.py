"""Files of the identity application: how the card is recognised, how a file is read."""

from cardops import errors
from cardops.channel import Channel
from cardops.identity.card import Kind

APPLICATIONS = {
    Kind.CITIZEN: bytes.fromhex("F381000002534552494401"),
    Kind.FOREIGNER: bytes.fromhex("F381000002534552494601"),
    Kind.RESIDENCE_PERMIT: bytes.fromhex("F381000002534552525001"),
}
OLD_ATR = bytes.fromhex("3BB918008131FE9E8073FF614083000000DF")
DOCUMENT, PERSON, RESIDENCE, PORTRAIT = 0x0F02, 0x0F03, 0x0F04, 0x0F06
FIXED_HASHES, VARIABLE_HASHES = 0x0F1C, 0x0F1D

_HEADER, _OLD_HEADER = 4, 6  # bytes; the last two are the length of what follows
_INNER_HEADER = 4  # before a picture and before hashes
_PIECE = 0xFF
_REACH = 0x7FFF  # bytes that READ BINARY can address (ISO/IEC 7816-4, 11.3.2)
_NOT_FOUND = 0x6A82


def select(channel: Channel, atr: bytes = b"") -> Kind:
    """Find the application and leave it selected; UnknownCardError when there is none.

    The ATR says only what to try first: that the file of the document is there decides.
    """
    kinds = [*APPLICATIONS, Kind.OLD]
    for kind in reversed(kinds) if atr == OLD_ATR else kinds:
        if _has(channel, kind):
            return kind
    raise errors.UnknownCardError


def _has(channel: Channel, kind: Kind) -> bool:
    try:
        if kind in APPLICATIONS:
            channel.send(0x00, 0xA4, 0x04, 0x00, APPLICATIONS[kind])
        _select_file(channel, DOCUMENT)
    except errors.ApduError:
        return False
    return True


def _select_file(channel: Channel, file: int) -> None:
    channel.send(0x00, 0xA4, 0x08, 0x00, file.to_bytes(2, "big"), 4)


def read(channel: Channel, file: int, kind: Kind) -> bytes:
    """Return the file with its header; IdentityFileError where it is not as long as it says."""
    try:
        _select_file(channel, file)
    except errors.ApduError as refusal:
        raise errors.IdentityFileError(name(file), "missing", sw=f"{refusal.sw:04X}") from None
    content = _piece(channel, file, 0, _header(kind))
    size = len(content) + int.from_bytes(content[-2:], "little")
    if len(content) < _header(kind) or size > _REACH:
        raise errors.IdentityFileError(name(file), "length")
    while len(content) < size:
        content += _piece(channel, file, len(content), min(_PIECE, size - len(content)))
    return content


def find(channel: Channel, file: int, kind: Kind) -> bytes | None:
    """Return the file with its header, None where the card has no such file."""
    try:
        return read(channel, file, kind)
    except errors.IdentityFileError as fault:
        if fault.facts.get("sw") == f"{_NOT_FOUND:04X}":
            return None
        raise


def _piece(channel: Channel, file: int, offset: int, size: int) -> bytes:
    """Return `size` bytes at most and one at least: a card may give less at a time."""
    try:
        piece = channel.send(0x00, 0xB0, offset >> 8, offset & 0xFF, b"", size)
    except errors.ApduError as refusal:
        raise errors.IdentityFileError(name(file), "cut", sw=f"{refusal.sw:04X}") from None
    if not 0 < len(piece) <= size:
        raise errors.IdentityFileError(name(file), "cut")
    return piece


def body(content: bytes, kind: Kind) -> bytes:
    """Return what follows the header."""
    return content[_header(kind) :]


def inner(content: bytes, kind: Kind) -> bytes:
    """Return the picture or the signed hashes, which have a header of their own."""
    return content[_header(kind) + _INNER_HEADER :]


def name(file: int) -> str:
    """Write 0x0F02 as "0F02"."""
    return f"{file:04X}"


def _header(kind: Kind) -> int:
    return _OLD_HEADER if kind == Kind.OLD else _HEADER
