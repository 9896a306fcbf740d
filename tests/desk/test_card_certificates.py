"""What lies on the card already comes with its reading; the server believes only what it may."""

import base64
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cardops import transport
from cardops.cards import selection
from cardops.cards.profile import Role
from cardops.channel import Channel
from cardops.virtual.control import Control
from registration.models import CardReading, Desk, Office, User
from registration.services import conversation, readings
from tests.cardops import applications
from tests.cardops.bodies import Body, hierarchy
from tests.desk.speaker import Speaker
from tests.pages import counter
from tests.reader import put_in
from tests.registration.conftest import office, officer, sentences

__all__ = ["office", "officer", "sentences"]


@pytest.fixture
def body(tmp_path: Path) -> Body:
    return hierarchy(tmp_path)


@pytest.fixture
def speaker(office: Office) -> Speaker:
    made = Speaker()
    made.enrolled(office)
    conversation.receive(made.says())
    return made


def stored() -> dict[str, bytes] | None:
    connection = transport.connect()
    try:
        return selection.certificates(Channel(connection))
    finally:
        connection.close()


@pytest.mark.card
def test_the_desk_reads_what_is_on_the_card(reader: Control, body: Body) -> None:
    put_in(reader)
    assert stored() == {}
    connection = transport.connect()
    piv = applications.piv(Channel(connection))
    piv.administer(bytes(range(24)))
    der = body.for_card()
    piv.write_certificate(Role.SIGNING, der)
    connection.close()
    assert stored() == {"signing": der}


@pytest.mark.card
def test_a_card_that_stops_answering_meanwhile_is_one_that_nobody_looked_into(
    reader: Control,
) -> None:
    put_in(reader)
    reader.fault("status", ins=0xCB, sw=0x6F00)
    assert stored() is None
    reader.clear_faults()


def taken(speaker: Speaker, officer: User, **body: Any) -> list[dict[str, str]] | None:
    """Let the desk answer a reading of Petar's card; return what is kept of its certificates."""
    reading = readings.ask(Desk.objects.get(), by=officer)
    said = speaker.says("identity-read", {"card": counter.CARD} | body, step=str(reading.pk))
    conversation.receive(said)
    kept = CardReading.objects.get(pk=reading.pk)
    assert kept.result == CardReading.Result.READ
    return kept.certificates


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_serial_issuer_and_end_of_the_holders_certificates_are_kept(
    speaker: Speaker, officer: User, body: Body
) -> None:
    der = text(body.for_card(last=timedelta(days=20)))
    (kept,) = taken(speaker, officer, certificates={"signing": der}) or ()
    assert (kept["role"], kept["issuer"]) == ("signing", "CN=Issuing")
    assert kept.keys() == {"role", "serial", "issuer", "until"}


def test_another_persons_certificate_and_what_is_none_are_left_out(
    speaker: Speaker, officer: User, body: Body
) -> None:
    person = counter.CARD["person"] | {"jmbg": counter.citizen(1).jmbg}
    theirs = {"signing": text(body.for_card()), "authentication": text(b"no certificate")}
    assert (
        taken(speaker, officer, card=counter.CARD | {"person": person}, certificates=theirs) == []
    )


def test_an_older_desk_says_nothing_of_them(speaker: Speaker, officer: User) -> None:
    assert taken(speaker, officer) is None
    assert taken(speaker, officer, certificates=None) is None
