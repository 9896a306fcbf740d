"""The hand-over: copies and card to the citizen, the rest joined for the file."""

from collections.abc import Sequence

from django.db import IntegrityError
from django.utils import timezone

from archive.services import audit
from registration import errors
from registration.models import Application, Handover, User
from registration.queries import issuances, papers
from registration.services import cases, signatures
from registration.workflow.states import State

CARD = "card"
RETAINED_COPY = 1  # of each paper; the others are the citizen's


def confirm(
    application: Application, retained: Sequence[str], handed_over: Sequence[str], *, by: User
) -> Handover:
    """Record what stays and what goes, each as "kind:copy"; HandoverError unless it is all."""
    cases.require_office(application, by)
    try:
        with audit.transaction():
            case = cases.require_unmoved(application, by)
            if case.state != State.ISSUED:
                raise errors.NotNowError
            if issuances.outstanding(case):
                raise errors.NotAcceptedError
            if (set(retained), set(handed_over)) != expected(case):
                raise errors.HandoverError
            lists = {"retained": list(retained), "handed_over": list(handed_over)}
            handover = Handover.objects.create(
                application=case, confirmed_by=by, confirmed_at=timezone.now(), **lists
            )
            signatures.record_receipt(case, by=by)
            case.version += 1
            case.save(update_fields=["version"])
            audit.append("case.hand_over", subject=case.number, by=by, facts=lists)
    except IntegrityError as fault:
        raise errors.ChangedMeanwhileError from fault
    return handover


def expected(application: Application) -> tuple[set[str], set[str]]:
    """Return what stays and what goes of the papers that count."""
    printed = papers.current(application)
    stays = {f"{each.kind}:{each.copy}" for each in printed if each.copy == RETAINED_COPY}
    goes = {f"{each.kind}:{each.copy}" for each in printed if each.copy != RETAINED_COPY}
    return stays, goes | {CARD}
