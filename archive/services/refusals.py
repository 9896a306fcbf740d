"""What somebody was refused on a page: which address, what stood in its places, and why."""

from typing import Protocol

from django.urls import ResolverMatch

from archive.services import audit


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
