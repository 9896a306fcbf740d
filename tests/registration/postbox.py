"""A real SMTP server on the loopback: takes letters, refuses them, or falls silent."""

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Postbox:
    """What arrived; `answers` are given in turn instead of taking the letter."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    to_recipient: list[str] = field(default_factory=list)
    to_letter: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 its name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.to_recipient:
            return self.to_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.to_letter.pop(0) if self.to_letter else "250 OK"
        if answer.startswith("250") or answer == "hang up":
            parsed = email.message_from_bytes(envelope.content, policy=policy.default)
            self.letters.append(parsed)
        if answer == "hang up":
            server.transport.close()
        return answer


@contextmanager
def opened() -> Iterator[Postbox]:
    postbox = Postbox(_free_port())
    controller = Controller(postbox, hostname="127.0.0.1", port=postbox.port)
    controller.start()
    try:
        yield postbox
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port
