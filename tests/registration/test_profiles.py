"""A case whose certificates are as today's cards carry them goes the whole way, and after it."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import timezone

from archive import queries as archive
from registration.ca import profiles, subject
from registration.ca.base import State as AtBody
from registration.models import Application, Desk, Issuance, Notice, User
from registration.queries import issuances as queries
from registration.services import dossiers, enrolments, filings, notices, published
from tests.ca.cards import Card
from tests.inspection.evidence import Inspector, Opened
from tests.registration import making, status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads_file")]

ONE_RDN = ["PNORS-0101990610020", "CA:RS-001234567"]


@pytest.fixture(autouse=True)
def as_on_todays_cards(settings: LazySettings, tmp_path: Path) -> None:
    heads = tmp_path / "audit" / "heads.jsonl"
    settings.OVERA = settings.OVERA | {"PROFILES": "mup-compat", "AUDIT_HEADS": heads}


@pytest.fixture
def filed(officer: User, desk: Desk) -> Application:
    return making.filed(officer, desk)


def issued(case: Application) -> Iterator[x509.Certificate]:
    for each in case.certificates.order_by("received_at"):
        yield x509.load_pem_x509_certificate(each.pem.encode())


def usages(certificate: x509.Certificate) -> set[str]:
    value = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    return {name for name in profiles.USAGES[:7] if getattr(value, name)}


def test_both_identifiers_share_an_rdn_and_the_signing_key_has_both_usages(
    filed: Application,
) -> None:
    assert filed.state == "filed"
    both = [{part.value for part in each.subject.rdns[3]} for each in issued(filed)]
    assert both == [set(ONE_RDN), set(ONE_RDN)]
    assert [usages(each) for each in issued(filed)] == [
        {"digital_signature", "content_commitment"},
        {"digital_signature"},
    ]
    assert {each.stage for each in filed.issuances.all()} == {"confirmed"}


@pytest.mark.parametrize(("first", "then"), [("strict", "mup-compat"), ("mup-compat", "strict")])
def test_what_was_begun_keeps_its_family(
    officer: User, desk: Desk, settings: LazySettings, first: str, then: str
) -> None:
    settings.OVERA = settings.OVERA | {"PROFILES": first}
    issuance = making.started(officer, desk)
    settings.OVERA = settings.OVERA | {"PROFILES": then}
    case = making.prove(issuance).application
    shared = [subject.shares_rdn(each.subject) for each in issued(case)]
    assert shared == [first == "mup-compat"] * 2


def test_a_case_from_before_the_families_goes_on(officer: User, desk: Desk) -> None:
    """Its rows got the family that there was, and name one pair for each RDN."""
    issuance = making.started(officer, desk)
    pairs = [["2.5.4.6", "RS"], ["2.5.4.42", "Петар"], ["2.5.4.4", "Петровић"]]
    pairs += [["2.5.4.5", text] for text in ONE_RDN] + [["2.5.4.3", "Петар Петровић"]]
    before = Issuance._meta.get_field("profiles").default  # noqa: SLF001
    issuance.application.issuances.update(profiles=before)
    for each in issuance.application.issuances.all():
        each.subject = pairs
        each.save()
    case = making.prove(issuance).application
    assert [subject.shares_rdn(each.subject) for each in issued(case)] == [False, False]


def test_its_status_changes_and_is_published(
    filed: Application, officer: User, sources: dict[str, Any]
) -> None:
    first = filed.certificates.order_by("received_at")[0]
    for change, state in (
        ("suspend", AtBody.SUSPENDED),
        ("reactivate", AtBody.VALID),
        ("revoke", AtBody.REVOKED),
    ):
        status.finished(filed, officer, change, serials=(first.serial,))
        assert status.at_body(first).state == state
    published.read(timezone.now())
    shown = [each.published.shown for each in filed.certificates.order_by("received_at")]
    assert shown == ["revoked", "valid"]


def test_its_holder_hears_that_it_expires(filed: Application) -> None:
    last = filed.certificates.order_by("ends_on")[0].ends_on
    notices.prepare(timezone.now() + (last - timezone.localdate()) - timedelta(days=60))
    assert [each.days for each in Notice.objects.all()] == [60]


def test_the_archive_finds_it_by_its_serial_number(filed: Application) -> None:
    for each in filed.certificates.all():
        page = archive.search(archive.SearchQuery(each.serial), limit=2)
        assert [hit.record.reference for hit in page.hits] == [filed.record_reference]


def test_an_inspector_accepts_its_evidence_and_no_request_of_another_form(
    officer: User, desk: Desk, tmp_path: Path
) -> None:
    case = making.started(officer, desk).application
    cards = {}
    for each in queries.unconfirmed(case):
        cards[each.role] = making.request(each)
        assert enrolments.enrol(str(each.pk))
        making.written(each, cards[each.role])
    case.refresh_from_db()
    filings.file(making.hand_over(case, officer), by=officer)
    certificate = case.certificates.get(role="signing")
    bundle = dossiers.take(certificate, reason="надзор", by=officer).data
    call_command("evidence", str(tmp_path), stdout=io.StringIO())
    names = ("heads.pub.pem", "chain.pem", "heads.jsonl")
    inspector = Inspector(tmp_path, *(tmp_path / name for name in names))
    assert inspector.refused(bundle) == {}
    opened = Opened.of(bundle)
    made = opened.said("making/issuance.json")
    assert (made["profile"], made["subject"][3][1::2]) == ("mup-compat-signing", ONE_RDN)
    parts = subject.restore(made["subject"])
    apart = (*parts[:3], parts[3][:2], parts[3][2:], *parts[4:])
    request = x509.load_der_x509_csr(Card(apart, cards["signing"].key).csr())
    opened.files["data/making/request.pem"] = request.public_bytes(Encoding.PEM)
    refused = inspector.refused(opened.packed())
    assert refused["request"] == "it names another person than the certificate"
