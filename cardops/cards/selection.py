"""Which profile a card in the reader answers to."""

from cardops import errors
from cardops.cards.cardedge import CardEdgeCard
from cardops.cards.piv import PivCard
from cardops.cards.profile import CardProfile, Role
from cardops.channel import Channel

_PROFILES: tuple[type[CardProfile], ...] = (PivCard, CardEdgeCard)


def select(channel: Channel) -> CardProfile:
    """Return the card's signing application; UnknownCardError when it has none that we know."""
    for profile in _PROFILES:
        card = profile.probe(channel)
        if card is not None:
            return card
    raise errors.UnknownCardError


def certificates(channel: Channel) -> dict[str, bytes] | None:
    """Return what is stored, as DER by role; None where the card does not let us look."""
    try:
        card = select(channel)
        stored = {str(role): card.read_certificate(role) for role in Role}
    except errors.UnknownCardError:
        return {}
    except errors.CardopsError:
        return None
    return {role: der for role, der in stored.items() if der}


def names() -> list[str]:
    """Return the profiles that this program knows."""
    return [profile.name for profile in _PROFILES]
