"""One stack of programs for all stories; each begins with an empty database and a new card."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from cardops.virtual.control import Control
from config.celery import app
from config.supervisor.stack import DESK, Stack
from registration.management import demo
from registration.models import Desk, User
from registration.services import desks
from tests.reader import put_in
from tests.stories.office import Office, wait_for


@pytest.fixture(scope="session")
def address_file() -> Path:
    return Path(settings.VAR) / "citizen-screen"


@pytest.fixture(scope="session")
def stack(
    reader: Control, django_db_setup: None, django_db_blocker: object, address_file: Path
) -> Iterator[Stack]:
    """Start everything once; this process is a client of the same broker and the same pcscd."""
    keeper = [sys.executable, "-m", "tests.stories.keep_address", str(address_file), "{url}"]
    running = Stack(
        Path(settings.VAR),
        virtual=False,  # the pcscd of this test run, as if it were a real reader
        citizen=keeper,
        logs=True,
        settings="config.settings.test",
        prepare=False,
    )
    _use_broker(running.environment["OVERA_BROKER"])
    with django_db_blocker.unblock():
        demo.set_up()
    _trust(running.folder / "desk" / "identity-cas", reader)
    with running:
        yield running


def _trust(folder: Path, reader: Control) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "of-the-tests.pem").write_text(reader.status()["ministry"])


def _use_broker(address: str) -> None:

    app.conf.broker_url = address
    app.set_default()


@pytest.fixture
def office(stack: Stack, reader: Control, transactional_db: None, address_file: Path) -> Office:
    place = demo.set_up()
    public = json.loads((stack.folder / "desk" / "public.json").read_text())
    desks.register(DESK, "Desk 1", place, public, by=None)
    address_file.unlink(missing_ok=True)
    officer, desk = User.objects.get(username="officer"), Desk.objects.get(code=DESK)
    reader.clear_faults()
    put_in(reader)
    wait_for(lambda: Desk.objects.filter(code=DESK, card_present=True).exists())
    desk.refresh_from_db()
    return Office(stack, reader, officer, desk, address_file)
