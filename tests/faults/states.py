"""What a run begins from: a signed case with a blank card, and one whose card is occupied."""

import json

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from cardops.agent.configuration import Configuration
from cardops.virtual import keys, state
from cardops.virtual.control import Control
from cardops.virtual.make import Make
from cardops.virtual.ministry import Ministry
from cardops.virtual.people import PEOPLE
from cardops.virtual.piv import Memory
from cardops.virtual.state import Kept
from registration import ca, tasks
from registration.management import demo, walk
from registration.models import Application, CardReading, Desk, Office, User
from registration.services import desk_keys, desks, filings, handovers, packets, readings
from tests.faults import citizen
from tests.faults.counter import Counter
from tests.faults.officer import Officer
from tests.faults.place import Place
from tests.faults.points import BLANK, OCCUPIED

_P256 = 0x11
DESK = "desk-1"


def blank_card() -> dict[str, object]:
    """Return a card without PIN and certificates, on which somebody else's things lie too."""
    objects = {
        bytes.fromhex("5FC10B"): b"somebody's encryption certificate",
        bytes.fromhex("5FC106"): b"security object",
    }
    memory = Memory(keys={0x9D: keys.generate(_P256)}, objects=objects)
    return state.to_json(Kept(PEOPLE["milica"], memory, Make(), Ministry.new()))


def prepare_blank(place: Place, card: Control) -> None:
    """Make a database, an office, a desk; open and sign a case for a blank card."""
    call_command("migrate", verbosity=0)
    _enrol(place, demo.set_up())
    ca.connect(settings.OVERA).health()  # makes the body, once for all runs
    card.swap(blank_card())
    counter = Counter(place, card)
    _keep(place, counter, BLANK, _signed_case(counter, "issue"))


def prepare_occupied(place: Place, card: Control) -> None:
    """Issue and file that case; open and sign the next one, for the same card."""
    counter = Counter(place, card)
    _issue_and_file(counter, Application.objects.get(pk=place.facts(BLANK)["case"]))
    _keep(place, counter, OCCUPIED, _signed_case(counter, "renew"))


def _enrol(place: Place, office: Office) -> None:
    facts = {
        "code": DESK,
        "broker": "",
        "folder": str(place.desk),
        "browser": citizen.browser(place.screen),
        "server": desk_keys.server_keys().public.to_json(),
    }
    place.desk_file.write_text(json.dumps(facts))
    public = Configuration.read(place.desk_file).own_keys().public.to_json()
    desks.register(DESK, "Desk 1", office, public, by=None)


def relocate(place: Place) -> None:
    """Let the desk of a copied place know its own folders."""
    facts = json.loads(place.desk_file.read_text())
    facts |= {"folder": str(place.desk), "browser": citizen.browser(place.screen)}
    place.desk_file.write_text(json.dumps(facts))


def _signed_case(counter: Counter, procedure: str) -> Application:
    officer, desk = User.objects.get(username="officer"), Desk.objects.get()
    reading = readings.ask(desk, by=officer)
    tasks.read_card(str(reading.pk))
    while not counter.idle or counter.work():
        counter.work()
    case = walk.open_case(CardReading.objects.get(pk=reading.pk), officer, procedure=procedure)
    packets.print_packet(case, by=officer)
    walk.sign(case, officer)
    return case


def _issue_and_file(counter: Counter, case: Application) -> None:
    officer = Officer(counter, str(case.pk), lambda: None)
    officer.start()
    officer.carry_through()
    user = User.objects.get(username="officer")
    case.refresh_from_db()
    stays, goes = handovers.expected(case)
    handovers.confirm(case, sorted(stays), sorted(goes), by=user)
    filings.file(case, by=user)


def _keep(place: Place, counter: Counter, name: str, case: Application) -> None:
    counter.close()
    connections.close_all()
    place.keep(name, {"card": counter.card.card(), "case": str(case.pk)})
