import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from archive.models import AuditEvent, Record
from archive.services import records
from registration.models import User
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.archive.searching import search
from tests.people import logged_in, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Client:
    return logged_in(person("ruza", None, "view_record", "view_recordfile", "view_every_office"))


@pytest.fixture
def record(officer: Officer) -> Record:
    return records.file(cases.filing("Ђорђевић", "Љиљана", office_code="BG-01"), by=officer)


def serials(record: Record) -> list[str]:
    return [each.serial for each in record.certificates.all()]


def certificates(record: Record) -> list[str]:
    """Return the addresses of a record's certificates."""
    return [
        reverse("archive:certificate", args=[record.pk, each.pk])
        for each in record.certificates.all()
    ]


def views(stream: str) -> list[dict[str, object]]:
    rows = AuditEvent.objects.filter(stream=stream).order_by("number")
    return [{"subject": row.subject, "actor": row.actor, **row.facts} for row in rows]


def test_the_clerk_finds_a_person_in_the_other_script(clerk: Client, record: Record) -> None:
    _, page = search(clerk, box="djordjevic ljiljana")
    assert "Ђорђевић Љиљана" in page
    assert "**********020" in page
    assert record.file_number in page
    assert cases.JMBG not in page


def test_no_address_holds_what_was_typed(clerk: Client, record: Record) -> None:
    address, page = search(clerk, box=cases.JMBG)
    path, _, key = address.partition("?s=")
    assert (path, len(key)) == (reverse("archive:search"), 8)
    assert "Ђорђевић Љиљана" in page
    again = clerk.get(address).content.decode()
    assert "Ђорђевић Љиљана" in again


def test_what_was_typed_lies_sealed_in_the_session(clerk: Client, record: Record) -> None:
    search(clerk, box=cases.JMBG)
    (kept,) = clerk.session["archive_searches"].values()
    assert cases.JMBG not in kept
    for _ in range(20):
        search(clerk, box="a")
    assert len(clerk.session["archive_searches"]) == 10


def test_a_search_is_logged_with_its_words_sealed(clerk: Client, record: Record) -> None:
    search(clerk, box=cases.JMBG, name="ljilj")
    event = AuditEvent.objects.get(stream="views.none")
    assert event.facts == {"what": "search", "fields": ["box", "name"]}
    assert event.private.data == {"box": cases.JMBG, "name": "ljilj"}


def test_a_wrong_field_is_refused_in_words(clerk: Client, record: Record) -> None:
    _, page = search(clerk, jmbg="123", decided_from="yesterday")
    assert page.count("invalid-feedback") == 2
    assert record.file_number not in page


def test_fields_and_days_are_searched(clerk: Client, record: Record) -> None:
    assert record.file_number in search(clerk, decided_from="02.03.2026.")[1]
    assert record.file_number not in search(clerk, decided_from="3.3.2026")[1]
    assert record.file_number in search(clerk, serial=serials(record)[1][:5], jmbg=cases.JMBG)[1]


def test_a_record_stands_on_one_page_and_the_look_is_logged(clerk: Client, record: Record) -> None:
    page = clerk.get(reverse("archive:record", args=[record.pk])).content.decode()
    for part in ("**********020", "*******67", "31.12.2041.", "Општи услови", *serials(record)):
        assert (part, part in page) == (part, True)
    assert (cases.JMBG in page, "001234567" in page) == (False, False)
    assert views("views.none") == [
        {"subject": record.file_number, "actor": "ruza", "what": "record"}
    ]


def test_the_full_numbers_need_a_reason_and_it_is_logged(clerk: Client, record: Record) -> None:
    address = reverse("archive:record", args=[record.pk])
    refused = clerk.post(address, {"reason": "  "}).content.decode()
    assert (cases.JMBG in refused, "invalid-feedback" in refused) == (False, True)
    shown = clerk.post(address, {"reason": "Приговор 12/2026"}).content.decode()
    assert (cases.JMBG in shown, "001234567" in shown) == (True, True)
    assert [(view["what"], view.get("reason")) for view in views("views.none")] == [
        ("record", None),
        ("identifiers", "Приговор 12/2026"),
    ]


