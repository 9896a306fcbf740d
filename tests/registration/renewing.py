"""A filed case whose certificates are renewed in another one."""

import pytest

from registration.models import Application, Certificate, Desk, Issuance, User
from registration.services import filings
from tests.registration import making


@pytest.fixture
def old(officer: User, desk: Desk) -> Application:
    return making.filed(officer, desk)


def certificate(case: Application, role: str = "signing") -> Certificate:
    return case.certificates.get(role=role)


def filed(issuance: Issuance, officer: User) -> Application:
    return filings.file(making.hand_over(issuance.application, officer), by=officer)


def renewed(officer: User, desk: Desk, old: Application, *, occupied: bool) -> Application:
    started = making.started(officer, desk, **making.renewal(old))
    return filed(making.prove(started, occupied=occupied), officer)
