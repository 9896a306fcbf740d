"""The identity application of the Serbian card: reading it, comparing it with an application."""

from cardops.channel import Channel
from cardops.identity import files
from cardops.identity.card import Document, IdentityCard, Person, Residence

__all__ = ["Document", "IdentityCard", "Person", "Residence", "read"]

_PORTRAIT_START = 8  # header, then four bytes before the JPEG


def read(channel: Channel) -> IdentityCard:
    """Read everything; UnknownCardError when the card has no identity application.

    Authenticity is not examined here: `authenticity` says that nothing can be told.
    """
    files.select(channel)
    return IdentityCard(
        document=files.document(files.values(files.read(channel, files.DOCUMENT))),
        person=files.person(files.values(files.read(channel, files.PERSON))),
        residence=files.residence(files.values(files.read(channel, files.RESIDENCE))),
        portrait=files.read(channel, files.PORTRAIT)[_PORTRAIT_START:],
    )
