"""Which profile a card in the reader answers to."""

from cardops import errors
from cardops.cards.cardedge import CardEdgeCard
from cardops.cards.piv import PivCard
from cardops.cards.profile import CardProfile
from cardops.channel import Channel

_PROFILES: tuple[type[CardProfile], ...] = (PivCard, CardEdgeCard)


def select(channel: Channel) -> CardProfile:
    """Return the card's signing application; UnknownCardError when it has none that we know."""
    for profile in _PROFILES:
        card = profile.probe(channel)
        if card is not None:
            return card
    raise errors.UnknownCardError


def names() -> list[str]:
    """Return the profiles that this program knows."""
    return [profile.name for profile in _PROFILES]
