"""The evidence of a certificate as a file: who gets it, why, what stays behind in the log."""

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from archive import store
from archive.filing import FiledSeal
from archive.models import AuditEvent
from archive.services import seals
from registration import errors
from registration.models import (
    Application,
    Certificate,
    Desk,
    Issuance,
    Mark,
    Office,
    Paper,
    PaperScan,
    User,
)
from registration.services import dossiers, revocations
from tests.inspection.evidence import Inspector, Opened
from tests.pages import counter
from tests.pages.page import Page
from tests.people import employee, logged_in
from tests.registration import making
from tests.scans import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads_file")]


@pytest.fixture
def officer(office: Office) -> User:
    return employee("milena", office, "officer")


@pytest.fixture
def certificate(officer: User, desk: Desk) -> Certificate:
    case = making.confirmed(officer, desk).application
    return Certificate.objects.get(application=case, role="signing")


def address(certificate: Certificate) -> str:
    return f"/certificates/{certificate.serial}/evidence/"


def takings() -> list[tuple[str, str, dict[str, str]]]:
    told = AuditEvent.objects.filter(event__startswith="evidence.take").order_by("number")
    return [(each.event, each.actor, each.facts) for each in told]


@pytest.fixture
def inspector(tmp_path: Path) -> Inspector:
    """Stand where the administrator's command wrote what an inspector needs."""
    call_command("evidence", str(tmp_path), stdout=io.StringIO())
    names = ("heads.pub.pem", "chain.pem", "heads.jsonl")
    return Inspector(tmp_path, *(tmp_path / name for name in names))


def test_the_case_leads_to_the_evidence_and_a_reason_gets_it(
    client: Client, certificate: Certificate, inspector: Inspector
) -> None:
    case = Page.get(client, f"/cases/{certificate.application.number}/")
    links = [link.get("href") for link in case.all("//a[@data-action='evidence']")]
    assert links[0] == address(certificate)
    assert len(links) == 2
    answer = client.post(links[0], {"reason": "Inspection"})
    assert answer["Content-Disposition"] == (
        f'attachment; filename="evidence-{certificate.serial}.zip"'
    )
    assert inspector.refused(b"".join(answer)) == {}
    facts = {"serial": certificate.serial, "reason": "Inspection"}
    assert takings() == [("evidence.take", "milena", facts)]


def test_without_a_reason_nothing_leaves(client: Client, certificate: Certificate) -> None:
    page = Page.post(client, address(certificate), reason="  ")
    assert page.texts("//*[@id='error_1_id_reason']") == ["Say why the evidence is taken."]
    with pytest.raises(errors.ReasonMissingError):
        dossiers.take(certificate, reason=" ", by=None)
    assert takings() == []


def test_the_archive_clerk_takes_it_from_the_record(
    officer: User, desk: Desk, inspector: Inspector
) -> None:
    case = making.filed(officer, desk)
    clerk = logged_in(employee("ruza", None, "clerk"))
    record = Page.get(clerk, "/archive/").one("//tr[@data-record]").get("data-record")
    links = Page.get(clerk, f"/archive/records/{record}/").all("//a[@data-action='evidence']")
    addresses = [link.get("href") for link in links]
    assert addresses == [address(each) for each in case.certificates.order_by("received_at")]
    for each in addresses:
        assert inspector.refused(b"".join(clerk.post(each, {"reason": "суд"}))) == {}


def test_who_may_not_have_it_is_refused_and_named(certificate: Certificate, client: Client) -> None:
    other = counter.office("072", "Zemun")
    stranger = logged_in(employee("vera", other, "officer"))
    clerk = logged_in(employee("ruza", None, "clerk"))  # of an open case the archive knows nothing
    manager = logged_in(employee("sneza", None, "manager"))
    asking = (stranger, clerk, manager)
    assert [each.get(address(certificate)).status_code for each in asking] == [404, 404, 403]
    assert client.get("/certificates/0/evidence/").status_code == 404
    assert [(event, actor) for event, actor, _facts in takings()] == [
        ("evidence.take.refused", "vera"),
        ("evidence.take.refused", "ruza"),
    ]


def test_a_certificate_that_was_recalled_keeps_its_evidence(
    officer: User, certificate: Certificate, inspector: Inspector
) -> None:
    """The case goes on with other papers; the bundle holds those that were signed for it."""
    case = certificate.application
    revocations.recall(Application.objects.get(pk=case.pk), "грешка у имену", by=officer)
    certificate.refresh_from_db()
    bundle = dossiers.take(certificate, reason="надзор", by=officer)
    assert inspector.refused(bundle.data) == {}


