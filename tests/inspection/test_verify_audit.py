"""The log is forged in every way that the database, the key and the files allow: all are found."""

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command

from archive import chain
from archive.inspector import verify_audit as verifier
from archive.models import AuditEvent, AuditHead
from archive.services.log import heads, stamps
from registration.models import User
from tests.archive import forging
from tests.archive.forging import forge, recompute
from tests.archive.stamping import server, tsa
from tests.registration import making
from tests.seals.stamper import Stamper
from tests.stories import filed

__all__ = ["server", "tsa"]

pytestmark = pytest.mark.django_db
EDIT = "UPDATE archive_auditevent SET actor = 'x' WHERE stream = 'decisions' AND number = 4"
DELETE = "DELETE FROM archive_auditevent WHERE stream = 'decisions' AND number "


def write(count: int, stream: str = "decisions", private: object = None) -> None:
    forging.write(count, stream, private)
    heads.sign_head()


class Outside:
    """What an inspector holds: key and heads that left in time."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0
        shutil.copytree(heads.heads_file().parent, folder)

    def check(self, export: Path, *words: str | Path) -> tuple[int, list[str]]:
        """Run the verifier as an inspector does, with nothing but Python's own library."""
        command = [sys.executable, "-I", "-S", export / "verify_audit.py", export]
        command += ["--public-key", self.folder / "heads.pub.pem"]
        done = subprocess.run(
            [*command, "--heads", self.folder / "heads.jsonl", *words],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        said = done.stdout.splitlines()
        return done.returncode, [
            each.removeprefix("FAULT    ") for each in said if each.startswith("FAULT")
        ]

    def export(self, *words: str) -> Path:
        self.count += 1
        made = self.folder / str(self.count)
        call_command("export_audit", str(made), "--by", "inspected", "--reason", "audit", *words)
        return made


@pytest.fixture
def outside(heads_file: Path, tmp_path: Path) -> Outside:
    """Ten decisions, six of them about somebody, and three views, under three heads."""
    User.objects.create_superuser("inspected")
    write(4)
    write(6, private={"name": "Ана"})
    write(3, "views.071")
    return Outside(tmp_path / "outside")


def sign_anew(heads_file: Path) -> None:
    """Write other heads with our own key over a log that was written anew."""
    heads_file.unlink()
    heads.sign_head()


def test_an_untouched_log_holds(outside: Outside) -> None:
    assert outside.check(outside.export()) == (0, [])
    write(2)
    assert outside.check(outside.export("--private")) == (0, [])


def test_the_log_of_a_real_run_holds_on_paper_too(heads_file: Path, tmp_path: Path) -> None:
    officer, desk = filed.place()
    making.filed(officer, desk)
    User.objects.create_superuser("inspected")
    heads.sign_head()
    outside = Outside(tmp_path / "outside")
    head = AuditHead.objects.get(stream="decisions")
    export = outside.export("--private")
    on_paper = f"{head.number}: {head.hash[:4]} {head.hash[4:8]} {head.hash[8:12]}"
    assert outside.check(export, "--printed", on_paper) == (0, [])
    (head_of_another,) = (f"{head.number}: 0000 {head.hash[4:8]} {head.hash[8:12]}",)
    assert outside.check(export, "--printed", head_of_another) == (
        1,
        [f"“decisions”: written anew: event {head.number} is another than the one on the paper"],
    )


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([EDIT], ["event 4 was changed (noted, "]),
        ([DELETE + "= 4"], ["event 4 is missing"]),
        ([DELETE + "IN (4, 5)"], ["events 4–5 are missing"]),
        (
            [
                "UPDATE archive_auditevent SET number = 99 WHERE stream='decisions' AND number = 4",
                "UPDATE archive_auditevent SET number = 4 WHERE stream='decisions' AND number = 5",
                "UPDATE archive_auditevent SET number = 5 WHERE stream='decisions' AND number = 99",
            ],
            [
                "event 4 does not follow the event before it",
                "event 4 was changed (noted, ",
                "written anew between event 1 and event 4: the head of ",
                "event 5 does not follow the event before it",
                "event 5 was changed (noted, ",
                "event 6 does not follow the event before it",
            ],
        ),
    ],
)
def test_what_is_done_to_an_event_is_named(
    outside: Outside, statements: list[str], expected: list[str]
) -> None:
    forge("DELETE FROM archive_auditprivate", *statements)
    code, found = outside.check(outside.export())
    assert code == 1
    for said, start in zip(found, expected, strict=True):
        assert said.startswith(f"“decisions”: {start}")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (EDIT, "written anew between event 1 and event 4: the head of "),
        (DELETE + "= 4", "written anew between event 1 and event 4: the head of "),
        (DELETE + "= 8", "written anew between event 5 and event 10: the head of "),
        (DELETE + "> 8", "written anew between event 5 and event 10: the head of "),
    ],
)
def test_a_chain_that_was_computed_again_and_signed_with_our_key_is_found(
    outside: Outside, heads_file: Path, statement: str, expected: str
) -> None:
    forge("DELETE FROM archive_auditprivate", statement)
    recompute()
    sign_anew(heads_file)
    write(3)
    code, found = outside.check(outside.export())
    assert code == 1
    assert found[0].startswith("the heads of the export were cut or written anew: line ")
    assert found[1].startswith(f"“decisions”: {expected}")


