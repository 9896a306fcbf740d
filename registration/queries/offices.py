"""Which offices somebody may look at from above: the own one, or all for who belongs to none."""

from django.db.models import QuerySet

from registration.models import Office, User


def overseen_by(user: User) -> QuerySet[Office]:
    every = Office.objects.all()
    return every if user.office_id is None else every.filter(pk=user.office_id)
