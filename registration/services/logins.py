"""Who logged in, and who tried: a stream of the log of its own."""

from archive.services import audit
from registration.models import User

STREAM = "log-ins"


def note(user: User) -> None:
    with audit.transaction():
        audit.append("login", subject=user, by=user, stream=STREAM)


def refused(typed: str) -> None:
    """Log a try that failed; what was typed is sealed, for people type passwords there too."""
    known = User.objects.filter(username=typed).exists()
    with audit.transaction():
        audit.append(
            "login.refused",
            subject="login",
            by=None,
            stream=STREAM,
            facts={"account": "known" if known else "unknown"},
            private={"name": typed},
        )
