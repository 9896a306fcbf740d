"""The card's PUK: its own one, diversified by the server, in the place of the maker's."""

from cardops import errors
from cardops.cards.profile import CardProfile


def own_puk(card: CardProfile, puk: bytes) -> None:
    """Give a blank card its own PUK; one that its supplier changed already stays as it is.

    The maker's is tried once, unasked: a blank card has all its tries. Issuing needs no PUK, so
    nothing here stops it.
    """
    if not puk:
        return
    try:
        card.replace_factory_puk(puk)
    except (errors.InvalidPukError, errors.PukBlockedError):
        return


def ready_puk(card: CardProfile, puk: bytes, *, last_try_agreed: bool) -> bool:
    """See to it that the card may be unblocked with `puk`; tell whether the maker's was replaced.

    Where the card tells, no try is risked: PukBlockedError, or LastPukTryError where nobody agreed.
    """
    status = card.puk_status()
    if status.tries_left == 0:
        raise errors.PukBlockedError
    if status.factory:
        card.replace_factory_puk(puk)
    elif status.tries_left == 1 and not last_try_agreed:
        raise errors.LastPukTryError
    return bool(status.factory)
