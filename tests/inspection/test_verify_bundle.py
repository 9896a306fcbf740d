"""An inspector accepts a good bundle and refuses every other, each for its own reason."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from django.db import connection

from tests.inspection import insider, keyless
from tests.inspection.conftest import Taken
from tests.inspection.evidence import Opened

pytestmark = [
    pytest.mark.django_db,
    # A bundle is a file; that one comes out of PostgreSQL as well is told with the pages.
    pytest.mark.skipif(connection.vendor == "postgresql", reason="asks the database nothing new"),
]


def named(value: object) -> str:
    return getattr(value, "__name__", "")


def short(refused: Mapping[str, str], expected: Mapping[str, str]) -> dict[str, str]:
    """Return of every refusal the words that were expected, or all of them."""
    words = ((name, expected.get(name, "?")) for name in refused)
    return {name: part if part in refused[name] else refused[name] for name, part in words}


def test_a_good_bundle_is_accepted(taken: Taken) -> None:
    outside = ("--heads", taken.inspector.heads)
    for bundle in (taken.first, taken.second, taken.authentication, taken.dropped, taken.archived):
        assert taken.inspector.refused(bundle) == {}
        assert taken.inspector.refused(bundle, *outside) == {}


def test_it_holds_the_same_when_the_counter_has_dropped_the_person(taken: Taken) -> None:
    before = Opened.of(taken.second).files
    grown = {"data/audit/events.json", "data/audit/heads.jsonl", "data/status.json"}
    made = {path for path in before if path.startswith("data/")} - grown
    for bundle in (taken.dropped, taken.archived):
        after = Opened.of(bundle).files
        assert {path: after[path] for path in made} == {path: before[path] for path in made}
        assert {path for path in after if path.startswith("data/")} == made | grown


def test_a_bundle_that_was_packed_and_signed_again_is_the_same(taken: Taken) -> None:
    """Without this the refusals below would say nothing."""
    opened = Opened.of(taken.second)
    opened.signed()
    assert taken.inspector.refused(opened.packed()) == {}


def test_a_certificate_of_a_time_when_no_messages_were_kept_is_accepted(taken: Taken) -> None:
    opened = Opened.of(taken.second)
    for path in (insider.ASKED, insider.GIVEN):
        del opened.files[f"data/{path}"]
    opened.signed()
    assert taken.inspector.refused(opened.packed()) == {}


def test_every_changed_byte_is_refused(taken: Taken) -> None:
    """Of each file the last; of the ZIP one of each stretch, and all that names its files."""
    whole = taken.second
    directory = whole.index(b"PK\x01\x02")
    places = {*range(64), *range(0, directory, 20011), *range(directory, len(whole), 37)}
    places |= {*range(len(whole) - 22, len(whole))}
    changed = {
        place: whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in places
    }
    unseen = [
        place for place in sorted(changed) if not taken.inspector.sees_a_change(changed[place])
    ]
    for path, data in Opened.of(whole).files.items():
        opened = Opened.of(whole)
        opened.files[path] = data[:-1] + bytes([data[-1] ^ 1])
        if not taken.inspector.sees_a_change(opened.packed()):
            unseen.append(path)
    assert unseen == []
    assert not taken.inspector.sees_a_change(whole)


def test_what_is_no_zip_is_refused(taken: Taken) -> None:
    for data in (b"", b"no ZIP", taken.second[:-30], taken.second[:5000]):
        assert list(taken.inspector.refused(data)) == ["zip"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("forge", "expected"), keyless.FORGERIES.items(), ids=named)
def test_without_a_key_nothing_can_be_changed(
    taken: Taken, forge: Callable[[Opened], bytes], expected: dict[str, str]
) -> None:
    refused = taken.inspector.refused(forge(Opened.of(taken.second)))
    assert short(refused, expected) == expected


@pytest.mark.parametrize(("forge", "expected"), insider.FORGERIES.items(), ids=named)
def test_with_the_key_nothing_can_be_put_together_that_does_not_belong_together(
    taken: Taken, forge: insider.Change, expected: dict[str, str]
) -> None:
    opened = Opened.of(taken.second)
    forge(opened, Opened.of(taken.first))
    opened.signed()
    assert short(taken.inspector.refused(opened.packed()), expected) == expected


def test_a_head_that_never_left_the_machine_is_refused(taken: Taken, tmp_path: Path) -> None:
    """Who holds the key can sign another log: only a copy from outside tells."""
    earlier = tmp_path / "heads.jsonl"
    first, *_later = taken.inspector.heads.read_bytes().splitlines(keepends=True)
    earlier.write_bytes(first)
    refused = taken.inspector.refused(taken.second, "--heads", earlier)
    assert refused == {"heads": "a head is not among those that you brought"}


def test_under_another_key_or_another_body_nothing_holds(taken: Taken, tmp_path: Path) -> None:
    refused = taken.stranger.refused(taken.second)
    assert list(refused) == ["signature", "chain", "heads"]
