"""What became of things done at once: who took effect, what the others were told."""

from collections.abc import Sequence
from typing import Any

from archive.models import AuditEvent
from registration.errors import RegistrationError


def refused(outcomes: Sequence[Any]) -> list[type[Exception]]:
    """Return the errors of those who were refused; each must be a sentence for the officer."""
    faults = [each for each in outcomes if isinstance(each, BaseException)]
    for fault in faults:
        if not isinstance(fault, RegistrationError):
            raise fault
        assert fault.sentence().endswith(".")
    return [type(fault) for fault in faults]


def only_one(outcomes: Sequence[Any], *errors: type[Exception]) -> Any:
    """Return what the one who took effect got; all others were refused with one of `errors`."""
    told = refused(outcomes)
    assert len(told) == len(outcomes) - 1, outcomes
    assert set(told) <= set(errors), outcomes
    return next(each for each in outcomes if not isinstance(each, BaseException))


def events(subject: str) -> list[str]:
    """Return the audit's decisions about a case, in their order."""
    decided = AuditEvent.objects.filter(stream="decisions", subject=subject)
    return list(decided.order_by("number").values_list("event", flat=True))


def once(subject: str, *names: str) -> bool:
    """Tell whether exactly one of these events is on record, exactly once."""
    return len([event for event in events(subject) if event in names]) == 1
