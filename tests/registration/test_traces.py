"""Every column of the counter that holds text is known: the person's goes, the others are named."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import BinaryField, Field, JSONField
from django.utils import timezone

from archive import store, vault
from archive.addresses import AddressField
from registration.models import (
    Application,
    BodyMessage,
    CardDiagnosis,
    Desk,
    PaperSeal,
    Sheet,
    Unblocking,
    User,
)
from registration.services import filings
from registration.services.traces import TRACES, Trace
from tests.registration import dropped, making
from tests.registration.dropped import PERSON
from tests.registration.test_dropping import confirmed

NAME = PERSON.surname
_TEXTS = {"CharField", "SlugField", "TextField", "JSONField", "BinaryField"}  # in the database

NOBODYS = {  # what a column without a person holds → these columns
    "the office, its people, its desks": (
        *("office.code", "office.name", "office.place", "office.address"),
        *("user.password", "user.username", "user.first_name", "user.last_name", "user.email"),
        *("desk.code", "desk.name", "desk.public_keys", "desk.reader", "desk.agent_version"),
        *("desk.health", "signature.place"),
    ),
    "wordings, the same for everybody": (
        *("paperversion.code", "paperversion.name", "paperversion.title"),
        *("paperversion.expected", "textblock.heading", "textblock.text"),
        *("paper.version", "paper.title", "paper.expected", "page.zones"),
    ),
    "certification bodies, and who sealed": (
        *("bodyhealth.body", "bodyhealth.reason", "application.body", "issuance.body"),
        *("issuance.renews_issuer", "certificate.issuer", "paperseal.sealer", "paperseal.level"),
    ),
    "numbers of cases, certificates, files, messages, heads": (
        *("application.number", "application.file_number", "application.record_reference"),
        *("application.serials", "certificate.serial", "issuance.replaced_serial"),
        *("issuance.renews_serial", "issuance.transaction", "page.code"),
        *("deskmessage.message_id", "deskmessage.conversation", "packet.head", "daysheet.head"),
        *("journalentry.message_id", "statusentry.message_id", "unblockingentry.message_id"),
    ),
    "what files of the office are known by": ("daysheet.sha256", "letterrun.sha256"),
    "hashes that name no file of the store: certificate, page, what came from a scanner": (
        *("certificate.sha256", "page.content_hash", "stack.sha256", "evidence.sha256"),
    ),
    "files of the spool, gone once every sheet of them is decided": (
        *("stack.spooled", "sheet.bundle"),
    ),
    "words of our own vocabularies, and names of columns": (
        *("application.acknowledged", "cardreading.authenticity", "cardreading.differences"),
        *("cardreading.failure_code", "certificate.revocation_reason", "deskmessage.type"),
        *("evidence.kind", "evidence.reference", "evidence.facts"),
        *("handover.retained", "handover.handed_over", "issuance.failure_code"),
        *("issuance.key_type", "issuance.profiles", "notice.failure", "sheet.reason"),
        *("journalentry.step", "statusentry.step", "unblockingentry.step"),
        *("journalentry.facts", "statusentry.facts", "unblockingentry.facts"),
        *("publishedstatus.reason", "publishedstatus.doubt", "statusrequest.code"),
        *("statusrequest.failure_code", "statusrequest.failure_facts"),
        *("paperseal.failure_code", "paperseal.failure_kind", "paperseal.failure_facts"),
        *("stack.failure", "stack.failure_facts", "unblocking.failure_code"),
    ),
}


def texts(model: Any) -> "dict[str, Field[Any, Any]]":
    """Return the columns of a model that can hold what somebody typed or a machine read."""
    return {
        f"{model._meta.model_name}.{field.name}": field  # noqa: SLF001 - documented by Django
        for field in model._meta.concrete_fields  # noqa: SLF001
        if field.get_internal_type() in _TEXTS and not field.choices
    }


def told_by(trace: Trace) -> "dict[str, Field[Any, Any]]":
    """Return which columns of a trace go: those that are emptied, or all where the rows go."""
    return {
        name: field
        for name, field in texts(trace.model).items()
        if trace.left is None or field.name in trace.left
    }


HELD = {name: field for trace in TRACES for name, field in told_by(trace).items()}


def test_every_column_is_known() -> None:
    """A new column of text is either wiped by a trace, or named here as nobody's."""
    models = apps.get_app_config("registration").get_models(include_auto_created=True)
    there = [name for model in models for name in texts(model)]
    named = [name for columns in NOBODYS.values() for name in columns]
    assert sorted([*HELD, *named]) == sorted(there)


def test_every_column_of_a_trace_is_text_or_is_left_empty() -> None:
    """What a trace says is left stands in a column that the test below fills."""
    named = {
        f"{each.model._meta.model_name}.{column}"  # noqa: SLF001
        for each in TRACES
        for column in each.left or ()
    }
    assert named <= set(HELD)


@pytest.mark.django_db
def test_nothing_is_left_in_any_of_them(officer: User, desk: Desk) -> None:
    case = full(officer, desk)
    for trace in TRACES:
        assert trace.rows(case).exists(), trace.kind
        trace.rows(case).update(**{each.name: filled(each) for each in fillable(trace)})
    opened = {each.split()[0] for each in dropped.found()}
    assert opened >= {each for each, field in HELD.items() if not isinstance(field, AddressField)}
    assert named_files(case) == {
        name for name, field in HELD.items() if isinstance(field, AddressField)
    }
    case = dropped.drop(case)
    assert dropped.found() == []
    assert named_files(case) == set()


def fillable(trace: Trace) -> "list[Field[Any, Any]]":
    return [each for each in told_by(trace).values() if not isinstance(each, AddressField)]


def filled(field: "Field[Any, Any]") -> object:
    if isinstance(field, JSONField | vault.SealedJSONField):
        return {"said": NAME}
    if isinstance(field, BinaryField | vault.SealedBinaryField):
        return NAME.encode()
    return NAME


def named_files(case: Application) -> set[str]:
    """Return which columns of the case's rows name a file of the store."""
    return {
        name
        for trace in TRACES
        for name, field in told_by(trace).items()
        if isinstance(field, AddressField) and trace.rows(case).exclude(**{field.name: ""}).exists()
    }


def full(officer: User, desk: Desk) -> Application:
    """Return a filed case of which every trace has a row."""
    case = making.handed_over(officer, desk, who=PERSON)
    sheet = confirmed(case)
    Sheet.objects.filter(pk=sheet.pk).update(picture=store.put(b"a picture to look at"))
    CardDiagnosis.objects.create(desk=desk, application=case, asked_by=officer, found={})
    BodyMessage.objects.create(
        issuance=case.issuances.first(), kind="p10cr", sent=b"", received=b""
    )
    now = timezone.now()
    unblocked = {"stage": "done", "choice": "keep", "card": {}, "moved_at": now}
    Unblocking.objects.create(application=case, ordered_by=officer, **unblocked)
    case = filings.file(case, by=officer)
    paper = case.papers.get(kind="contract", copy=1)
    PaperSeal.objects.create(
        paper=paper,
        source=paper.sha256,
        sha256=store.put(b"a sealed paper"),
        state="sealed",
        size=14,
        requested_at=now,
        due_at=now,
    )
    return Application.objects.get(pk=case.pk)
