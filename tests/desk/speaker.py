"""A desk that speaks to the server in envelopes, also in such as no sound desk makes."""

import time
from dataclasses import dataclass, field
from typing import Any

from cardops import messages
from cardops.messages import Keys, Message
from registration.models import Desk, Office
from registration.services import desk_keys, desks

HELLO = {"version": "1.0", "reader": "Reader A", "readers": ["Reader A"], "card_present": True}


@dataclass
class Speaker:
    code: str = "desk-1"
    keys: Keys = field(default_factory=Keys.generate)
    last: int = 0

    def enrolled(self, office: Office) -> Desk:
        return desks.register(self.code, self.code, office, self.keys.public.to_json(), by=None)

    def says(self, kind: str = "hello", body: Any = None, **header: Any) -> str:
        """Return an envelope; fields of the header as they should be, unless given."""
        now = time.time()
        self.last = messages.next_sequence(self.last, now)
        facts: dict[str, Any] = {
            "desk": self.code,
            "type": kind,
            "message_id": messages.new_id(),
            "sequence": self.last,
            "issued_at": now,
            "expires_at": now + 60,
            "body": HELLO if body is None else body,
        }
        nothing = {"case": "", "issuance": "", "step": ""}
        return self.seals(Message(**(nothing | facts | header)))

    def seals(self, message: Message) -> str:
        server = desk_keys.server_keys().public
        return messages.seal(message, sender=self.keys, receiver=server)
