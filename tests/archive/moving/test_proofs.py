"""What the log says of records that leave, proven by signed heads, however busy the log is."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.utils import timezone

from archive import chain
from archive.models import Record
from archive.services import audit, records
from archive.services.log import heads
from archive.services.moving import contents, exports
from archive.services.moving.selections import Selection
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.archive.test_tree import fold

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def filed(heads_file: Path, officer: Officer) -> None:
    """Some records, each below a head of its own."""
    for number in range(1, 6):
        records.file(cases.filing(file_number=f"{number}/2026"), by=officer)
        audit.sign_head()


def write(bag: Path) -> dict[str, list[dict[str, Any]]]:
    """Export all records as a selection; return what the log says of each, in the bag."""
    exports.write(Selection(year=timezone.localdate().year), bag, Record.objects.all())
    found = sorted(bag.glob("data/records/*/audit.json"))
    return {path.parent.name: json.loads(path.read_bytes()) for path in found}


def roots() -> dict[str, str]:
    """Return the roots in our heads by their moments; each line's signature holds."""
    file, key = heads.own()
    public = load_pem_public_key(key.read_bytes())
    found = {}
    for line in file.read_bytes().splitlines():
        body = json.loads(line)
        signature = base64.b64decode(body.pop("signature"))
        public.verify(signature, heads.TAG + chain.canonical(body))  # type: ignore[call-arg, union-attr]
        found[body["at"]] = body["trees"].get(audit.DECISIONS, [0, ""])[1]
    return found


def proven(told: list[dict[str, Any]]) -> bool:
    known = roots()
    return all(fold(each["hash"], each["path"]) == known[each["head"]] for each in told)


def test_the_heads_are_read_once_however_many_records_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "_AT_ONCE", 1)
    read: list[bytes] = []
    body = heads.body

    def counted(line: bytes) -> dict[str, Any]:
        read.append(line)
        return body(line)

    monkeypatch.setattr(heads, "body", counted)
    told = write(tmp_path / "bag")
    assert [events[0]["event"]["event"] for events in told.values()] == ["record.filed"] * 5
    assert all(proven(events) for events in told.values())
    whole = [each for each in read if each.endswith(b"\n")]
    assert len(whole) == len(set(whole))


def busy(times: int) -> Callable[[], None]:
    """Return a way to sign after which somebody files a record at once, so many times."""
    left, sign = iter(range(times)), heads.sign_head

    def signed() -> None:
        sign()
        for number in left:
            records.file(cases.filing(file_number=f"{100 + number}/2026"), by=Officer())
            return

    return signed


def test_an_export_goes_on_where_somebody_decides_before_it_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "sign_head", busy(3))
    told = write(tmp_path / "bag")
    assert len(told) == 5 + 3
    assert all(events and proven(events) for events in told.values())
