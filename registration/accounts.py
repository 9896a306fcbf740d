"""Logging in: a name and a password; each log-in, and each try that failed, is in the log."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from registration.models import User
from registration.services import logins


class LoggedBackend(ModelBackend):
    """Django's own accounts, of which the log tells who came and when."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **others: Any,
    ) -> User | None:
        """Return who it is, or None; both are logged. Raises LogUnwritableError."""
        user = super().authenticate(request, username, password, **others)
        if user is None:
            logins.refused(username or "")
            return None
        assert isinstance(user, User)  # noqa: S101 - for the types: AUTH_USER_MODEL says so
        logins.note(user)
        return user

    def get_user(self, user_id: int) -> User | None:
        """Return whose session it is, with the office, which every page asks for."""
        user = User.objects.select_related("office").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
