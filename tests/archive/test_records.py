from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from archive import chain, store
from archive.filing import FiledPaper
from archive.models import AuditEvent, Record, RecordEvent
from archive.services import audit, records
from tests.archive import cases
from tests.archive.conftest import Officer

pytestmark = pytest.mark.django_db

REVOKED = datetime(2027, 5, 1, 8, 0, tzinfo=UTC)


def audited() -> list[str]:
    rows = AuditEvent.objects.filter(stream="decisions").order_by("number")
    assert list(chain.breaks(row.link() for row in rows)) == []
    return [row.event for row in rows]


def test_a_filed_case_stands_on_its_own(officer: Officer) -> None:
    filing = cases.filing("Ђорђевић", "Љиљана", email="ljiljana@example.rs")
    record = Record.objects.get(pk=records.file(filing, by=officer).pk)
    assert (record.surname, record.jmbg, record.document_number, record.email) == (
        "Ђорђевић",
        cases.JMBG,
        "001234567",
        "ljiljana@example.rs",
    )
    assert record.masked_jmbg == "**********020"
    assert record.signatures == list(filing.signatures)
    kept = [(each.role, each.serial, store.get(each.sha256)) for each in record.certificates.all()]
    assert kept == [(each.role, each.serial, each.der) for each in filing.certificates]
    assert [(file.kind, file.copy, file.retained) for file in record.files.all()] == [
        ("request", 1, True),
        ("terms", 1, True),
        ("terms", 2, False),
    ]
    assert store.get(record.files.all()[1].sha256) == b"%PDF-1.7 terms 1"
    assert [(event.kind, event.text, event.actor) for event in record.events.all()] == [
        ("case", "case.print", "jelena"),
        ("filed", record.file_number, "Јелена Јовић"),
    ]
    assert [(entry.what, entry.holder) for entry in record.custody.all()] == [
        ("Општи услови 2", "citizen"),
        ("Захтев 1", "office"),
        ("Општи услови 1", "office"),
    ]
    assert (record.retention_anchor, record.retained_until) == ("expiry", date(2041, 12, 31))


def test_no_number_of_the_person_lies_open_in_the_database(officer: Officer) -> None:
    records.file(cases.filing(), by=officer)
    tables = [name for name in connection.introspection.table_names() if "archive" in name]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            content = repr(cursor.fetchall())
            assert (table, cases.JMBG in content, "001234567" in content) == (table, False, False)


def test_filing_is_audited_with_hashes_in_clear_and_the_person_sealed(officer: Officer) -> None:
    filing = cases.filing()
    records.file(filing, by=officer)
    event = AuditEvent.objects.get(event="record.filed")
    assert (event.subject, event.actor) == (filing.file_number, "jelena")
    assert event.facts["papers"] == [
        [paper.kind, paper.copy, paper.sha256] for paper in filing.papers
    ]
    assert event.facts["certificates"] == [
        [each.role, each.serial, each.sha256] for each in filing.certificates
    ]
    assert event.private.data["jmbg"] == cases.JMBG
    assert chain.commit(bytes(event.private.salt), event.private.data) == event.commitment


def test_filing_twice_gives_one_record(officer: Officer) -> None:
    filing = cases.filing()
    assert records.file(filing, by=officer) == records.file(filing, by=officer)
    assert audited() == ["record.filed"]


def test_one_case_has_one_file_number(officer: Officer) -> None:
    filing = cases.filing(reference="case 1")
    records.file(filing, by=officer)
    with pytest.raises(records.FilingError) as caught:
        records.file(cases.filing(reference="case 1"), by=officer)
    assert caught.value.facts == {"file_number": filing.file_number}


def test_a_paper_that_is_not_stored_cannot_be_filed(officer: Officer) -> None:
    missing = FiledPaper("request", 1, "Захтев", "a" * 64, 10, 1)
    with pytest.raises(records.FilingError) as caught:
        records.file(cases.filing(papers=(missing,)), by=officer)
    assert caught.value.facts == {"missing": ["a" * 64]}
    assert Record.objects.count() == 0


