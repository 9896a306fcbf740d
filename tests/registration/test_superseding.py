"""A new certificate destroys the key of an old one: the old one ends, in the archive too."""

import pytest

from archive.models import Record
from registration.models import Certificate, Desk, Issuance, User
from registration.services import revocations
from tests.registration import making

pytestmark = pytest.mark.django_db


def test_the_record_of_a_filed_case_learns_that_its_certificate_ended(
    officer: User, desk: Desk
) -> None:
    filed = making.filed(officer, desk)
    old = filed.certificates.get(role="signing")
    new = making.confirmed(officer, desk)
    Issuance.objects.filter(pk=new.pk).update(replaced_serial=old.serial)  # as the desk tells
    assert list(revocations.unfinished()) == [new.pk]

    revocations.supersede(str(new.pk))
    assert list(revocations.unfinished()) == []
    old.refresh_from_db()
    assert old.revocation_reason == "superseded"
    record = Record.objects.get(reference=filed.record_reference)
    ended = {each.role: each.ended_reason for each in record.certificates.all()}
    assert ended == {"signing": "superseded", "authentication": ""}
    assert Certificate.objects.filter(revoked_at=None).count() == 3