def test_without_the_outside_head_such_a_log_looks_whole(
    outside: Outside, heads_file: Path
) -> None:
    forge("DELETE FROM archive_auditprivate", EDIT)
    recompute()
    sign_anew(heads_file)
    export = outside.export()
    shutil.copy(export / "heads.jsonl", outside.folder / "heads.jsonl")
    assert outside.check(export) == (0, [])


def test_a_log_that_was_cut_off_is_found(outside: Outside) -> None:
    forge(
        "DELETE FROM archive_auditprivate",
        DELETE + "> 8",
        "DELETE FROM archive_auditevent WHERE stream = 'views.071'",
        "DELETE FROM archive_audithead WHERE stream = 'views.071'",
    )
    AuditHead.objects.filter(stream="decisions").update(
        number=8, hash=AuditEvent.objects.get(stream="decisions", number=8).hash
    )
    heads.heads_file().unlink()
    code, found = outside.check(outside.export())
    assert code == 1
    assert found[1].startswith("“decisions”: cut off after event 9: event 10 was signed on ")
    assert found[2].startswith("“views.071”: cut off after event 0: event 3 was signed on ")


def test_changed_personal_data_are_found(outside: Outside) -> None:
    forge(
        "UPDATE archive_auditprivate SET salt = 'x' WHERE event_id ="
        " (SELECT id FROM archive_auditevent WHERE stream = 'decisions' AND number = 7)"
    )
    said = "“decisions”: the personal data beside event 7 were changed"
    assert outside.check(outside.export("--private")) == (1, [said])


Change = Callable[[Path], None]


def edit(name: str, change: Callable[[list[bytes]], list[bytes]]) -> Change:
    def changed(export: Path) -> None:
        path = export / name
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    return changed


def other_signature(lines: list[bytes]) -> list[bytes]:
    body = json.loads(lines[1])
    del body["signature"]
    signature = Ed25519PrivateKey.generate().sign(heads.TAG + chain.canonical(body))
    body["signature"] = base64.b64encode(signature).decode()
    return [lines[0], chain.canonical(body) + b"\n", *lines[2:]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (edit("heads.jsonl", lambda lines: lines[:2]), "the heads of the export were cut"),
        (edit("heads.jsonl", lambda lines: lines[1:]), "line 1 of heads.jsonl does not follow"),
        (edit("heads.jsonl", lambda lines: [lines[0], *lines[2:]]), "line 2 of heads.jsonl does"),
        (edit("heads.jsonl", lambda _lines: []), "heads.jsonl holds no signed head"),
        (edit("heads.jsonl", other_signature), "line 2 of heads.jsonl is not signed by the key"),
        (edit("events.jsonl", lambda lines: lines[:-1]), "events.jsonl is not whole"),
        (edit("events.jsonl", lambda lines: lines[:5]), "events.jsonl is not whole"),
        (edit("events.jsonl", lambda lines: lines[1:]), "line 1 of events.jsonl cannot be read"),
        (edit("events.jsonl", lambda lines: [*lines, lines[-2]]), "events.jsonl is not whole"),
        (
            edit("events.jsonl", lambda lines: [*lines[:4], b"{]\n", *lines[5:]]),
            "line 5 of events.jsonl cannot be read",
        ),
    ],
)
def test_what_is_done_to_the_files_is_named(
    outside: Outside, change: Change, expected: str
) -> None:
    export = outside.export()
    change(export)
    code, found = outside.check(export)
    assert code == 1
    assert found[0].startswith(expected)


