"""What can go wrong with a stored file."""

from archive import errors


class StoreError(errors.ArchiveError):
    """Root of what can go wrong with a stored file."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"{type(self).__name__}: {sha256}")
        self.sha256 = sha256


class FileMissingError(StoreError):
    """No file of this address is stored."""


class FileDamagedError(StoreError):
    """What is stored under this address is not what was put there."""


class AddressError(StoreError):
    """An address that is no SHA-256 (64 lower-case hex digits)."""


class PlaceError(OSError):
    """Where the files lie does not answer; nothing is known of any single file."""
