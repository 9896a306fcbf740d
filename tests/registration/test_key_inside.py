"""Cases whose certificates are signed by a key inside of a token: nothing else is different."""

from pathlib import Path

import pytest
from django.conf import settings

from registration.models import Desk, Issuance, User
from registration.services import enrolments, issuances
from registration.tokens import Token
from registration.workflow.issuance import BODY_AWAY, Stage
from tests.ca.test_inside import forget, token
from tests.cardops import softhsm
from tests.registration import making

__all__ = ["token"]


@pytest.fixture
def inside(token: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Token:
    section = {
        "CONNECTOR": "embedded",
        "FOLDER": tmp_path / "ca",
        "PKCS11_MODULE": str(token.module),
        "PKCS11_TOKEN": token.label,
        "PKCS11_PIN_FILE": str(token.pin),
    }
    monkeypatch.setitem(settings.OVERA, "CA", section)
    return token


def test_a_case_is_issued_and_filed(officer: User, desk: Desk, inside: Token) -> None:
    filed = making.filed(officer, desk)
    assert filed.certificates.filter(revoked_at=None).count() == 2


def test_a_case_waits_for_the_right_pin_and_goes_on_with_the_same_key(
    officer: User, desk: Desk, inside: Token, tmp_path: Path
) -> None:
    issuance = making.started(officer, desk)
    card = making.request(issuance)
    inside.pin.write_bytes(b"00000000")
    assert not enrolments.enrol(str(issuance.pk))
    issuance = Issuance.objects.get(pk=issuance.pk)
    assert (issuance.stage, issuance.failure_code) == (Stage.INTERRUPTED, BODY_AWAY)
    inside.pin.write_bytes(softhsm.PIN)
    softhsm.tool(tmp_path / "hsm", "--list-objects")  # the administrator logs in
    forget()
    issuances.resume(issuance, by=officer)
    assert enrolments.enrol(str(issuance.pk))
    making.written(issuance, card)
    assert Issuance.objects.get(pk=issuance.pk).stage == Stage.CONFIRMED
