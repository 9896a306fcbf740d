"""The identity application of the Serbian card: reading it, comparing it with an application."""

from collections.abc import Mapping

from cardops import errors
from cardops.channel import Channel
from cardops.identity import authenticity, files, tags
from cardops.identity.authenticity import Authorities
from cardops.identity.card import Document, IdentityCard, Kind, Person, Proof, Residence

__all__ = ["Document", "IdentityCard", "Kind", "Person", "Proof", "Residence", "read"]

_JPEG = b"\xff\xd8\xff"
_REQUIRED = frozenset({files.DOCUMENT, files.PERSON})
_DATA = (files.DOCUMENT, files.PERSON, files.RESIDENCE, files.PORTRAIT)


def read(channel: Channel, *, atr: bytes = b"", authorities: Authorities = ()) -> IdentityCard:
    """Read everything, and examine whether the ministry signed it.

    A card of 2008 is read as far as it goes. UnknownCardError when the card has no identity
    application, IdentityFileError when one of its files is not what it must be.
    """
    kind = files.select(channel, atr)
    if kind == Kind.OLD:
        return _card(_old(channel), kind, Proof(reason=authenticity.OLD_CARD))
    contents = {file: files.read(channel, file, kind) for file in _DATA}
    for hashes in authenticity.COVERED:
        found = files.find(channel, hashes, kind)
        if found is not None:
            contents[hashes] = found
    return _card(contents, kind, authenticity.examine(contents, kind, authorities))


def _old(channel: Channel) -> Mapping[int, bytes]:
    """Return what can be read, and what of it can be understood."""
    found = {}
    for file in _DATA:
        try:
            content = files.read(channel, file, Kind.OLD)
            _card({file: content}, Kind.OLD, Proof())
        except errors.IdentityFileError:
            continue
        found[file] = content
    return found


def _card(contents: Mapping[int, bytes], kind: Kind, proof: Proof) -> IdentityCard:
    texts = {
        file: _texts(contents.get(file, b""), file, kind)
        for file in (files.DOCUMENT, files.PERSON, files.RESIDENCE)
    }
    return IdentityCard(
        document=tags.document(texts[files.DOCUMENT]),
        person=tags.person(texts[files.PERSON]),
        residence=tags.residence(texts[files.RESIDENCE]),
        portrait=_portrait(contents.get(files.PORTRAIT, b""), kind),
        kind=kind,
        proof=proof,
    )


def _texts(content: bytes, file: int, kind: Kind) -> Mapping[int, str]:
    found = tags.values(files.body(content, kind), file)
    if not found and file in _REQUIRED and kind != Kind.OLD:
        raise errors.IdentityFileError(files.name(file), "empty")
    return found


def _portrait(content: bytes, kind: Kind) -> bytes:
    picture = files.inner(content, kind)
    if picture and not picture.startswith(_JPEG):
        raise errors.IdentityFileError(files.name(files.PORTRAIT), "picture")
    return picture
