"""What can be wrong with a scan, as errors that carry facts."""


class IntakeError(Exception):
    """Root of all that may be wrong with what came in."""


class UnknownFormatError(IntakeError):
    """The bytes are none of PDF, TIFF, JPEG, PNG; `head` are the first of them."""

    def __init__(self, head: bytes) -> None:
        super().__init__(head.hex(" ") or "empty")
        self.head = head


class EncryptedError(IntakeError):
    """The file wants a password."""


class BrokenError(IntakeError):
    """The bytes end too early or contradict themselves; `what` says which part and how."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class TooLargeError(IntakeError):
    """More of `what` ("bytes", "pages", "pixels", "page bytes") than the `limit`."""

    def __init__(self, what: str, found: int, limit: int) -> None:
        super().__init__(f"{found} {what}, {limit} at most")
        self.what, self.found, self.limit = what, found, limit


class NoPictureError(IntakeError):
    """A page, or the whole file, has nothing on it that could be a scan."""


class NotPlacedError(IntakeError):
    """The picture does not lie on the printed page; `matched` is the share that did."""

    def __init__(self, matched: float) -> None:
        super().__init__(f"{matched:.0%} of the printed places matched")
        self.matched = matched
