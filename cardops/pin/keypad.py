"""Digits on a touch screen: in an order that is drawn anew for each prompt."""

import secrets
from enum import StrEnum


class Keypad(StrEnum):
    """Whether the citizen screen shows keys, and whether the keyboard types too."""

    NONE = "none"
    SCRAMBLED = "scrambled"
    SCRAMBLED_ONLY = "scrambled-only"

    def order(self) -> list[int] | None:
        """Draw where the digits stand, None where no keys are shown."""
        if self == Keypad.NONE:
            return None
        return secrets.SystemRandom().sample(range(10), 10)

    @property
    def keyboard(self) -> bool:
        return self != Keypad.SCRAMBLED_ONLY
