"""The counter's tables, a file per noun."""

from registration.models.users import Office, User

__all__ = ["Office", "User"]
