"""What can go wrong at the desk; the stable code of each error crosses the desk conversation."""

from typing import Any, ClassVar


class CardopsError(Exception):
    """Root of the package's errors; `facts` are JSON, without personal data and never a PIN."""

    code: ClassVar[str] = "desk-fault"

    def __init__(self, text: str = "", **facts: Any) -> None:
        super().__init__(text or self.code)
        self.facts = facts


class ServiceDownError(CardopsError):
    code = "service-down"


class NoReaderError(CardopsError):
    code = "no-reader"


class NoCardError(CardopsError):
    code = "no-card"


class CardRemovedError(CardopsError):
    code = "card-removed"


class CardResetError(CardopsError):
    """Another program reset the card: whatever PIN was verified is lost."""

    code = "card-reset"


class CardSharedError(CardopsError):
    code = "card-held-by-another-program"


class CardMuteError(CardopsError):
    code = "card-mute"


class ApduError(CardopsError):
    """The card refused a command; `sw` is its status word (ISO/IEC 7816-4, 5.6)."""

    code = "card-refused"

    def __init__(self, sw: int) -> None:
        super().__init__(f"status {sw:04X}", sw=f"{sw:04X}")
        self.sw = sw


class CardAnswerError(CardopsError):
    """The card answered a command with success and something that makes no sense."""

    code = "card-answer-malformed"


class NotAvailableError(CardopsError):
    """The card's profile lacks an ability: what it cannot do the vendor's module can."""

    code = "not-available"

    def __init__(self, ability: str, profile: str) -> None:
        super().__init__(f"{profile}: {ability}", ability=ability, profile=profile)
        self.ability, self.profile = ability, profile


class ModuleError(CardopsError):
    """The vendor's PKCS#11 module refused; `fault` names its return value."""

    code = "module-refused"

    def __init__(self, fault: str) -> None:
        super().__init__(fault, fault=fault)
        self.fault = fault


class ModuleMissingError(CardopsError):
    """The vendor's PKCS#11 module cannot be loaded."""

    code = "module-missing"


class TokenMissingError(CardopsError):
    """The vendor's module sees no card in the reader that is in use."""

    code = "module-sees-no-card"


class TokenAmbiguousError(CardopsError):
    """The vendor's module shows more than one card that could be meant."""

    code = "card-ambiguous"


class KeyExposedError(CardopsError):
    """The card made a key that could leave it."""

    code = "key-could-leave-card"


class InvalidPinError(CardopsError):
    code = "wrong-pin"

    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left=tries_left)
        self.tries_left = tries_left


class PinBlockedError(CardopsError):
    code = "pin-blocked"


class InvalidPukError(CardopsError):
    code = "wrong-puk"

    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left=tries_left)
        self.tries_left = tries_left


class PukBlockedError(CardopsError):
    code = "puk-blocked"


class LastPukTryError(CardopsError):
    """One more wrong PUK would block the card for good: a person must want it."""

    code = "last-puk-try"


class PinNotBlockedError(CardopsError):
    """Nothing is to be kept: the card still takes the PIN."""

    code = "pin-not-blocked"

    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left=tries_left)
        self.tries_left = tries_left


class PinTimeoutError(CardopsError):
    code = "pin-timeout"


class PinCancelledError(CardopsError):
    code = "pin-cancelled"


class PinLengthError(CardopsError):
    code = "pin-length"


class EasyPinError(CardopsError):
    """A citizen chose a PIN that anybody would guess."""

    code = "pin-easy"


class PinsDifferError(CardopsError):
    """A new PIN was typed twice, and not the same."""

    code = "pins-differ"


class PinPadError(CardopsError):
    """The reader says that it cannot take a PIN in this way on its keys."""

    code = "pin-pad-refused"

    def __init__(self, reader: str) -> None:
        super().__init__(f"the pin pad of {reader} refuses", reader=reader)


class UnknownCardError(CardopsError):
    code = "unknown-card"


class WrongCardError(CardopsError):
    code = "wrong-card"


class OldCardError(CardopsError):
    code = "card-too-old"


class IdentityFileError(CardopsError):
    """A file of the identity application ("0F03") is not what it must be."""

    code = "card-data-garbled"

    def __init__(self, file: str, reason: str, **facts: str) -> None:
        super().__init__(f"file {file}: {reason}", file=file, reason=reason, **facts)


class ConfigurationError(CardopsError):
    """The desk's configuration names something that cannot be used; `file` says what."""

    code = "desk-configuration"

    def __init__(self, file: str) -> None:
        super().__init__(f"{file}: holds no certificate that can be read", file=file)


class ManagementKeyError(CardopsError):
    code = "management-key-refused"


class KeyMismatchError(CardopsError):
    code = "key-not-on-card"


class ReadBackError(CardopsError):
    code = "read-back-differs"


class NoSpaceError(CardopsError):
    code = "no-space"


class StaleOrderError(CardopsError):
    """A key would be destroyed, and nobody knows whether the CA could replace it just now."""

    code = "ca-not-confirmed"


class MessageError(CardopsError):
    code = "message-refused"

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason, reason=reason, **facts)
        self.reason = reason
