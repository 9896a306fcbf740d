"""Takes apart what a desk says: plain values of the expected types, or MessageError.

A signature proves which desk spoke, not that the desk is sound: what it says is stored and shown,
so nothing passes that a page or a sweep would stumble over.
"""

import base64
import re
from collections.abc import Mapping
from typing import Any

from cardops.errors import MessageError

_LONGEST, _MOST = 200, 24  # characters of a text, entries of facts
_DISTANT = 2**53  # beyond it JSON's numbers are not exact
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_SERIAL = re.compile(r"[0-9a-f]{0,40}")


def text(value: object, longest: int = _LONGEST) -> str:
    if isinstance(value, str) and len(value) <= longest and value.isprintable():
        return value
    raise MessageError("body")


def code(body: Mapping[str, Any], name: str) -> str:
    """Return a name of the conversation, such as an error's code."""
    value = body.get(name)
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    raise MessageError("body")


def count(value: object, most: int = 10_000) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
        return value
    raise MessageError("body")


def serial(body: Mapping[str, Any]) -> str:
    """Return the serial number (hexadecimal) of a replaced certificate; empty for none."""
    value = body.get("replaced_serial") or ""
    if isinstance(value, str) and _SERIAL.fullmatch(value):
        return value
    raise MessageError("body")


def binary(body: Mapping[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(body[name], validate=True)
    except (KeyError, TypeError, ValueError) as fault:
        raise MessageError("body") from fault


def texts(value: object) -> list[str]:
    if isinstance(value, list) and len(value) <= _MOST:
        return [text(each) for each in value]
    raise MessageError("body")


def facts(value: object) -> dict[str, Any]:
    """Return names with texts, numbers, truths, nothings, or lists of texts."""
    if not isinstance(value, dict) or len(value) > _MOST:
        raise MessageError("body")
    return {code({"name": name}, "name"): _of_facts(name, each) for name, each in value.items()}


def _of_facts(name: str, value: object) -> object:
    listed = isinstance(value, list) or name == "fields"  # sentences list the fields that differ
    return texts(value) if listed else fact(value)


def progress(body: object) -> dict[str, Any]:
    """Return where the desk is, without what the sweep keeps beside it."""
    return {name: each for name, each in facts(body).items() if name != "asked_again"}


def fact(value: object) -> bool | int | float | str | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) < _DISTANT:
        return value
    return text(value)


def plain(value: object) -> None:
    """Raise MessageError unless all that lies in objects and lists is a fact."""
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list) and len(value) <= _MOST:
        for each in inner:  # type: ignore[attr-defined]
            plain(each)
    else:
        fact(value)