def test_the_end_that_a_later_certificate_brought_is_in_it(
    officer: User, desk: Desk, certificate: Certificate, inspector: Inspector
) -> None:
    later = making.confirmed(officer, desk)
    Issuance.objects.filter(pk=later.pk).update(replaced_serial=certificate.serial)
    revocations.supersede(str(later.pk))
    certificate.refresh_from_db()
    bundle = dossiers.take(certificate, reason="надзор", by=officer).data
    assert inspector.refused(bundle) == {}
    told = Opened.of(bundle).said("audit/events.json")
    own = certificate.application.number
    foreign = [each["event"] for each in told if each["event"]["subject"] != own]
    assert [(each["event"], each["subject"]) for each in foreign] == [
        ("certificate.revoke", later.application.number)
    ]


def test_both_ends_of_a_renewal_are_in_it(
    officer: User, desk: Desk, inspector: Inspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.OVERA, "RENEWED_ELSEWHERE_REVOKED", True)  # noqa: FBT003
    old = making.filed(officer, desk)
    new = making.filed(officer, desk, **making.renewal(old))
    for each in list(revocations.unfinished()):
        revocations.supersede(str(each))
    before, after = (each.certificates.get(role="signing") for each in (old, new))
    bundles = [dossiers.take(each, reason="надзор", by=officer).data for each in (before, after)]
    assert [inspector.refused(each) for each in bundles] == [{}, {}]
    told = Opened.of(bundles[0]).said("audit/events.json")
    foreign = [each["event"]["event"] for each in told if each["event"]["subject"] == new.number]
    assert foreign == ["certificate.revoke"]
    renews = Opened.of(bundles[1]).said("making/issuance.json")["renews"]
    assert renews == {"serial": before.serial, "issuer": before.issuer}


def test_scans_seals_and_pictures_of_signatures_are_in_it(
    officer: User, desk: Desk, inspector: Inspector
) -> None:
    case = making.filed(officer, desk)
    paper = case.papers.get(kind="request")
    scan, picture = store.put(b"%PDF as it was signed"), store.put(b"PNG of ink")
    mark = rows.scan_of(paper.pages.all()[0])
    PaperScan.objects.filter(paper=paper).update(sha256=scan)
    signature = paper.signatures.get(role="citizen")
    Mark.objects.filter(pk=mark.pk).update(signature=signature, cut=picture)
    sealed = store.put(store.get(paper.sha256) + b" sealed")
    seals.keep(case.record_reference, seal_of(paper, sealed), by=None)
    certificate = case.certificates.get(role="signing")
    opened = Opened.of(dossiers.take(certificate, reason="надзор", by=officer).data)
    (request,) = (
        each for each in opened.said("papers.json")["papers"] if each["kind"] == "request"
    )
    assert request["files"] == {
        "papers/request-1.pdf": paper.sha256,
        "papers/request-1-scanned.pdf": scan,
        "papers/request-1-sealed.pdf": sealed,
    }
    assert opened.files[f"data/papers/signature-{signature.pk}.png"] == b"PNG of ink"
    assert b": terms-1, terms-2, contract-1, contract-2." in opened.files["data/not-kept.txt"]
    assert inspector.refused(opened.packed()) == {}


def seal_of(paper: Paper, sha256: str) -> FiledSeal:
    return FiledSeal(
        kind=paper.kind,
        copy=paper.copy,
        original=paper.sha256,
        sha256=sha256,
        size=1,
        sealed_by="МУП",
        sealed_at=timezone.now(),
        level="B-T",
    )


def test_a_paper_that_is_gone_is_named_instead_of_left_out(
    client: Client, certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.OVERA, "FILES", tmp_path / "empty")
    page = Page.post(client, address(certificate), reason="Inspection")
    assert page.error().startswith("The evidence is not complete")


def test_the_command_writes_the_bundle_and_what_checks_it(
    certificate: Certificate, tmp_path: Path
) -> None:
    words = ["evidence", str(tmp_path), "--certificate", certificate.serial.upper()]
    with pytest.raises(CommandError, match="say why with --reason"):
        call_command(*words)
    call_command(*words, "--reason", "надзор", stdout=io.StringIO())
    bundle = tmp_path / f"evidence-{certificate.serial}.zip"
    names = ("heads.pub.pem", "chain.pem", "heads.jsonl")
    inspector = Inspector(tmp_path, *(tmp_path / name for name in names))
    assert inspector.refused(bundle.read_bytes(), "--heads", inspector.heads) == {}
    with zipfile.ZipFile(bundle) as file:
        shipped = file.read(f"evidence-{certificate.serial}/verify_bundle.py")
    assert shipped == (tmp_path / "verify_bundle.py").read_bytes()
    assert takings()[0][1] == "system"
