"""Tasks that the server orders of itself: a desk may put messages into a queue, never orders.

Who may write into the queue `server` could name any task there, and Redis does not tell from which
queue a message came. So the server signs what it orders, and the desks' one task takes nothing
along that would order more.
"""

import hashlib
import hmac
import json
import secrets
from pathlib import Path
from typing import Any

from celery import Task, signals
from django.conf import settings
from django.core.exceptions import PermissionDenied

from archive import keyfile

FROM_DESKS = "overa.server.deliver"

_HEADER = "overa_order"
_KEY = 32  # bytes


class Order(Task):  # type: ignore[misc]  # Celery is not typed
    """A task that refuses to be done unless the server ordered it."""

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        request = self.request
        request.callbacks = request.errbacks = request.chain = request.chord = None
        if self.name == FROM_DESKS or request.is_eager:
            return
        signed = str(getattr(request, _HEADER, ""))
        if not hmac.compare_digest(signed.encode(), _signature(self.name, task_id, args, kwargs)):
            raise PermissionDenied(f"{self.name}: the server did not order this")


def sign(sender: str, headers: dict[str, Any], body: Any, **_more: Any) -> None:
    """Sign an order that this program sends."""
    arguments, named, *_embedded = body
    signature = _signature(sender, headers["id"], arguments, named)
    headers[_HEADER] = signature.decode()


signals.before_task_publish.connect(sign)


def _signature(name: str, task_id: str, args: Any, kwargs: Any) -> bytes:
    key = keyfile.read(Path(str(settings.OVERA["KEYS"])) / "orders", _new_key)
    said = json.dumps([name, task_id, list(args), kwargs], sort_keys=True, default=str)
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest().encode()


def _new_key() -> bytes:
    return secrets.token_bytes(_KEY)
