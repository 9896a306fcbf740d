import base64
import json
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from archive import chain, tree
from archive.services import audit
from archive.services.log import heads, verification
from config import celery as tasks
from tests.archive.forging import forge, recompute, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(heads_file: Path) -> Path:
    """Ten events and four views, with signed heads."""
    write(10)
    write(4, "views.BG-01")
    heads.sign_head()
    return heads_file


def findings() -> list[tuple[str, int, str]]:
    report = verification.verify()
    return [(one.stream, one.number, one.reason) for one in report.findings]


def test_an_untouched_audit_holds(written: Path) -> None:
    write(3)
    report = verification.verify()
    assert report == verification.Report(17, 2, 1, 0, ())


def test_an_edit_is_found(written: Path) -> None:
    forge("UPDATE archive_auditevent SET actor = 'x' WHERE stream = 'decisions' AND number = 3")
    assert findings() == [("decisions", 3, "hash")]


def test_a_deletion_is_found(written: Path) -> None:
    forge("DELETE FROM archive_auditevent WHERE stream = 'decisions' AND number = 3")
    assert findings() == [("decisions", 3, "gap")]


def test_a_recomputed_chain_is_found(written: Path) -> None:
    forge("UPDATE archive_auditevent SET actor = 'x' WHERE stream = 'decisions' AND number = 3")
    recompute()
    assert findings() == [("decisions", 10, "signed")]


def test_a_deletion_with_a_recomputed_chain_is_found(written: Path) -> None:
    forge("DELETE FROM archive_auditevent WHERE stream = 'decisions' AND number = 3")
    recompute()
    assert findings() == [("decisions", 10, "truncated")]


def test_a_truncation_is_found(written: Path) -> None:
    forge("DELETE FROM archive_auditevent WHERE stream = 'decisions' AND number > 8")
    recompute()
    assert findings() == [("decisions", 10, "truncated")]


def test_a_stream_that_is_gone_is_found(written: Path) -> None:
    forge(
        "DELETE FROM archive_auditevent WHERE stream = 'views.BG-01'",
        "DELETE FROM archive_audithead WHERE stream = 'views.BG-01'",
    )
    assert findings() == [("views.BG-01", 4, "truncated")]


def test_a_head_row_that_lies_is_found(written: Path) -> None:
    forge("UPDATE archive_audithead SET hash = 'x' WHERE stream = 'decisions'")
    assert findings() == [("decisions", 10, "head")]


def test_a_lost_head_row_is_found(written: Path) -> None:
    forge("DELETE FROM archive_audithead WHERE stream = 'decisions'")
    assert findings() == [("decisions", 0, "head")]


def test_changed_personal_data_are_found_and_disposed_ones_are_not_a_fault(
    heads_file: Path,
) -> None:
    write(3, private={"name": "Ана"})
    heads.sign_head()
    forge(
        "DELETE FROM archive_auditprivate"
        " WHERE event_id = (SELECT min(id) FROM archive_auditevent)",
        "UPDATE archive_auditprivate SET salt = 'x'"
        " WHERE event_id = (SELECT max(id) FROM archive_auditevent)",
    )
    assert findings() == [("decisions", 3, "private")]
    assert verification.verify().erased == 1


def test_unreadable_personal_data_are_found(heads_file: Path) -> None:
    write(2, private={"name": "Ана"})
    heads.sign_head()
    garbage = {"sqlite": "x'0102'", "postgresql": r"'\x0102'"}[connection.vendor]
    forge(f"UPDATE archive_auditprivate SET data = {garbage}")  # noqa: S608
    assert findings() == [("decisions", 1, "private"), ("decisions", 2, "private")]


def test_without_heads_nothing_is_proven(written: Path) -> None:
    written.unlink()
    assert findings() == [("heads file", 0, "missing")]


def test_a_line_of_heads_signed_by_another_is_found(written: Path) -> None:
    body = json.loads(written.read_bytes())
    del body["signature"]
    body["streams"]["decisions"][0] = 9
    forged = Ed25519PrivateKey.generate().sign(heads.TAG + chain.canonical(body))
    body["signature"] = base64.b64encode(forged).decode()
    written.write_bytes(chain.canonical(body) + b"\n")
    assert findings() == [("heads file", 1, "signature")]