def test_another_key_is_not_believed(outside: Outside) -> None:
    export = outside.export()
    public = Ed25519PrivateKey.generate().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (outside.folder / "heads.pub.pem").write_bytes(pem)
    code, found = outside.check(export)
    assert (code, found[0]) == (
        1,
        "line 1 of heads.jsonl is not signed by the key that you brought",
    )


def test_heads_of_later_days_are_left_out_only_when_told_so(outside: Outside) -> None:
    export = outside.export()
    until = json.loads((export / "heads.jsonl").read_bytes().splitlines()[-1])["at"]
    write(2)
    shutil.copy(heads.heads_file(), outside.folder / "heads.jsonl")
    code, found = outside.check(export)
    assert (code, len(found)) == (1, 2)
    assert found[1].startswith("“decisions”: cut off after event 11: event 13 was signed on ")
    assert outside.check(export, "--until", until) == (0, [])


def test_time_stamps_are_judged_by_openssl(outside: Outside, tsa: Stamper, tmp_path: Path) -> None:
    stamps.stamp_missing()
    export = outside.export()
    roots = tmp_path / "roots.pem"
    assert outside.check(export, "--tsa-roots", roots) == (0, [])
    (token,) = (export / "heads.tst").iterdir()
    *kept, last = token.read_bytes()
    token.write_bytes(bytes([*kept, last ^ 1]))
    code, found = outside.check(export, "--tsa-roots", roots)
    assert code == 1
    assert found[0].startswith("the time stamp of line 3 does not hold: ")


def test_who_may_not_see_private_data_gets_none_and_that_is_noted(
    outside: Outside, tmp_path: Path
) -> None:
    User.objects.create_user("curious")
    words = ("export_audit", str(tmp_path / "taken"), "--by", "curious", "--reason", "why not")
    with pytest.raises(CommandError, match="curious may not see"):
        call_command(*words, "--private")
    assert AuditEvent.objects.filter(stream="decisions").last().event == "audit.export.refused"
    call_command(*words)
    noted = AuditEvent.objects.filter(stream="decisions").last()
    assert (noted.event, noted.actor, noted.facts) == (
        "audit.export",
        "curious",
        {"private": False, "reason": "why not"},
    )
    assert "Ана" not in (tmp_path / "taken" / "events.jsonl").read_text()
    with pytest.raises(CommandError, match="something already"):
        call_command(*words)


def test_signatures_are_verified_as_others_do() -> None:
    """Hold the pure Python of RFC 8032 against OpenSSL's, and its refusals too."""
    for number in range(5):
        private = Ed25519PrivateKey.generate()
        key = verifier.Key(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
        message = bytes([number]) * number
        signature = private.sign(message)
        assert key.signed(message, signature)
        assert not key.signed(message + b"x", signature)
        for place in (0, 31, 32, 63):
            forged = bytearray(signature)
            forged[place] ^= 1
            assert not key.signed(message, bytes(forged))
        s = int.from_bytes(signature[32:], "little") + verifier.Q
        assert not key.signed(message, signature[:32] + s.to_bytes(32, "little"))


def test_what_was_forged_after_a_move_is_found_by_the_heads_from_before(
    outside: Outside, heads_file: Path, tmp_path: Path
) -> None:
    """The new installation signs what it was brought; only the old heads know better."""
    own = heads_file.parent
    before = tmp_path / "before"
    own.rename(before)
    forge(EDIT.replace("4", "7"))
    recompute()
    heads.sign_head()
    shutil.copytree(before, heads.former_folder() / "1")
    here = Outside(tmp_path / "here")
    export = here.export()
    assert here.check(export) == (0, [])
    kept = ("--former", before / "heads.jsonl", before / "heads.pub.pem")
    code, faults = here.check(export, *kept)
    between = "“decisions”: written anew between event 5 and event 10: the head of "
    assert (code, [each.startswith(between) for each in faults]) == (1, [True, True])
    assert (export / "former" / "1" / "heads.jsonl").exists()
