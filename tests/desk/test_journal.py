"""What a desk remembers over a crash."""

from dataclasses import replace
from pathlib import Path

import pytest

from cardops.errors import MessageError
from cardops.journal import Journal, Key
from tests.desk.envelopes import MESSAGE, NOW


def test_a_message_is_accepted_once_even_after_a_restart(tmp_path: Path) -> None:
    first = Journal(tmp_path / "journal")
    first.accept(MESSAGE, now=NOW)
    first.close()
    second = Journal(tmp_path / "journal")
    for again in (MESSAGE, replace(MESSAGE, sequence=9), replace(MESSAGE, message_id="other")):
        with pytest.raises(MessageError):
            second.accept(again, now=NOW)
    second.accept(replace(MESSAGE, sequence=9, message_id="later"), now=NOW)


def test_an_answer_waits_until_it_is_sent(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.keep(lambda sequence: f"first {sequence}")
    journal.keep(lambda sequence: f"second {sequence}")
    journal.close()
    again = Journal(tmp_path / "journal")
    (one, first), (two, second) = again.unsent()
    assert (first, second) == (f"first {one}", f"second {two}")
    assert one < two < again.next_sequence()
    again.sent(one)
    assert again.unsent() == [(two, second)]


def test_an_answer_that_cannot_be_composed_takes_no_place(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    with pytest.raises(ZeroDivisionError):
        journal.keep(lambda sequence: str(sequence / 0))
    assert journal.unsent() == []


def test_a_key_is_recorded_once_for_an_issuance_and_role(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.record_key(Key("i-1", "signing", b"public"))
    assert journal.key("i-1", "signing") == Key("i-1", "signing", b"public")
    assert journal.key("i-2", "signing") is None
    with pytest.raises(Exception, match="UNIQUE"):
        journal.record_key(Key("i-1", "signing", b"another"))


def test_the_first_note_of_a_replaced_certificate_stays(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.record_replacement("i-1", "signing", "aa")
    journal.record_replacement("i-1", "signing", "bb")
    assert journal.replacement("i-1", "signing") == "aa"
    assert journal.replacement("i-2", "signing") is None
