import json
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

WRITER = """
from archive.services import audit
for number in range(int(input("ready\\n"))):
    with audit.transaction():
        audit.append("counted", subject=str(number), by=None, facts={"n": number})
"""
FORGER = """
from django.db import connection
cursor = connection.cursor()
cursor.execute("DROP TRIGGER archive_auditevent_no_delete")
cursor.execute("DELETE FROM archive_auditevent WHERE number = 7")
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An installation of its own, so that what its processes write is really committed."""
    return {
        **os.environ,
        "OVERA_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": str(ROOT),
    }


def manage(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False
    )


def start_writer(environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", WRITER]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True)


def test_two_processes_write_one_whole_chain(environment: dict[str, str]) -> None:
    assert manage(environment, "migrate", "archive").returncode == 0
    writers = [start_writer(environment) for _ in range(2)]
    assert [writer.stdout.readline() for writer in writers if writer.stdout] == ["ready\n"] * 2
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("200\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]
    check = manage(environment, "verify_audit")
    assert check.stdout == "the audit holds: 400 events in 1 streams, 1 signed heads\n"
    assert check.returncode == 0


def test_heads_of_two_processes_follow_each_other_and_outlive_a_kill(
    environment: dict[str, str], tmp_path: Path
) -> None:
    environment["OVERA_AUDIT_HEAD_EVERY"] = "7"
    assert manage(environment, "migrate", "archive").returncode == 0
    writers = [start_writer(environment) for _ in range(3)]
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("40\n")
        writer.stdin.flush()
    file = tmp_path / "audit" / "heads.jsonl"
    while not file.exists() or file.read_bytes().count(b"\n") < 3:
        time.sleep(0.01)
    writers[0].kill()
    for writer in writers:
        writer.communicate(timeout=60)
    start_writer(environment).communicate("40\n", timeout=60)  # as after a restart
    signed = [
        json.loads(line)["streams"]["decisions"][0] for line in file.read_bytes().splitlines()
    ]
    assert signed == sorted(signed)
    assert max(after - before for before, after in pairwise(signed)) < 2 * 7
    check = manage(environment, "verify_audit")
    assert (check.returncode, check.stdout.startswith("the audit holds: ")) == (0, True)


def test_verify_audit_ends_with_1_and_a_sentence(environment: dict[str, str]) -> None:
    assert manage(environment, "migrate", "archive").returncode == 0
    start_writer(environment).communicate("20\n", timeout=60)
    assert manage(environment, "shell", "-v", "0", "-c", FORGER).returncode == 0
    check = manage(environment, "verify_audit")
    assert check.returncode == 1
    assert check.stderr.splitlines() == [
        "event 7 of “decisions” is missing",
        "CommandError: the audit does not hold",
    ]
