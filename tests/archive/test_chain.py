import hashlib
from datetime import UTC, datetime

import pytest

from archive import chain


def event(position: int, **changes: object) -> chain.Event:
    said = {
        "stream": "decisions",
        "number": position,
        "at": chain.moment(datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        "event": "noted",
        "subject": "S",
        "actor": "jelena",
        "facts": {"b": 1, "a": "Ђ"},
    }
    return chain.Event(**{**said, **changes})  # type: ignore[arg-type]


def links(count: int) -> list[chain.Link]:
    previous, made = chain.START, []
    for number in range(1, count + 1):
        one = event(number)
        digest = chain.link(previous, one)
        made.append(chain.Link(one, previous, digest))
        previous = digest
    return made


def test_an_outsider_can_compute_the_hash_with_the_standard_library() -> None:
    body = (
        '{"actor":"jelena","at":"2026-03-01T09:30:00.000000+00:00","commitment":"",'
        '"event":"noted","facts":{"a":"Ђ","b":1},"number":1,"previous":"' + "0" * 64 + '",'
        '"stream":"decisions","subject":"S"}'
    )
    expected = hashlib.sha256(b"overa audit event 1\x00" + body.encode()).hexdigest()
    assert chain.link(chain.START, event(1)) == expected


def test_a_whole_chain_has_no_break() -> None:
    assert list(chain.breaks(links(5))) == []


@pytest.mark.parametrize(
    "field", ["stream", "number", "at", "event", "subject", "actor", "facts", "commitment"]
)
def test_every_field_is_held_by_the_hash(field: str) -> None:
    changed = 9 if field == "number" else {"x": 1} if field == "facts" else "x"
    assert chain.link(chain.START, event(1)) != chain.link(
        chain.START, event(1, **{field: changed})
    )


def test_a_missing_event_is_a_gap() -> None:
    whole = links(5)
    assert list(chain.breaks(whole[:2] + whole[3:])) == [chain.Break("decisions", 3, "gap")]


def test_a_swapped_tail_does_not_follow() -> None:
    first, second = links(2)
    other = chain.Link(second.event, "1" * 64, chain.link("1" * 64, second.event))
    assert list(chain.breaks([first, other])) == [chain.Break("decisions", 2, "previous")]


def test_a_commitment_depends_on_its_salt_and_its_data() -> None:
    one = chain.commit(b"s" * 32, {"jmbg": "0101990610020"})
    assert one == chain.commit(b"s" * 32, {"jmbg": "0101990610020"})
    assert one != chain.commit(b"t" * 32, {"jmbg": "0101990610020"})
    assert one != chain.commit(b"s" * 32, {"jmbg": "0101990610070"})


def test_nothing_but_json_has_a_spelling() -> None:
    assert chain.plain({1: (2, None)}) == {"1": [2, None]}
    with pytest.raises(ValueError, match="JSON compliant"):
        chain.canonical(float("nan"))
