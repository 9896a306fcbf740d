"""What is refused: a sentence for people, and a line in the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol

from django.urls import ResolverMatch
from django.utils.translation import gettext, gettext_noop

from archive import errors
from archive.services import audit


class RefusedError(errors.ArchiveError):
    """Root; `message` is an English msgid with %(name)s places, filled from `facts`."""

    reason: ClassVar[str]  # as the log calls it
    message: ClassVar[str]

    def __init__(self, **facts: Any) -> None:
        super().__init__(f"{self.reason}: {facts}")
        self.facts = facts

    def sentence(self) -> str:
        """Return what people read, in their language."""
        return gettext(self.message) % self.facts


class ReasonMissingError(RefusedError):
    reason = "no reason"
    message = gettext_noop("Write the reason.")


@contextmanager
def logged(event: str, *, subject: object, by: audit.Actor | None) -> Iterator[None]:
    """Open the transaction of a service; what it refuses is rolled back, then logged."""
    try:
        with audit.transaction():
            yield
    except RefusedError as refused:
        audit.refuse(event, subject=subject, by=by, reason=refused.reason, facts=refused.facts)
        raise


class Request(Protocol):
    """Of an HTTP request, what is noted; its user is logged in."""

    method: str | None
    resolver_match: ResolverMatch | None


def note(request: Request, event: str, *, by: audit.Actor, reason: str) -> None:
    """Write it down: numbers of cases and rows stand in addresses, nobody's name does."""
    found = request.resolver_match
    places = {name: str(value) for name, value in found.kwargs.items()} if found else {}
    audit.refuse(
        event,
        subject=f"page.{found.view_name if found else ''}",
        by=by,
        reason=reason,
        facts={"method": request.method, "places": places},
    )
