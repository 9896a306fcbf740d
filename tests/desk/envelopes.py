"""Messages between the server and a desk, and what a stranger makes of them."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cardops import messages
from cardops.messages import Keys, Message

SERVER, DESK, STRANGER = Keys.generate(), Keys.generate(), Keys.generate()
NOW = 1_000_000.0
MESSAGE = Message(
    desk="desk-1",
    type="make-request",
    message_id=messages.new_id(),
    sequence=7,
    issued_at=NOW,
    expires_at=NOW + 120,
    case="260000001",
    issuance="i-1",
    step="make-request",
    body={"citizen": "Милица Ђорђевић", "number": 1},
)


def signed_anew(envelope: dict[str, Any], sender: Keys = SERVER) -> str:
    """Sign what the sender's own program would never send: its keys are in wrong hands."""
    unsigned = {name: value for name, value in envelope.items() if name != "signature"}
    said = json.dumps(unsigned, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    signature = Ed25519PrivateKey.from_private_bytes(sender.sign).sign(said.encode())
    return json.dumps(unsigned | {"signature": base64.b64encode(signature).decode()})
