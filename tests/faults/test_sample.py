"""A sample of the matrix, and that it would find a counter that breaks a rule."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.card, pytest.mark.stack]

SAMPLE = 20  # commands to the card, and a quarter as many steps of the journals


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the first run prepares for the others."""
    return tmp_path_factory.mktemp("f")


def last_line(folder: Path, *arguments: str, sabotage: str = "") -> str:
    """Run the matrix in a process of its own: PC/SC remembers one reader for each."""
    command = [sys.executable, "-m", "tests.faults", "--lanes", "2", "--folder", str(folder)]
    environment = os.environ | {"OVERA_SABOTAGE": sabotage}
    environment.pop("OVERA_DATABASE", None)
    ended = subprocess.run(
        [*command, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    last = (ended.stdout.splitlines() or [""])[-1]
    assert last.startswith("faults: "), ended.stderr
    assert ended.returncode == (0 if last.endswith(" 0 violations") else 1), ended.stdout
    return last


def test_a_sample_of_all_points_breaks_no_rule(prepared: Path) -> None:
    number = SAMPLE + SAMPLE // 4
    said = last_line(prepared, "--sample", str(SAMPLE))
    assert said == f"faults: {number}/{number} points, 0 violations"


@pytest.mark.parametrize(
    ("sabotage", "point"),
    [
        (
            "believing desk",
            "blank | write-certificate signing | DB 3F FF 5FC10A last link #1 | wrong-status",
        ),
        ("hasty desk", "occupied | make-request signing | 47 00 9C #1 | slow"),
    ],
)
def test_a_counter_that_breaks_a_rule_is_found_out(
    prepared: Path, sabotage: str, point: str
) -> None:
    said = last_line(prepared, "--only", point, sabotage=sabotage)
    assert said.startswith("faults: 1/1 points, ")
    assert not said.endswith(" 0 violations")
