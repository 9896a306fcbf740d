"""Which places a search means, by their names from the room down or by their code."""

from collections.abc import Iterator
from functools import cache

from archive.models import Place
from archive.search import folding


def named(text: str) -> Iterator[int]:
    """Return the ids of the places that all words fit, with what stands in them."""
    rows = {
        pk: (parent, name, code)
        for pk, parent, name, code in Place.objects.values_list("pk", "parent", "name", "code")
    }

    @cache
    def said(place: int) -> tuple[str, ...]:
        """Return the words of a place and of all that it stands in."""
        parent, name, code = rows[place]
        own = (*folding.fold(name).split(), code.casefold())
        return (*said(parent), *own) if parent else own

    typed = folding.fold(text).split()
    code = "".join(typed)
    for place in rows:
        words = said(place)
        if code in words or all(any(each.startswith(word) for each in words) for word in typed):
            yield place
