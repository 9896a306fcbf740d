"""The PIV application of the card in the reader, selected."""

from cardops.cards.piv import PivCard
from cardops.channel import Channel


def piv(channel: Channel) -> PivCard:
    card = PivCard.probe(channel)
    assert card is not None
    return card
