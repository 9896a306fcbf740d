"""The roles of people as Django groups, with no more rights than their work needs."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.models import User
from registration.workflow.states import Role

TITLES: dict[Role, Any] = {
    Role.OFFICER: _("Officer"),
    Role.CLERK: _("Archive clerk"),
    Role.MANAGER: _("Manager"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.COMMISSION: _("Member of the commission for disposal"),
    Role.HEAD: _("Head of the archive"),
}
ADMINISTRATION = frozenset({Role.MANAGER, Role.ADMINISTRATOR})
"""Whose work lies in the administration's pages."""

_READ_CASES = ("registration.view_application", "registration.view_issuance")
# A record's papers and certificate carry the person's numbers in full; its page masks them.
_READ_FILES = ("archive.view_record", "archive.view_recordfile")
_ALL_OFFICES = ("archive.view_every_office", "archive.view_hold", "archive.view_disposal")
_KEEP_BOOK = (
    "archive.view_bookentry",
    "archive.change_bookentry",
    "archive.change_categorylist",
)
_APPROVE_LIST = ("archive.view_categorylist", "archive.approve_categorylist")
_KEEP_FILES = ("archive.view_fixityfinding", "archive.repair_files")
_APPROVE_WORDING = (
    "registration.view_paperversion",
    "registration.view_textblock",
    "registration.approve_paperversion",
)
RIGHTS: dict[Role, tuple[str, ...]] = {
    Role.OFFICER: (
        "registration.view_application",
        "registration.add_application",
        "registration.change_application",
        *_READ_FILES,
    ),
    Role.CLERK: (
        *_READ_FILES,
        *_ALL_OFFICES,
        *_KEEP_FILES,
        *_KEEP_BOOK,
        *_APPROVE_LIST,
        "archive.keep_paper",
        "archive.add_hold",
        "archive.propose_disposal",
    ),
    Role.COMMISSION: (*_READ_FILES, *_ALL_OFFICES, "archive.review_disposal"),
    Role.HEAD: (
        *("archive.view_record", *_ALL_OFFICES),
        "archive.lift_hold",
        "archive.confirm_disposal",
    ),
    Role.MANAGER: (
        *_READ_CASES,
        "registration.view_reports",
        "registration.view_certificate",
        "registration.view_notice",
        "registration.view_paperseal",
        "registration.view_desk",
        "registration.view_office",
        "archive.view_record",
        "archive.view_bookentry",
        *_APPROVE_LIST,
        *_APPROVE_WORDING,
    ),
    Role.ADMINISTRATOR: (
        "registration.view_office",
        "registration.add_office",
        "registration.change_office",
        "registration.view_user",
        "registration.add_user",
        "registration.change_user",
        "registration.view_desk",
        "registration.change_desk",
        "registration.view_paperseal",
        "registration.view_reports",
        "registration.view_bodyhealth",
        "archive.view_fixityround",
        *_KEEP_FILES,
        *_APPROVE_WORDING,
        "registration.change_paperversion",
        "registration.add_textblock",
        "registration.change_textblock",
        "registration.delete_textblock",
    ),
}


def title(name: str) -> str:
    """Return a group's name as people read it; one that is no role stands for itself."""
    return str(TITLES.get(Role(name), name)) if name in set(Role) else name


def open_administration(user: User) -> None:
    """Let into the administration who has work there, and nobody else."""
    names = set(user.groups.values_list("name", flat=True))
    user.is_staff = bool(names & ADMINISTRATION) or user.is_superuser
    user.save(update_fields=["is_staff"])


def set_up() -> None:
    """Make every group have its rights and no others; repeatable."""
    for role, names in RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=role.value)
        wanted = Q(pk__in=())
        for name in names:
            app, _dot, codename = name.partition(".")
            wanted |= Q(content_type__app_label=app, codename=codename)
        group.permissions.set(Permission.objects.filter(wanted))
