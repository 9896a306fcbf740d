"""Carries one question to EJBCA and its answer back: JSON over mutual TLS."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from registration.ca import http, transcript
from registration.ca.ejbca import answers
from registration.ca.ejbca.answers import Answer
from registration.ca.http import Question, Tls

_TYPE = "application/json"
_HIDDEN = "(not kept)"


@dataclass(frozen=True)
class Line:
    """`url` is where the interface begins, usually /ejbca/ejbca-rest-api."""

    url: str
    patience: float  # seconds for connecting, and again for the whole exchange
    tls: Tls

    def get(self, *path: str) -> Answer:
        return self._ask("GET", path)

    def put(self, *path: str, **query: str) -> Answer:
        return self._ask("PUT", path, query)

    def post(self, *path: str, body: Mapping[str, Any]) -> Answer:
        return self._ask("POST", path, body=body)

    def _ask(
        self,
        method: str,
        path: tuple[str, ...],
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Return what succeeded; every answer that says something else is raised as a CAError."""
        parts = "/".join(quote(part, safe="") for part in ("v1", *path))
        target = f"/{parts}?{urlencode(query)}" if query else f"/{parts}"
        url, data = f"{self.url.rstrip('/')}{target}", json.dumps(body).encode() if body else None
        question = Question(method, url, data, _TYPE if body else "")
        shown = f"{method} {target}\n{_without_password(body)}".encode()
        with transcript.exchange(path[-1], shown) as exchange:
            reply = http.ask(question, self.patience, self.tls)
            exchange.answered(reply.body)
        return answers.read(reply)


def _without_password(body: Mapping[str, Any] | None) -> str:
    if body is None:
        return ""
    return json.dumps({**body, **({"password": _HIDDEN} if "password" in body else {})})
