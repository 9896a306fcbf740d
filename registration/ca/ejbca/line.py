"""Carries one question to EJBCA and its answer back: JSON over mutual TLS."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from registration.ca import http
from registration.ca.ejbca import answers
from registration.ca.ejbca.answers import Answer
from registration.ca.http import Question, Tls

_TYPE = "application/json"


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
        return self._ask("POST", path, body=json.dumps(body).encode())

    def _ask(
        self,
        method: str,
        path: tuple[str, ...],
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Return what succeeded; every answer that says something else is raised as a CAError."""
        parts = "/".join(quote(part, safe="") for part in ("v1", *path))
        asked = f"?{urlencode(query)}" if query else ""
        question = Question(
            method, f"{self.url.rstrip('/')}/{parts}{asked}", body, _TYPE if body else ""
        )
        return answers.read(http.ask(question, self.patience, self.tls))
