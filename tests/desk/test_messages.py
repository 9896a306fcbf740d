"""Envelopes: only the right receiver reads them, only the right sender makes them, once."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cardops import messages
from cardops.errors import MessageError
from cardops.messages import Keys, Message
from tests.desk.envelopes import DESK, MESSAGE, NOW, SERVER, STRANGER, signed_anew


def sealed(message: Message = MESSAGE, sender: Keys = SERVER) -> str:
    return messages.seal(message, sender=sender, receiver=DESK.public)


def opened(text: str, *, desk: str = "desk-1", now: float = NOW, receiver: Keys = DESK) -> Message:
    return messages.open_envelope(text, receiver=receiver, sender=SERVER.public, desk=desk, now=now)


def reason(text: str, **how: object) -> str:
    with pytest.raises(MessageError) as refused:
        opened(text, **how)
    return refused.value.reason


def test_what_was_said_arrives_as_it_was_said() -> None:
    assert opened(sealed()) == MESSAGE


def test_who_carries_it_reads_nothing_of_the_body() -> None:
    text = sealed()
    assert "Милица" not in text
    assert json.loads(text)["type"] == "make-request"
    assert messages.desk_of(text) == "desk-1"


def test_two_envelopes_of_one_message_differ() -> None:
    assert json.loads(sealed())["sealed"] != json.loads(sealed())["sealed"]


@pytest.mark.parametrize(
    "field",
    ["desk", "type", "message_id", "sequence", "issued_at", "expires_at", "case", "issuance"],
)
def test_no_field_of_the_header_can_be_changed(field: str) -> None:
    envelope = json.loads(sealed())
    envelope[field] = 9 if field == "sequence" else "another"
    assert reason(json.dumps(envelope)) == "signature"


def test_a_strangers_signature_is_refused() -> None:
    assert reason(sealed(sender=STRANGER)) == "signature"


def test_a_sealed_body_of_another_message_does_not_fit() -> None:
    mine, other = json.loads(sealed()), json.loads(sealed(replace(MESSAGE, sequence=8)))
    mine["sealed"] = other["sealed"]
    assert reason(json.dumps(mine)) == "signature"


def test_only_the_receiver_opens_it() -> None:
    assert reason(sealed(), receiver=STRANGER) == "seal"


def test_another_desks_message_is_refused() -> None:
    assert reason(sealed(), desk="desk-2") == "desk"


@pytest.mark.parametrize("now", [NOW + 120, NOW - 61])
def test_a_message_out_of_its_time_is_refused(now: float) -> None:
    assert reason(sealed(), now=now) == "expired"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "malformed"),
        ("[]", "malformed"),
        ("{}", "malformed"),
        ("{" * 100_000, "malformed"),
        ("[" * 900_000, "malformed"),
        ('{"desk":' * 100_000, "malformed"),
        ('{"desk":"a","desk":"b"}', "malformed"),
        ('{"sequence":NaN}', "malformed"),
        ('{"sequence":' + "9" * 5_000 + "}", "malformed"),
        (None, "malformed"),
        (7, "malformed"),
        ({"desk": "desk-1"}, "malformed"),
        (b"{}", "malformed"),
        ("x" * (messages.LARGEST + 1), "too-large"),
    ],
)
def test_garbage_is_refused(text: Any, why: str) -> None:
    assert reason(text) == why


NO_NUMBERS = [True, "8", None, [], {}, -1, 0, 10**400, 1e300, float(2**53)]
NO_NAMES = [None, 7, True, [], {}, "a\0b", "x" * 41]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("sequence", value) for value in [*NO_NUMBERS, 8.0]),
        *(("issued_at", value) for value in NO_NUMBERS),
        *(("expires_at", value) for value in NO_NUMBERS),
        *((name, value) for name in ("type", "case", "issuance", "step") for value in NO_NAMES),
        *(("message_id", value) for value in [*NO_NAMES, "short", "A" * 32, "a" * 33]),
    ],
)
def test_even_the_right_signature_makes_no_sense_of_nonsense(field: str, value: Any) -> None:
    envelope = json.loads(sealed())
    envelope[field] = value
    assert reason(signed_anew(envelope)) == "header"


@pytest.mark.parametrize("desk", [*NO_NAMES, "\ud800"])
def test_a_desk_that_can_be_none_has_no_name(desk: Any) -> None:
    with pytest.raises(MessageError):
        messages.desk_of(json.dumps(json.loads(sealed()) | {"desk": desk}))


@pytest.mark.parametrize("version", [2, 1.0, True, "1", None])
def test_another_version_is_refused(version: object) -> None:
    assert reason(signed_anew(json.loads(sealed()) | {"version": version})) == "version"


@pytest.mark.parametrize("box", ["", "AAAA", "A" * 44, "!", 7, None, ["AAAA"]])
def test_a_cut_seal_is_refused(box: object) -> None:
    assert reason(signed_anew(json.loads(sealed()) | {"sealed": box})) == "seal"


def test_a_seal_is_bound_to_its_header() -> None:
    other = json.loads(sealed(replace(MESSAGE, sequence=8)))
    assert reason(signed_anew(json.loads(sealed()) | {"sealed": other["sealed"]})) == "seal"


@pytest.mark.parametrize("signature", ["", "AAAA", "!", 7, None])
def test_a_signature_of_another_shape_is_refused(signature: object) -> None:
    assert reason(json.dumps(json.loads(sealed()) | {"signature": signature})) == "signature"


@pytest.mark.parametrize("body", [[], "text", 7, None, True])
def test_a_body_that_is_no_object_is_refused(body: Any) -> None:
    assert reason(sealed(replace(MESSAGE, body=body))) == "malformed"


def test_a_message_does_not_come_back_to_its_sender_as_the_others() -> None:
    said = messages.seal(MESSAGE, sender=DESK, receiver=DESK.public)
    assert reason(said) == "signature"


def test_a_message_is_taken_once_and_never_after_a_later_one() -> None:
    messages.require_fresh(MESSAGE, seen=False, last=5)
    for seen, last, why in ((True, 5, "seen"), (False, 7, "sequence"), (False, 8, "sequence")):
        with pytest.raises(MessageError) as refused:
            messages.require_fresh(MESSAGE, seen=seen, last=last)
        assert refused.value.reason == why


def test_a_memory_from_a_backup_is_not_behind() -> None:
    assert messages.next_sequence(5, NOW) == int(NOW * 1_000_000)
    assert messages.next_sequence(int(NOW * 1_000_000), NOW) == int(NOW * 1_000_000) + 1


def test_keys_survive_their_way_as_json_and_garbage_is_none() -> None:
    assert Keys.from_json(DESK.to_json()) == DESK
    assert messages.PublicKeys.from_json(DESK.public.to_json()) == DESK.public
    with pytest.raises(MessageError):
        messages.PublicKeys.from_json({"sign": "AAAA", "seal": "AAAA"})
