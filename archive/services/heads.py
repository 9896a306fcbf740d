"""Signed heads of the audit, in a file outside of the database."""


def sign_head() -> None:
    """Append the heads of all streams, signed, to the file of heads."""