def test_a_line_whose_tree_is_of_other_events_is_found(written: Path) -> None:
    body = json.loads(written.read_bytes())
    del body["signature"]
    body["trees"]["decisions"][1] = tree.root([chain.START])
    signature = heads._signing_key().sign(heads.TAG + chain.canonical(body))  # noqa: SLF001
    body["signature"] = base64.b64encode(signature).decode()
    written.write_bytes(chain.canonical(body) + b"\n")
    assert findings() == [("decisions", 10, "tree")]


def test_a_tree_holds_what_was_written_since_the_line_before(written: Path) -> None:
    write(3)
    heads.sign_head()
    before, now = (json.loads(line) for line in written.read_bytes().splitlines())
    assert before["trees"]["decisions"] == [1, tree.root(heads.hashes("decisions", 1, 10))]
    assert now["trees"] == {"decisions": [11, tree.root(heads.hashes("decisions", 11, 13))]}
    assert findings() == []


def test_a_line_taken_out_of_the_heads_is_found(written: Path) -> None:
    for _ in range(2):
        write(1)
        heads.sign_head()
    first, _, third = written.read_bytes().splitlines(keepends=True)
    written.write_bytes(first + third)
    assert findings() == [("heads file", 2, "order")]


def test_a_line_cut_by_a_power_failure_does_no_harm(written: Path) -> None:
    with written.open("ab") as file:
        file.write(b'{"at":"2026-')
    write(1)
    heads.sign_head()
    assert len(written.read_bytes().splitlines()) == 3
    assert findings() == []


def test_the_private_key_stays_home_and_the_public_one_lies_beside_the_heads(
    written: Path,
) -> None:
    private = Path(str(settings.OVERA["KEYS"])) / "audit-ed25519.pem"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert sorted(path.name for path in written.parent.iterdir()) == [
        "heads.jsonl",
        "heads.pub.pem",
    ]
    key = serialization.load_pem_private_key(private.read_bytes(), None).public_key()
    public = serialization.load_pem_public_key((written.parent / heads.PUBLIC_KEY).read_bytes())
    assert public == key


def test_nothing_else_is_signed_as_heads_are(heads_file: Path) -> None:
    with pytest.raises(ValueError, match="only sign_head"):
        heads.sign(heads.TAG + b"{}")


def test_a_head_is_signed_at_the_first_event_and_then_every_so_many(
    heads_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setitem(settings.OVERA, "AUDIT_HEAD_EVERY", 5)
    for _ in range(11):
        with django_capture_on_commit_callbacks(execute=True):
            write(1)
    lines = [json.loads(line) for line in heads_file.read_bytes().splitlines()]
    assert [line["streams"]["decisions"][0] for line in lines] == [1, 6, 11]


def test_events_of_all_streams_count_together(
    heads_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setitem(settings.OVERA, "AUDIT_HEAD_EVERY", 6)
    for stream in ("decisions", "views.071", "views.072") * 4:
        with django_capture_on_commit_callbacks(execute=True):
            write(1, stream)
    lines = [json.loads(line)["streams"] for line in heads_file.read_bytes().splitlines()]
    assert [sum(number for number, _hash in line.values()) for line in lines] == [1, 2, 3, 9]


def test_the_hourly_head_and_its_stamp_are_on_the_clock_of_the_worker(heads_file: Path) -> None:
    write(2)
    planned = settings.CELERY_BEAT_SCHEDULE
    assert planned["audit head"]["schedule"].minute == {0}
    assert len(planned["audit head"]["schedule"].hour) == 24
    for name in ("audit head", "audit stamps"):
        tasks.app.tasks[planned[name]["task"]].apply(throw=True)
    assert json.loads(heads_file.read_bytes())["streams"]["decisions"][0] == 2


def test_a_head_is_not_signed_while_its_events_may_still_vanish(heads_file: Path) -> None:
    with audit.transaction(), pytest.raises(audit.AuditError):
        audit.sign_head()
    assert not heads_file.exists()
    write(1)
    audit.sign_head()
    assert audit.verify().findings == ()
