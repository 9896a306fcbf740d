"""A session's last searches, sealed: an address holds only a search's key, never what was typed."""

import base64
import json
import secrets

from django.contrib.sessions.backends.base import SessionBase

from archive import vault

NAME = "archive_searches"
KEPT = 10
_ABOUT = "archive.search"


def remember(session: SessionBase, typed: dict[str, str]) -> str:
    """Keep what was typed and return its key; it is saved at once, in the caller's transaction."""
    key = secrets.token_urlsafe(6)
    sealed = base64.b64encode(vault.seal(json.dumps(typed), _ABOUT)).decode()
    kept = list(session.get(NAME, {}).items())[-KEPT + 1 :]
    session[NAME] = dict([*kept, (key, sealed)])
    session.save()
    session.modified = False
    return key


def recall(session: SessionBase, key: str) -> dict[str, str] | None:
    """Return what was typed, or None when it is long ago."""
    sealed = session.get(NAME, {}).get(key)
    if sealed is None:
        return None
    typed: dict[str, str] = json.loads(vault.open_(base64.b64decode(sealed), _ABOUT))
    return typed
