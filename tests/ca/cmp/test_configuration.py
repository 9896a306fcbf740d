"""Settings that cannot work are named, and what the administrator reads tells what to do."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from registration.ca.errors import CASettingsError
from tests.ca.cmp.conftest import Ready, Serving
from tests.ca.cmp.papers import Signer
from tests.ca.cmp.peer import Way


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"URL": "ca.example.rs"}, "URL"),
        ({"URL": "ldap://ca.example.rs/"}, "URL"),
        ({"URL": "http://ca.example.rs:port/"}, "URL"),
        ({"URL": ""}, "URL"),
        ({"CHAIN": "no-such-file"}, "CHAIN"),
        ({"CHAIN": ""}, "CHAIN"),
        ({"SECRET_FILE": "no-such-file"}, "SECRET_FILE"),
        ({"SECRET_FILE": "short"}, "SECRET_FILE"),
        ({"REFERENCE": ""}, "REFERENCE"),
        ({"KEY_FILE": "key"}, "SECRET_FILE"),
        ({"SECRET_FILE": ""}, "KEY_FILE"),
        ({"ROOTS": "no-such-file"}, "ROOTS"),
        ({"TLS_ROOTS": "no-such-file"}, "TLS_ROOTS"),
        ({"PATIENCE": "60"}, "PATIENCE"),
        ({"PATIENCE": "soon"}, "PATIENCE"),
        ({"ACCEPT_HMAC_SHA1": "maybe"}, "ACCEPT_HMAC_SHA1"),
        ({"COLOUR": "blue"}, "COLOUR"),
    ],
)
def test_a_setting_that_cannot_work_is_named(
    ready: Ready, tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    (tmp_path / "short").write_text("fifteen letters")
    if settings.get("SECRET_FILE") == "short":
        settings = {"SECRET_FILE": str(tmp_path / "short")}
    way = Way(tmp_path, url="http://ca.example.rs/")
    with pytest.raises(CASettingsError) as fault:
        ready.connect(way, **settings)
    assert fault.value.reason == named


def test_a_key_and_a_certificate_must_belong_together(ready: Ready, tmp_path: Path) -> None:
    key, chain = Signer("ours").files(tmp_path)
    _, other = Signer("other").files(tmp_path)
    signing = {"SECRET_FILE": "", "KEY_FILE": key, "ROOTS": chain, "SIGNER": "CN=body"}
    way = Way(tmp_path, url="http://ca.example.rs/")
    ready.connect(way, **signing, CERTIFICATES=chain)
    with pytest.raises(CASettingsError) as fault:
        ready.connect(way, **signing, CERTIFICATES=other)
    assert fault.value.reason == "CERTIFICATES"
    with pytest.raises(CASettingsError) as unnamed:
        ready.connect(way, **signing | {"SIGNER": ""}, CERTIFICATES=chain)
    assert unnamed.value.reason == "SIGNER"


@pytest.mark.usefixtures("english")
class TestTheAdministrator:
    def told(self) -> str:
        with pytest.raises(CommandError) as said:
            call_command("certification_body")
        return str(said.value)

    def choose(self, patch: pytest.MonkeyPatch, ready: Ready, way: Way, **settings: Any) -> None:
        chosen = ready.section(way) | settings
        patch.setitem(django_settings.OVERA, "CA", chosen)

    def test_reads_that_all_is_well(
        self,
        serving: Serving,
        ready: Ready,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        with serving() as (_body, way):
            self.choose(monkeypatch, ready, way)
            call_command("certification_body")
        said = capsys.readouterr().out
        assert said == "The certification body (cmp) answers and can be asked.\n"

    def test_reads_what_to_do(
        self, ready: Ready, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        way = Way(tmp_path, url="http://127.0.0.1:1/")
        self.choose(monkeypatch, ready, way)
        assert self.told() == (
            "Nobody listens at the address. Look at OVERA_CA_URL, then whether the certification"
            " body's program runs."
        )
        self.choose(monkeypatch, ready, way, CHAIN="")
        assert self.told() == (
            "The settings of the certification body are not right: see OVERA_CA_CHAIN."
        )
