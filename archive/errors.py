"""What can go wrong in the archive; every error carries its facts."""


class ArchiveError(Exception):
    """Root of the archive's errors."""
