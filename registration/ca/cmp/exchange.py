"""Carries one message to the body and its answer back, over HTTP (RFC 9811)."""

from dataclasses import dataclass

from registration.ca import http
from registration.ca.errors import AnswerLostError, CAError, CARefusedError
from registration.ca.http import Question, Tls

_TYPE = "application/pkixcmp"
_OK = 200


@dataclass(frozen=True)
class Line:
    """`{profile}` in the address is replaced: bodies choose what they issue by it."""

    url: str
    patience: float  # seconds for connecting, and again for the whole exchange
    tls: Tls

    def exchange(self, message: bytes, profile: str) -> bytes:
        """Return the answer's bytes.

        Raises CAUnreachableError while nothing was sent, AnswerLostError afterwards, and
        CARefusedError where the web server in front of the body would not have it.
        """
        url = self.url.replace("{profile}", profile)
        reply = http.ask(Question("POST", url, message, _TYPE), self.patience, self.tls)
        if reply.status != _OK:
            raise _refused(reply.status)
        if reply.kind != _TYPE:
            raise AnswerLostError("answer-is-no-cmp")
        return reply.body


def _refused(status: int) -> CAError:
    """Tell who refused: below 500 the web server itself, which never asked the body."""
    reason = f"http-{status}"
    if http.REDIRECT <= status < http.SERVER_ERROR:
        return CARefusedError(reason)
    return AnswerLostError(reason)
