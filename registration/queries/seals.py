"""Where the electronic seals stand, in words."""

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from registration.models import PaperSeal
from registration.seals import errors
from registration.seals.base import SealFinding, Verdict
from registration.seals.errors import SealError

VERDICTS: dict[Verdict, str] = {
    Verdict.SOUND: gettext_noop("The seal is valid and the paper unchanged."),
    Verdict.UNSEALED: gettext_noop("The file bears no seal."),
    Verdict.UNREADABLE: gettext_noop("The file is damaged: no seal can be read."),
    Verdict.ALTERED: gettext_noop("The paper was changed after it was sealed."),
    Verdict.EXTENDED: gettext_noop("Something was added to the file after it was sealed."),
    Verdict.UNTRUSTED: gettext_noop("The seal is of a body that is not trusted here."),
    Verdict.REVOKED: gettext_noop("The certificate of the seal was revoked before it was used."),
    Verdict.EXPIRED: gettext_noop(
        "The paper is unchanged, but the seal has run out and proves itself no longer."
    ),
}


def in_use() -> bool:
    """Tell whether a seal is set up here, or was."""
    return bool(settings.OVERA.get("SEAL")) or PaperSeal.objects.exists()


def verdict(finding: SealFinding) -> str:
    return gettext(VERDICTS[finding.verdict])


def sentence(fault: SealError) -> str:
    return str(gettext(fault.message) % fault.facts)


def hindrance(seal: PaperSeal) -> str:
    """Return why a paper has no seal yet, in the reader's language; nothing where none hinders."""
    kind: type[SealError] = getattr(errors, seal.failure_kind, SealError)
    if not seal.failure_code:
        return ""
    message = kind.message if seal.failure_kind else gettext_noop("Given up: %(reason)s")
    return str(gettext(message) % seal.failure_facts)
