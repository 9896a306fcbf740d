"""What somebody does on a page: done, or refused with a sentence."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from archive.services.keeping_refusals import KeepingError


def went_well(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do something and say so; where it is refused, say why and what to do next."""
    try:
        act()
    except KeepingError as refused:
        messages.error(request, refused.sentence())
        return False
    messages.success(request, done)
    return True
