"""What can go wrong in the archive; every error carries its facts."""


class ArchiveError(Exception):
    """Root of the archive's errors."""


class LogUnwritableError(Exception):
    """The log cannot be written, so nothing is done and nothing shown that belongs into it.

    Of no root: who expects what may be wrong with a file or a key must not take it for that.

    `reason`: "chain" (the database does not take the events) | "heads" (their heads cannot be
    signed, for longer than the settings bear).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
