"""Searches that people keep: saved under a name of theirs, run again, forgotten."""

from archive import errors, vault
from archive.models import SavedSearch
from archive.services import audit

MOST = 50  # of one person
_TOKEN = "saved-search"  # noqa: S105 - the use of a token, not one


class SearchNotFoundError(errors.ArchiveError):
    """There is no such search of this person."""


class TooManySearchesError(errors.ArchiveError):
    """A person keeps as many as can be looked through."""


def save(name: str, typed: dict[str, str], *, by: audit.Actor) -> SavedSearch:
    """Keep a search; one of the same name is replaced. Raises TooManySearchesError."""
    owner = by.get_username()
    token = vault.token(_TOKEN, f"{owner}\x00{name.casefold()}")
    tokens = vault.tokens(_TOKEN, f"{owner}\x00{name.casefold()}")
    with audit.transaction():
        own = SavedSearch.objects.select_for_update().filter(owner=owner)
        own.filter(name_token__in=tokens).delete()
        if own.count() >= MOST:
            raise TooManySearchesError
        saved = SavedSearch.objects.create(owner=owner, name=name, name_token=token, typed=typed)
        facts = {"fields": sorted(typed)}
        audit.append("search.saved", subject=saved, by=by, facts=facts, private={"name": name})
    return saved


def forget(number: int, *, by: audit.Actor) -> None:
    """Delete a search of the person's own. Raises SearchNotFoundError."""
    with audit.transaction():
        saved = of(number, by=by)
        audit.append("search.forgotten", subject=saved, by=by)
        saved.delete()


def of(number: int, *, by: audit.Actor) -> SavedSearch:
    """Return a search of the person's own. Raises SearchNotFoundError."""
    saved = SavedSearch.objects.filter(owner=by.get_username(), pk=number).first()
    if saved is None:
        raise SearchNotFoundError
    return saved
