"""Every address that the web server answers, found in the resolver itself."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P(<\w+>)[^()]*\)")  # admin writes two of its addresses as expressions


@dataclass(frozen=True)
class Address:
    """`name` as reverse() takes it, the route where it has none; `route` as "cases/<number>/"."""

    name: str
    route: str

    @property
    def places(self) -> list[str]:
        return _PLACE.findall(self.route)

    def path(self, values: dict[str, object]) -> str:
        """Return the path with every <place> filled; KeyError where `values` lacks one."""
        return "/" + _PLACE.sub(lambda found: str(values[found[1]]), self.route)


def every() -> list[Address]:
    return list(_below(get_resolver().url_patterns, "", ""))


def _below(
    patterns: Iterable[URLPattern | URLResolver], before: str, namespace: str
) -> Iterator[Address]:
    for each in patterns:
        route = before + _readable(str(each.pattern))
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _below(each.url_patterns, route, inner)
        else:
            yield Address(f"{namespace}{each.name}" if each.name else route, route)


def _readable(pattern: str) -> str:
    plain = _GROUP.sub(r"\1", pattern.removeprefix("^").removesuffix("$"))
    return _PLACE.sub(r"<\1>", plain)
