"""A counter of its own for these tests: a reader with a pad, a broker, a worker, a desk."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from cardops.virtual import service
from cardops.virtual.control import Control
from config.celery import app
from config.supervisor.stack import DESK, Stack
from registration.management import demo
from registration.models import Desk, User
from registration.services import desks
from tests.leaks.counter import Counter
from tests.pinpad import driver
from tests.stories.office import Office, wait_for


@pytest.fixture(scope="module")
def counter(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Counter]:
    rest, folder = tmp_path_factory.mktemp("rest"), Path(settings.VAR)
    address_file = folder / "citizen-screen"
    keeper = [sys.executable, "-m", "tests.stories.keep_address", str(address_file), "{url}"]
    stack = Stack(
        folder,
        web=False,
        virtual=False,
        citizen=keeper,
        logs=True,
        settings="tests.leaks.settings",
        prepare=False,
    )
    with tempfile.TemporaryDirectory(prefix="overa-") as reader:
        at = Counter(stack, Path(reader), rest, driver.build(Path(reader)), address_file)
        stack.environment |= _kept_apart(rest)
        stack.environment["PCSCLITE_CSOCK_NAME"] = str(service.socket_path(at.reader))
        with django_db_blocker.unblock():
            demo.set_up()
        with _broker(stack.environment["OVERA_BROKER"]), stack:
            yield at


def _kept_apart(rest: Path) -> dict[str, str]:
    """Let all that programs leave elsewhere be found: temporary files, caches, dumps."""
    for name in ("tmp", "home"):
        (rest / name).mkdir()
    return {"TMPDIR": str(rest / "tmp"), "HOME": str(rest / "home"), "XDG_CACHE_HOME": ""}


@contextmanager
def _broker(address: str) -> Iterator[None]:
    before = app.conf.broker_url
    app.conf.broker_url = address
    app.set_default()
    yield
    app.conf.broker_url = before


@pytest.fixture
def office(counter: Counter, transactional_db: None) -> Office:
    place = demo.set_up()
    public = json.loads((counter.stack.folder / "desk" / "public.json").read_text())
    desks.register(DESK, "Desk 1", place, public, by=None)
    counter.address_file.unlink(missing_ok=True)
    officer, desk = User.objects.get(username="officer"), Desk.objects.get(code=DESK)
    return Office(counter.stack, Control(counter.reader), officer, desk, counter.address_file)


@pytest.fixture
def on_line(office: Office) -> Callable[[], None]:
    """Wait until the desk has told the server of the card in its reader."""

    def wait() -> None:
        now = timezone.now()
        here = Desk.objects.filter(code=DESK, card_present=True, seen_at__gt=now)
        wait_for(here.exists)
        office.desk.refresh_from_db()

    return wait
