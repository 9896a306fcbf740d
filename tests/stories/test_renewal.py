"""Renewals on a real PC/SC stack: what the card shows, and what becomes of the old certificates."""

from pathlib import Path

import pytest

from registration import tasks
from registration.management import walk
from registration.models import Application, Certificate
from registration.queries import gate, renewals
from registration.services import filings, issuances, packets
from tests.cardops.bodies import hierarchy
from tests.cardops.stored import store
from tests.registration import making
from tests.stories.office import Office, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.card]


def renewal(office: Office) -> Application:
    """Return a case of option 2 with everything that issuing needs, from the card in the reader."""
    reading = walk.read_card(office.desk, office.officer)
    case = walk.open_case(reading, office.officer, procedure="renew")
    packets.print_packet(case, by=office.officer)
    walk.sign(case, office.officer)
    return case


def test_certificates_from_elsewhere_on_the_card_may_be_renewed(
    office: Office, tmp_path: Path
) -> None:
    body = hierarchy(tmp_path)
    store(signing=body.for_card(), authentication=body.for_card())
    case = renewal(office)
    known = [renewals.predecessor(case, role) for role in ("signing", "authentication")]
    assert [each and each.issuer for each in known] == ["CN=Issuing"] * 2
    assert gate.ready(case)


def test_a_renewal_on_the_same_card_ends_what_it_renews(office: Office) -> None:
    first = office.start(office.signed_case())
    office.type_pin()
    case = office.confirmed(first).application
    case.refresh_from_db()
    old = filings.file(making.hand_over(case, office.officer), by=office.officer)
    case = renewal(office)
    started = issuances.start(case, office.desk, option="2", email=walk.EMAIL, by=office.officer)
    tasks.command.delay(str(started.pk))
    office.type_pin()
    office.confirmed(started)
    wait_for(lambda: not Certificate.objects.filter(application=old, revoked_at=None).exists())
    for each in case.issuances.all():
        renewed = old.certificates.get(role=each.role)
        assert each.renews_serial == each.replaced_serial == renewed.serial
        assert renewed.revocation_reason == "superseded"