def test_a_paper_leaves_as_it_was_stored_and_this_is_logged(clerk: Client, record: Record) -> None:
    paper = record.files.all()[2]
    answer = clerk.get(reverse("archive:paper", args=[record.pk, paper.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 terms 2"
    assert answer["Content-Type"] == "application/pdf"
    number = record.file_number.replace("/", "").lower()
    assert answer["Content-Disposition"] == f'inline; filename="{number}-terms-2.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert views("views.none") == [
        {
            "subject": record.file_number,
            "actor": "ruza",
            "what": "file",
            "sha256": paper.sha256,
        }
    ]


def test_each_certificate_leaves_as_it_was_issued(clerk: Client, officer: Officer) -> None:
    filing = cases.filing()
    record = records.file(filing, by=officer)
    answers = [clerk.get(address) for address in certificates(record)]
    taken = [b"".join(answer.streaming_content) for answer in answers]
    assert taken == [each.der for each in filing.certificates]
    assert {answer["Content-Type"] for answer in answers} == {"application/pkix-cert"}
    number = record.file_number.replace("/", "").lower()
    assert [answer["Content-Disposition"] for answer in answers] == [
        f'attachment; filename="{number}-{role}.cer"' for role in ("signing", "authentication")
    ]


def test_a_certificate_of_another_record_is_not_reached_through_this_one(
    clerk: Client, record: Record, officer: Officer
) -> None:
    other = records.file(cases.filing(), by=officer).certificates.all()[0]
    address = reverse("archive:certificate", args=[record.pk, other.pk])
    assert clerk.get(address).status_code == 404


def test_each_certificate_stands_with_its_end_on_the_page(clerk: Client, record: Record) -> None:
    address = reverse("archive:record", args=[record.pk])
    records.certificate_ended(record, serials(record)[1], cases.START, "superseded", by=None)
    page = clerk.get(address).content.decode()
    parts = [page.partition(f'data-role="{role}"')[2] for role in ("signing", "authentication")]
    assert [("superseded" in part.partition("data-role")[0]) for part in parts] == [False, True]
    assert page.count("data-role=") == 2


def test_a_record_of_one_certificate_or_of_none_has_its_page(
    clerk: Client, officer: Officer
) -> None:
    for certificates in ((cases.certificate(0x77),), ()):
        record = records.file(cases.filing(certificates=certificates), by=officer)
        page = clerk.get(reverse("archive:record", args=[record.pk])).content.decode()
        assert page.count("data-role=") == len(certificates)


def test_who_only_reads_takes_no_file(record: Record) -> None:
    """A manager's account: papers and certificate carry the numbers that the page masks."""
    reader = logged_in(person("sneza", "BG-01", "view_record"))
    page = reader.get(reverse("archive:record", args=[record.pk])).content.decode()
    for address in (
        reverse("archive:paper", args=[record.pk, record.files.all()[0].pk]),
        *certificates(record),
    ):
        assert (address in page, reader.get(address).status_code) == (False, 403)


def test_a_damaged_paper_is_not_shown(
    clerk: Client, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.OVERA, "FILES", tmp_path)
    paper = record.files.all()[0]
    answer = clerk.get(reverse("archive:paper", args=[record.pk, paper.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("archive:record", args=[record.pk]), 302)]
    assert "alert-danger" in answer.content.decode()


def test_a_paper_of_another_record_is_not_reached_through_this_one(
    clerk: Client, record: Record, officer: Officer
) -> None:
    other = records.file(cases.filing(), by=officer).files.all()[0]
    assert clerk.get(reverse("archive:paper", args=[record.pk, other.pk])).status_code == 404


def test_an_officer_sees_the_own_offices_records_only(record: Record) -> None:
    own = logged_in(person("jelena", "BG-01", "view_record"))
    other = logged_in(person("marko", "NS-01", "view_record", "view_recordfile"))
    address = reverse("archive:record", args=[record.pk])
    assert record.file_number in search(own, box="ljiljana")[1]
    assert record.file_number not in search(other, box="ljiljana")[1]
    assert (own.get(address).status_code, other.get(address).status_code) == (200, 404)
    refusal = AuditEvent.objects.get(event__endswith=".refused")
    assert refusal.event == "record.view.refused"
    assert (refusal.subject, refusal.actor) == (record.file_number, "marko")
    paper = reverse("archive:paper", args=[record.pk, record.files.all()[0].pk])
    assert other.get(paper).status_code == 404


def test_without_an_office_and_the_right_nothing_is_seen(record: Record) -> None:
    nowhere = logged_in(person("nikola", None, "view_record"))
    assert nowhere.get(reverse("archive:record", args=[record.pk])).status_code == 404
    stranger = logged_in(person("sanja", "BG-01"))
    for name, numbers in (("search", []), ("record", [record.pk]), ("certificate", [record.pk, 1])):
        assert stranger.get(reverse(f"archive:{name}", args=numbers)).status_code == 403


def test_nobody_is_let_in_without_logging_in(record: Record) -> None:
    answer = Client().get(reverse("archive:record", args=[record.pk]))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("login"))


def test_pages_keep_to_the_content_security_policy(clerk: Client, record: Record) -> None:
    for address in (reverse("archive:search"), reverse("archive:record", args=[record.pk])):
        page = clerk.get(address).content.decode()
        assert ("style=" in page, "onclick" in page, "<style" in page) == (False, False, False)


def test_the_administration_shows_and_changes_nothing(record: Record) -> None:
    chief = logged_in(User.objects.create_superuser("chief", password="x"))
    listed = chief.get(reverse("admin:archive_record_changelist")).content.decode()
    assert record.file_number in listed
    shown = chief.get(reverse("admin:archive_record_change", args=[record.pk]))
    assert (shown.status_code, "Ђорђевић" in shown.content.decode()) == (200, False)
    for serial in serials(record):
        assert serial in shown.content.decode()
    assert chief.get(reverse("admin:archive_record_add")).status_code == 403
    assert chief.post(reverse("admin:archive_record_delete", args=[record.pk])).status_code == 403
    event = AuditEvent.objects.all()[0]
    shown = chief.get(reverse("admin:archive_auditevent_change", args=[event.pk]))
    assert event.hash in shown.content.decode()
    assert (
        chief.post(reverse("admin:archive_auditevent_change", args=[event.pk])).status_code == 403
    )


def test_no_jmbg_is_logged(clerk: Client, record: Record, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    search(clerk, box=cases.JMBG)
    clerk.post(reverse("archive:record", args=[record.pk]), {"reason": "check"})
    said = "\n".join(
        message.getMessage() for message in caplog.records if message.name != "django.db.backends"
    )
    assert cases.JMBG not in said


def test_what_somebody_typed_into_a_field_is_in_nobody_elses_page() -> None:
    one, other = (logged_in(person(name, None, "view_record")) for name in ("ruza", "mira"))
    before = other.get(reverse("archive:search")).content.decode()
    typed = one.post(reverse("archive:search"), {"note": "поплава"}).content.decode()
    after = other.get(reverse("archive:search")).content.decode()
    assert ['value="поплава"' in each for each in (before, typed, after)] == [False, True, False]
