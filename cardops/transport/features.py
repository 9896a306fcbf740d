"""What a reader can do beside carrying commands (PC/SC part 10, 2.2 and 2.3)."""

from enum import IntEnum

_ENTRY = 6  # bytes: tag, length 4, control code


class Feature(IntEnum):
    """Tags of part 10, table of 2.3, that we use."""

    VERIFY_PIN_DIRECT = 0x06
    MODIFY_PIN_DIRECT = 0x07


PIN_PAD = frozenset({Feature.VERIFY_PIN_DIRECT, Feature.MODIFY_PIN_DIRECT})


def parse(answer: bytes) -> dict[int, int]:
    """Return the control code of each feature's tag; nothing out of what is no list of them."""
    entries = [answer[start : start + _ENTRY] for start in range(0, len(answer), _ENTRY)]
    if any(len(entry) != _ENTRY or entry[1] != _ENTRY - 2 for entry in entries):
        return {}
    return {entry[0]: int.from_bytes(entry[2:], "big") for entry in entries}
