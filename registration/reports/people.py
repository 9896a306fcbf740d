"""How those who did the work are named in reports."""

from registration.models import User


def name(user: User) -> str:
    return user.get_full_name() or user.get_username()