def test_filing_joins_the_counters_transaction(officer: Officer) -> None:
    with pytest.raises(ZeroDivisionError):
        file_and_fail(officer)
    assert (Record.objects.count(), audited()) == (0, [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM archive_search")
        assert cursor.fetchone() == (0,)


def file_and_fail(officer: Officer) -> None:
    with audit.transaction():
        records.file(cases.filing(), by=officer)
        raise ZeroDivisionError


def test_a_refused_case_is_kept_after_its_decision(officer: Officer) -> None:
    refused = cases.filing(certificates=(), state="refused")
    record = records.file(refused, by=officer)
    assert (record.retention_anchor, record.retained_until) == ("decision", date(2036, 12, 31))
    with pytest.raises(records.FilingError) as caught:
        records.certificate_ended(record, "4f", cases.START, "superseded", by=officer)
    assert caught.value.facts == {"serial": "4f"}


def test_a_revocation_starts_the_years_anew_and_says_why(officer: Officer) -> None:
    record = records.file(cases.filing(certificates=(cases.certificate(0x4F),)), by=officer)
    records.certificate_ended(record, "4f", REVOKED, "key compromise", by=None)
    records.certificate_ended(record, "4f", REVOKED, "key compromise", by=None)
    assert (record.retention_anchor, record.retained_until) == ("revocation", date(2037, 12, 31))
    assert audited() == ["record.filed", "record.certificate_ended"]
    told = RecordEvent.objects.filter(kind__in=("ended", "retention")).order_by("pk")
    assert [(each.kind, each.text, each.note, each.actor) for each in told] == [
        ("ended", "key compromise", "4f", "system"),
        ("retention", "key compromise", "2041-12-31 → 2037-12-31", "system"),
    ]
    assert AuditEvent.objects.last().facts == {
        "serial": "4f",
        "role": "signing",
        "at": "2027-05-01T08:00:00+00:00",
        "reason": "key compromise",
        "anchor": "revocation",
        "kept_until": "2037-12-31",
        "before": "2041-12-31",
    }


def test_of_two_certificates_the_one_that_ends_last_sets_the_years(officer: Officer) -> None:
    record = records.file(cases.filing(certificates=cases.both(1, years=3)), by=officer)
    signing, authentication = record.certificates.all()
    assert kept(record) == ("expiry", date(2041, 12, 31))
    records.certificate_ended(record, signing.serial, REVOKED, "superseded", by=officer)
    assert kept(record) == ("expiry", date(2039, 12, 31))
    later = datetime(2028, 5, 1, 8, 0, tzinfo=UTC)
    records.certificate_ended(record, authentication.serial, later, "superseded", by=officer)
    assert kept(record) == ("revocation", date(2038, 12, 31))
    ends = list(record.certificates.values_list("role", "ended_at", "ended_reason"))
    assert ends == [("signing", REVOKED, "superseded"), ("authentication", later, "superseded")]


def kept(record: Record) -> tuple[str, date]:
    return record.retention_anchor, record.retained_until


@pytest.mark.parametrize("place", [0, 1])
def test_a_certificate_has_one_record(officer: Officer, place: int) -> None:
    certificate = cases.both(77)[place]
    records.file(cases.filing(certificates=cases.both(77)), by=officer)
    with pytest.raises(records.FilingError):
        records.file(cases.filing(certificates=(certificate,)), by=officer)


def test_another_persons_case_does_not_vanish_into_a_record(officer: Officer) -> None:
    filing = cases.filing()
    records.file(filing, by=officer)
    for other in ({"jmbg": cases.OTHER_JMBG}, {"decided_on": date(2026, 3, 3)}):
        with pytest.raises(records.FilingError, match="another case is filed under it"):
            records.file(replace(filing, **other), by=officer)
    assert Record.objects.count() == 1
