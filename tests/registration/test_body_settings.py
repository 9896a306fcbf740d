"""Further bodies come from the environment, each below its own name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config import bodies

FOLDER = Path("/var/overa/bodies")


def test_what_stands_below_a_name_is_that_bodys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "OVERA_BODY_SECOND": "cmp",
        "OVERA_BODY_SECOND_URL": "https://second.example.rs/cmp",
        "OVERA_BODY_SECOND_STATUS_CRL": "http://second.example.rs/list.crl",
        "OVERA_BODY_THIRD_URL": "https://third.example.rs/cmp",
        "OVERA_CA_URL": "https://default.example.rs/cmp",
    }.items():
        monkeypatch.setenv(name, value)
    assert bodies.further("second", FOLDER) == {
        "CA": {"CONNECTOR": "cmp", "URL": "https://second.example.rs/cmp"},
        "STATUS": {
            "OCSP": "certificate",
            "CRL": "http://second.example.rs/list.crl",
            "NONCE_REQUIRED": True,
        },
    }


def test_one_that_names_no_connector_is_for_development() -> None:
    made = bodies.further("second", FOLDER)
    assert (made["CA"]["CONNECTOR"], made["CA"]["FOLDER"]) == ("embedded", FOLDER / "second")
    assert (made["STATUS"]["OCSP"], made["STATUS"]["CRL"]) == ("", "")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"OVERA_BODIES": "second"}, "OVERA_BODY_SECOND names no connector"),
        (
            {"OVERA_BODIES_OF_OFFICES": "072=third"},
            "gives office 072 the body “third”, which OVERA_BODIES does not name",
        ),
        ({}, "no issues"),
    ],
)
def test_an_offices_own_installation_does_not_start_with_it(
    more: dict[str, str], said: str, tmp_path: Path
) -> None:
    installed = {"OVERA_SECRET_KEY": "s" * 60, "OVERA_HOSTS": "localhost", "OVERA_VAR": tmp_path}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--settings", "config.settings.production"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **{name: str(value) for name, value in (installed | more).items()}},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said in done.stdout + done.stderr
    assert (done.returncode == 0) == (more == {})
