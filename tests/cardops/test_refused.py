"""Cards that cannot be issued to: told before the citizen is asked for anything."""

from pathlib import Path

import pytest

from cardops import errors
from cardops.virtual.control import Control
from tests.cardops import issuing
from tests.reader import put_in

pytestmark = pytest.mark.card


def refusal(folder: Path, reader: Control) -> errors.CardopsError:
    before = reader.status()["pin_left"]
    with pytest.raises(errors.CardopsError) as refused:
        issuing.issue(folder, "RSA-2048")
    assert reader.status()["pin_left"] == before
    return refused.value


def test_a_card_of_2008(reader: Control, tmp_path: Path) -> None:
    put_in(reader, "dragana", identity="old")
    assert isinstance(refusal(tmp_path, reader), errors.OldCardError)


def test_a_card_that_only_the_vendors_module_can_write(reader: Control, tmp_path: Path) -> None:
    put_in(reader, applet="cardedge")
    refused = refusal(tmp_path, reader)
    assert isinstance(refused, errors.NotAvailableError)
    assert refused.facts == {"ability": "generate", "profile": "cardedge"}


def test_a_card_without_an_application_that_signs(reader: Control, tmp_path: Path) -> None:
    put_in(reader, applet="")
    assert isinstance(refusal(tmp_path, reader), errors.UnknownCardError)


def test_another_persons_card(reader: Control, tmp_path: Path) -> None:
    put_in(reader, "marko")
    assert refusal(tmp_path, reader).facts == {"fields": ["jmbg"]}


def test_a_card_with_garbage_in_it(reader: Control, tmp_path: Path) -> None:
    put_in(reader, files={"0F03": "0F03"})
    assert refusal(tmp_path, reader).facts == {"file": "0F03", "reason": "length"}
