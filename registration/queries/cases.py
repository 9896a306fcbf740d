"""Finding cases: an office's work, one case by its number, by name, JMBG or document."""

import re

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from archive import queries as archived
from archive import vault
from archive.models import Record
from archive.search import folding
from registration import errors
from registration.models import Application, User
from registration.rules.applicant import Applicant
from registration.workflow import requests, states
from registration.workflow.states import State

MOST_FOUND = 50
_NUMBER = re.compile(r"\d{9,13}")
_ENDED = frozenset({State.FILED, State.WITHDRAWN, State.REFUSED})


def worklist(user: User, *, state: str | None = None, text: str = "") -> QuerySet[Application]:
    """Return the open cases of the user's office, the latest first; with `text` all that match."""
    found = Application.objects.filter(office=user.office_id).select_related("office")
    if state:
        found = found.filter(state=state)
    if not text:
        return found.exclude(state=State.FILED)
    return found.filter(_matching(text) | _archived(user, text))


def _archived(user: User, text: str) -> Q:
    """Match what the archive knows of the cases whose person the counter has forgotten."""
    if user.office is None or not user.has_perm("archive.view_record"):
        return Q(pk__in=())
    within = archived.visible_to(user).filter(office_code=user.office.code)
    fitting = archived.fitting(archived.SearchQuery(box=text), within).order_by("-pk")
    references = fitting.values_list("reference", flat=True)[: MOST_FOUND + 1]
    return Q(dropped_at__isnull=False, record_reference__in=list(references))


def named(found: list[Application]) -> list[Application]:
    """Give the cases that were dropped their person's name and number back, to be shown only."""
    references = [each.record_reference for each in found if each.dropped_at]
    records = {each.reference: each for each in Record.objects.filter(reference__in=references)}
    for each in found:
        record = records.get(each.record_reference)
        if each.dropped_at and record and not record.destroyed:
            each.full_name, each.applicant = record.person, {"jmbg": record.jmbg}
    return found


def _matching(text: str) -> Q:
    """Match whole numbers exactly, by their tokens; names by each word, in either script."""
    number = re.sub(r"\D", "", text)
    if _NUMBER.fullmatch(number):
        known = Q(jmbg_token=vault.token("jmbg", number))
        known |= Q(document_token=vault.token("document", number))
        return known | Q(number=number)
    wanted = Q()
    for word in folding.words(text):
        spelled = Q(number__startswith=word)
        for spelling in folding.spellings(word):
            spelled |= Q(name_folded__contains=f" {spelling}")
        wanted &= spelled
    return wanted


def folded(name: str) -> str:
    """Return a name as it is searched for: every word in each of its spellings."""
    return "".join(
        f" {spelling}" for word in folding.words(name) for spelling in folding.spellings(word)
    )


def get(user: User, number: str) -> Application:
    """Return the case; raise Http404 where there is none, PermissionDenied on another office's."""
    case = Application.objects.select_related("office").filter(number=number).first()
    if case is None:
        raise Http404
    if case.office_id != user.office_id:
        raise PermissionDenied
    return case


def works_on(user: User, application: Application) -> bool:
    """Tell whether the case is open and this officer opened it or checked the identity in it."""
    if application.state in _ENDED or not user.has_perm("registration.change_application"):
        return False
    if application.created_by_id == user.pk:
        return True
    return application.identity_checks.filter(checked_by=user).exists()


def open_beside(application: Application, request: requests.Request) -> QuerySet[Application]:
    """Return the open case of another form that the same person has at the same office."""
    return Application.objects.filter(
        jmbg_token=application.jmbg_token,
        state__in=states.OPEN,
        procedure__in=request.procedures,
        office=application.office_id,
    )


def record_of(application: Application) -> Record | None:
    """Return what the archive keeps of a filed case; nothing where it has destroyed it."""
    record = _filed(application)
    return None if record is None or record.destroyed else record


def require_record(application: Application) -> Record:
    """Return the same; raise PersonGoneError where the archive keeps nothing of the case."""
    record = record_of(application)
    if record is None:
        raise errors.PersonGoneError
    return record


def stub_of(application: Application) -> Record | None:
    """Return what is left in the archive of a case whose record was destroyed."""
    record = _filed(application)
    return record if record is not None and record.destroyed else None


def of_stubs() -> QuerySet[Application]:
    """Return the cases whose records were destroyed."""
    gone = Record.objects.filter(state=Record.State.DESTROYED).values("reference")
    return Application.objects.filter(record_reference__in=gone)


def forgotten(application: Application) -> bool:
    """Tell whether nothing of the person is to be shown here: dropped, or the record destroyed."""
    return application.dropped_at is not None or stub_of(application) is not None


def known(application: Application) -> bool:
    """Tell whether `applicant_of` can say who it was."""
    if application.dropped_at is None:
        return stub_of(application) is None
    return record_of(application) is not None


def applicant_of(application: Application) -> Applicant:
    """Return who asked, from the archive where the counter has dropped its copy.

    Raises PersonGoneError where the archive has destroyed the record, whatever is still here, or
    where there never was one.
    """
    record = _filed(application)
    if record is not None and record.destroyed:
        raise errors.PersonGoneError
    if application.dropped_at is None:
        return Applicant.from_json(application.applicant)
    if record is None:
        raise errors.PersonGoneError
    return Applicant.from_json(record.stated)


def _filed(application: Application) -> Record | None:
    reference = application.record_reference
    return Record.objects.filter(reference=reference).first() if reference else None
