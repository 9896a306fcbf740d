"""Settings that cannot work are named, and what the administrator reads tells what to do."""

from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from registration.ca.ejbca import configuration
from registration.ca.errors import CASettingsError
from tests.ca.ejbca.conftest import Place


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"URL": "http://ca.example.rs/ejbca"}, "URL"),
        ({"URL": ""}, "URL"),
        ({"CHAIN": ""}, "CHAIN"),
        ({"SECRET_FILE": ""}, "SECRET_FILE"),
        ({"SECRET_FILE": "short"}, "SECRET_FILE"),
        ({"TLS_KEY_FILE": "", "TLS_CERTIFICATES": ""}, "TLS_CERTIFICATES"),
        ({"TLS_KEY_FILE": ""}, "TLS_KEY_FILE"),
        ({"TLS_ROOTS": "no-such-file"}, "TLS_ROOTS"),
        ({"AUTHORITY": ""}, "AUTHORITY"),
        ({"CERTIFICATE_PROFILE": " "}, "CERTIFICATE_PROFILE"),
        ({"END_ENTITY_PROFILE": ""}, "END_ENTITY_PROFILE"),
        ({"SEND_END": "perhaps"}, "SEND_END"),
        ({"PATIENCE": "11"}, "PATIENCE"),
        ({"REFERENCE": "of CMP"}, "REFERENCE"),
    ],
)
def test_a_setting_that_cannot_work_is_named(
    place: Place, tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    if settings.get("SECRET_FILE") == "short":
        (tmp_path / "short").write_text("fifteen letters")
        settings = {"SECRET_FILE": str(tmp_path / "short")}
    with pytest.raises(CASettingsError) as fault:
        place.connect(**settings)
    assert fault.value.reason == named


def test_the_issuer_is_spelled_as_ejbca_does(place: Place) -> None:
    parts = (
        (NameOID.COUNTRY_NAME, "RS"),
        (NameOID.ORGANIZATION_NAME, "Telo, d.o.o."),
        (NameOID.ORGANIZATION_IDENTIFIER, "VATRS-100000000"),
        (NameOID.SERIAL_NUMBER, "1"),
        (NameOID.COMMON_NAME, "Telo"),
    )
    name = x509.Name([x509.NameAttribute(*part) for part in parts])
    names = configuration._SPELLED  # noqa: SLF001 the table
    assert name.rfc4514_string(names) == (
        "CN=Telo,SN=1,ORGANIZATIONIDENTIFIER=VATRS-100000000,O=Telo\\, d.o.o.,C=RS"
    )
    assert place.connect().names.issuer == place.stub.issuer


@pytest.mark.usefixtures("english")
class TestTheAdministrator:
    def told(self) -> str:
        with pytest.raises(CommandError) as said:
            call_command("certification_body")
        return str(said.value)

    def choose(self, patch: pytest.MonkeyPatch, place: Place, **settings: Any) -> None:
        patch.setitem(django_settings.OVERA, "CA", place.section() | settings)

    def test_reads_that_all_is_well(
        self,
        place: Place,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.choose(monkeypatch, place)
        call_command("certification_body")
        said = capsys.readouterr().out
        assert said == "The certification body (ejbca) answers and can be asked.\n"

    def test_reads_what_to_do(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        self.choose(monkeypatch, place, AUTHORITY="X")
        assert self.told() == (
            "EJBCA has no such authority, or our role there may not see it. Compare"
            " OVERA_CA_AUTHORITY with the names of the authorities there."
        )
        self.choose(monkeypatch, place, **place.wire.settings(place.wire.stranger))
        assert self.told() == (
            "The web server there does not accept our certificate. Look at"
            " OVERA_CA_TLS_CERTIFICATES, and whether its issuer is trusted there."
        )
        self.choose(monkeypatch, place, SECRET_FILE="")
        assert self.told() == (
            "The settings of the certification body are not right: see OVERA_CA_SECRET_FILE."
        )
