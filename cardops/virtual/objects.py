"""Data objects of the virtual card (SP 800-73-4 part 1, table 3 and section 3)."""

from cardops import tlv
from cardops.virtual import apdu
from cardops.virtual.apdu import StatusError

AID = bytes.fromhex("A000000308000010000100")

_CAPACITY = 20_000  # bytes
_DISCOVERY = b"\x7e"
_APPLICATION_PIN_ONLY = bytes.fromhex("4000")
_BEHIND_THE_PIN = frozenset(
    bytes.fromhex(name) for name in ("5FC103", "5FC108", "5FC109", "5FC121")
)  # fingerprints, facial image, printed information, iris images


def read(objects: dict[bytes, bytes], name: bytes, *, verified: bool) -> bytes:
    """Return the object's whole TLV; StatusError where it is absent or wants the PIN first."""
    if name == _DISCOVERY:
        policy = tlv.pack(0x5F2F, _APPLICATION_PIN_ONLY)
        return tlv.pack(0x7E, tlv.pack(0x4F, AID) + policy)
    if name in _BEHIND_THE_PIN and not verified:
        raise StatusError(apdu.SECURITY)
    if name not in objects:
        raise StatusError(apdu.NOT_FOUND)
    return tlv.pack(0x53, objects[name])


def write(objects: dict[bytes, bytes], name: bytes, value: bytes) -> None:
    """Store an object; an empty one is taken away. StatusError where it does not fit."""
    others = sum(len(data) for tag, data in objects.items() if tag != name)
    if others + len(value) > _CAPACITY:
        raise StatusError(apdu.NO_SPACE)
    if value:
        objects[name] = value
    else:
        objects.pop(name, None)
