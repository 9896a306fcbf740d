"""Years counted from certificates, their chains, and what happens to them later."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from archive.filing import CertificateFacts, FiledLife
from archive.models import AuditEvent, CertificateConcerned, Record, RecordEvent
from archive.services import records
from archive.services.keeping import endings, renewals
from tests.archive import cases
from tests.archive.conftest import Officer

pytestmark = pytest.mark.django_db

REVOKED = datetime(2027, 5, 1, 8, 0, tzinfo=UTC)


def certificate(serial: int, start: int, renews: str = "") -> CertificateFacts:
    """Make a certificate that begins in March of a year and lasts five."""
    made = cases.certificate(serial)
    begins = datetime(start, 3, 2, 10, 0, tzinfo=UTC)
    ends = begins.replace(year=start + 5)
    return CertificateFacts(
        **{**vars(made), "valid_from": begins, "valid_until": ends} | {"renews": renews}
    )


def filed(*made: CertificateFacts, officer: Officer, **said: object) -> Record:
    return records.file(cases.filing(certificates=made, **said), by=officer)


def told(record: Record) -> list[tuple[str, str]]:
    events = record.events.filter(kind=RecordEvent.Kind.RETENTION).order_by("pk")
    return list(events.values_list("text", "note"))


def kept(record: Record) -> tuple[str, date | None]:
    record.refresh_from_db()
    return record.retention_anchor, record.retained_until


def test_a_chain_is_kept_as_one(officer: Officer) -> None:
    first = filed(certificate(0xA1, 2026), officer=officer)
    second = filed(certificate(0xB2, 2030, "a1"), officer=officer, kind="renew")
    assert kept(first) == ("chain", date(2045, 12, 31))
    third = filed(certificate(0xC3, 2034, "b2"), officer=officer, kind="renew")
    assert [kept(each) for each in (first, second, third)] == [
        ("chain", date(2049, 12, 31)),
        ("chain", date(2049, 12, 31)),
        ("expiry", date(2049, 12, 31)),
    ]
    assert told(first) == [
        ("сертификат a1 обновљен је сертификатом b2", "2041-12-31 → 2045-12-31"),
        ("сертификат b2 обновљен је сертификатом c3", "2045-12-31 → 2049-12-31"),
    ]
    assert told(third) == []
    log = AuditEvent.objects.filter(event="record.term_counted", subject=first.file_number)
    assert [each.facts["kept_until"] for each in log] == ["2045-12-31", "2049-12-31"]


def test_the_end_of_the_last_one_shortens_the_whole_chain(officer: Officer) -> None:
    first = filed(certificate(0xA1, 2026), officer=officer)
    second = filed(certificate(0xB2, 2030, "a1"), officer=officer, kind="renew")
    records.certificate_ended(
        second, "b2", datetime(2030, 6, 1, tzinfo=UTC), "keyCompromise", by=None
    )
    assert kept(second) == ("chain", date(2041, 12, 31))  # the first one lasts longer now
    assert kept(first) == ("expiry", date(2041, 12, 31))
    assert told(first)[-1] == (
        "престао је да важи сертификат b2: keyCompromise",
        "2045-12-31 → 2041-12-31",
    )


def test_a_predecessor_known_from_the_card_alone_joins_who_names_it(officer: Officer) -> None:
    first = filed(certificate(0xB1, 2026, "f00"), officer=officer, kind="renew")
    filed(certificate(0xB2, 2030, "f00"), officer=officer, kind="renew")
    assert kept(first) == ("chain", date(2045, 12, 31))


def test_the_word_of_a_renewal_counts_where_the_new_record_does_not_name_it(
    officer: Officer,
) -> None:
    first = filed(certificate(0xA1, 2026), officer=officer)
    filed(certificate(0xB2, 2030), officer=officer, kind="renew")
    assert kept(first) == ("expiry", date(2041, 12, 31))
    for _twice in range(2):
        renewals.note(first, "a1", "b2", REVOKED, by=officer)
    assert kept(first) == ("chain", date(2045, 12, 31))
    assert len(told(first)) == 1


def test_chains_from_before_the_rule_are_counted_by_command(officer: Officer) -> None:
    first = filed(certificate(0xA1, 2026), officer=officer)
    filed(certificate(0xB2, 2030, "a1"), officer=officer, kind="renew")
    old = {"retention_anchor": "expiry", "retention_event": date(2031, 3, 2)}
    Record.objects.filter(pk=first.pk).update(**old, retained_until=date(2041, 12, 31))
    for changed in (1, 0):
        out = StringIO()
        call_command("count_terms", "Нова верзија програма", stdout=out)
        assert out.getvalue() == f"terms changed: {changed}\n"
    assert kept(first) == ("chain", date(2045, 12, 31))
    assert told(first)[-1] == ("Нова верзија програма", "2041-12-31 → 2045-12-31")


def test_a_change_of_status_hears_of_the_end_of_its_certificate(officer: Officer) -> None:
    made = certificate(0xA1, 2026)
    about = FiledLife(made.valid_until, None, "a1", made.issuer)
    change = filed(officer=officer, kind="status", state="performed", about=(about,))
    issued = filed(made, officer=officer)
    assert kept(change) == ("expiry", date(2041, 12, 31))
    records.certificate_ended(issued, "a1", REVOKED, "superseded", by=None)
    assert kept(change) == ("revocation", date(2037, 12, 31))
    assert told(change) == [
        ("престао је да важи сертификат a1: superseded", "2041-12-31 → 2037-12-31")
    ]


def test_a_change_of_status_hears_of_it_before_the_case_is_filed(officer: Officer) -> None:
    about = FiledLife(datetime(2031, 3, 2, tzinfo=UTC), None, "a1", "CN=one")
    change = filed(officer=officer, kind="status", state="performed", about=(about,))
    endings.tell_of_unfiled("a1", "CN=other", REVOKED, "superseded", by=None)
    assert kept(change) == ("expiry", date(2041, 12, 31))
    endings.tell_of_unfiled("a1", "CN=one", REVOKED, "superseded", by=None)
    endings.tell_of_unfiled("a1", "CN=one", REVOKED + timedelta(days=400), "again", by=None)
    assert kept(change) == ("revocation", date(2037, 12, 31))
    assert len(told(change)) == 1
    assert CertificateConcerned.objects.get().ended_at == REVOKED


def test_of_two_ends_the_earlier_one_counts_and_both_are_on_record(officer: Officer) -> None:
    record = filed(certificate(0xA1, 2026), officer=officer)
    later = REVOKED + timedelta(days=400)
    for at, reason in ((REVOKED, "superseded"), (later, "cessationOfOperation")) * 2:
        records.certificate_ended(record, "a1", at, reason, by=None)
    assert kept(record) == ("revocation", date(2037, 12, 31))
    ends = record.events.filter(kind=RecordEvent.Kind.CERTIFICATE_ENDED)
    assert list(ends.values_list("at", "text")) == [
        (REVOKED, "superseded"),
        (later, "cessationOfOperation"),
    ]
    earlier = REVOKED - timedelta(days=400)
    records.certificate_ended(record, "a1", earlier, "keyCompromise", by=None)
    assert kept(record) == ("revocation", date(2036, 12, 31))


def test_a_revocation_after_the_expiry_changes_nothing(officer: Officer) -> None:
    record = filed(certificate(0xA1, 2026), officer=officer)
    records.certificate_ended(record, "a1", datetime(2032, 1, 5, tzinfo=UTC), "late", by=None)
    assert kept(record) == ("expiry", date(2041, 12, 31))


def test_the_offices_new_year_counts(officer: Officer) -> None:
    record = filed(certificate(0xA1, 2026), officer=officer)
    at = datetime(2027, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight in Belgrade
    records.certificate_ended(record, "a1", at, "superseded", by=None)
    assert (record.retention_event, record.retained_until) == (date(2028, 1, 1), date(2038, 12, 31))


@pytest.mark.parametrize(
    ("kind", "state", "mark", "anchor"),
    [
        ("unblock", "performed", "КЕС-2", "performed"),
        ("renew", "refused", "КЕС-4", "decision"),
        ("status", "withdrawn", "КЕС-4", "decision"),
    ],
)
def test_what_has_no_certificate_counts_from_its_own_day(
    officer: Officer, kind: str, state: str, mark: str, anchor: str
) -> None:
    leap = date(2028, 2, 29)
    record = filed(officer=officer, kind=kind, state=state, decided_on=leap)
    assert record.category is not None
    assert (record.category.mark, *kept(record)) == (mark, anchor, date(2038, 12, 31))
    assert record.retention_event == leap
