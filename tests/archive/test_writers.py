"""Processes write one chain and one file of heads together, and what they wrote is checked."""

import json
import os
import signal
from itertools import pairwise
from pathlib import Path

from tests.archive import installation
from tests.archive.installation import until

WRITER = """
from archive.services import audit
for number in range(%d):
    with audit.transaction():
        audit.append("counted", subject=str(number), by=None, facts={"n": number})
"""
FORGER = """
from django.db import connection
cursor = connection.cursor()
cursor.execute("DROP TRIGGER archive_auditevent_no_delete")
cursor.execute("DELETE FROM archive_auditevent WHERE number = 7")
"""


def writer(count: int) -> tuple[str, ...]:
    return "shell", "-v", "0", "-c", WRITER % count


def test_two_processes_write_one_whole_chain(tmp_path: Path) -> None:
    with installation.made(tmp_path / "var") as office:
        writers = [office.start(*writer(200)) for _ in range(2)]
        assert [office.ended(each).code for each in writers] == [0, 0]
        said = office.does("verify_audit")
    assert said == "the audit holds: 400 events in 1 streams, 1 signed heads\n"


def test_heads_of_two_processes_follow_each_other_and_outlive_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "var" / "audit" / "heads.jsonl"
    with installation.made(tmp_path / "var", OVERA_AUDIT_HEAD_EVERY="7") as office:
        killed, *others = [office.start(*writer(40)) for _ in range(3)]
        until(lambda: file.exists() and file.read_bytes().count(b"\n") >= 3)
        os.kill(killed, signal.SIGKILL)
        for each in (killed, *others):
            office.ended(each)
        office.does(*writer(40))  # as after a restart
        said = office.does("verify_audit")
    heads = [json.loads(line)["streams"]["decisions"][0] for line in file.read_bytes().splitlines()]
    assert heads == sorted(heads)
    assert max(after - before for before, after in pairwise(heads)) < 2 * 7
    assert said.startswith("the audit holds: ")


def test_verify_audit_ends_with_1_and_a_sentence(tmp_path: Path) -> None:
    with installation.made(tmp_path / "var") as office:
        office.does(*writer(20))
        office.run(FORGER)
        said = office.refuses("verify_audit")
    assert said.splitlines() == [
        "event 7 of “decisions” is missing",
        "CommandError: the audit does not hold",
    ]
