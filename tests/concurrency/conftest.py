"""An office with two officers at two desks, its tables really committed."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.utils import timezone, translation

from archive.services import audit
from cardops.messages import Keys
from config.celery import app
from registration.models import Desk, Office, User
from tests.concurrency.queues import Queues, redis
from tests.pages import counter
from tests.people import person


@pytest.fixture(autouse=True)
def english(settings: object) -> None:
    """The tests compare sentences; the msgids are English."""
    settings.LANGUAGE_CODE = "en"
    settings.LANGUAGES = [("en", "English")]
    translation.activate("en")


@pytest.fixture(autouse=True)
def whole_chain(transactional_db: None, heads_file: Path) -> Iterator[None]:
    """Whatever happened at once, the audit is one unbroken chain and its signed heads agree."""
    yield
    audit.sign_head()
    assert audit.verify().findings == ()


@pytest.fixture
def office(transactional_db: None) -> Office:
    return counter.office("071", "Stari grad")


@pytest.fixture
def officer(office: Office) -> User:
    return person("milena", office, "view_application", "add_application", "change_application")


@pytest.fixture
def colleague(office: Office) -> User:
    return person("zoran", office, "view_application", "add_application", "change_application")


@pytest.fixture
def keys() -> Keys:
    """Return the first desk's keys."""
    return Keys.generate()


@pytest.fixture
def desk(office: Office, keys: Keys) -> Desk:
    return _desk("desk-1", office, keys)


@pytest.fixture
def second_desk(office: Office) -> Desk:
    return _desk("desk-2", office, Keys.generate())


@pytest.fixture
def queues(monkeypatch: pytest.MonkeyPatch) -> Iterator[Queues]:
    """Return what is sent to a broker of its own, where nobody takes it."""
    with TemporaryDirectory() as folder, redis(Path(folder)) as address:
        monkeypatch.setattr(app, "_pool", None)
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        monkeypatch.setattr(app.conf, "broker_url", address)
        yield Queues(app)
        app.pool.force_close_all()


def _desk(code: str, office: Office, keys: Keys) -> Desk:
    public, now = keys.public.to_json(), timezone.now()
    return Desk.objects.create(code=code, name=code, office=office, public_keys=public, seen_at=now)
