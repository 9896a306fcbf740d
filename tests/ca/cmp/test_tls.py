"""CMP over HTTPS: the server's name and roots are checked, our certificate is shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registration.ca.base import Enrolled
from registration.ca.cmp.authority import CmpCA
from registration.ca.errors import CASettingsError, CAUnreachableError
from tests.ca import tls
from tests.ca.cmp import openssl, peer
from tests.ca.cmp.conftest import Ready, enrolled
from tests.ca.cmp.papers import Signer
from tests.ca.cmp.peer import Way
from tests.ca.tls import Wire


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Wire:
    return tls.wire(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def way(wire: Wire, ready: Ready, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    folder = tmp_path_factory.mktemp("server")
    with (
        openssl.serving(folder, ready.certificate, *openssl.BY_SECRET) as plain,
        peer.way(plain.socket, wire.context()) as leading,
    ):
        yield leading


def connect(ready: Ready, way: Way, settings: dict[str, Any]) -> CmpCA:
    return ready.connect(way, **settings)


def test_our_certificate_lets_us_in(wire: Wire, ready: Ready, way: Way) -> None:
    assert isinstance(enrolled(connect(ready, way, wire.settings()), ready), Enrolled)
    assert connect(ready, way, wire.sealed("tajna lozinka")).health().ok


def test_without_it_nothing_is_asked(wire: Wire, ready: Ready, way: Way) -> None:
    asked = len(way.asked)
    for settings in ({"TLS_ROOTS": wire.roots}, wire.settings(wire.stranger)):
        with pytest.raises(CAUnreachableError) as fault:
            enrolled(connect(ready, way, settings), ready)
        assert fault.value.reason == "client-certificate-refused"
    assert len(way.asked) == asked


def test_a_server_that_is_not_the_bodys_is_told_nothing(
    wire: Wire, ready: Ready, way: Way, tmp_path: Path
) -> None:
    asked = len(way.asked)
    elsewhere = wire.settings() | {"URL": way.url.replace("127.0.0.1", "localhost")}
    _, other = Signer("another-root").files(tmp_path)
    for settings in (elsewhere, wire.settings() | {"TLS_ROOTS": other}):
        with pytest.raises(CAUnreachableError) as fault:
            enrolled(connect(ready, way, settings), ready)
        assert fault.value.reason == "SSLCertVerificationError"
    assert len(way.asked) == asked


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"TLS_KEY_FILE": ""}, "TLS_KEY_FILE"),
        ({"TLS_KEY_FILE": "no-such-file"}, "TLS_KEY_FILE"),
        ({"TLS_CERTIFICATES": ""}, "TLS_CERTIFICATES"),
        ({"TLS_ROOTS": "no-such-file"}, "TLS_ROOTS"),
        ({"TLS_PASSPHRASE_FILE": "no-such-file"}, "TLS_PASSPHRASE_FILE"),
    ],
)
def test_a_setting_that_cannot_work_is_named(
    wire: Wire, ready: Ready, tmp_path: Path, change: dict[str, str], named: str
) -> None:
    with pytest.raises(CASettingsError) as fault:
        connect(ready, Way(tmp_path, url="https://ca.example.rs/"), wire.settings() | change)
    assert fault.value.reason == named


def test_a_key_and_a_certificate_must_belong_together(
    wire: Wire, ready: Ready, tmp_path: Path
) -> None:
    _, others = wire.stranger.files(wire.folder)
    _, sealed = wire.folder, wire.sealed("tajna lozinka")
    way = Way(tmp_path, url="https://ca.example.rs/")
    with pytest.raises(CASettingsError) as pair:
        connect(ready, way, wire.settings() | {"TLS_CERTIFICATES": others})
    with pytest.raises(CASettingsError) as locked:
        connect(ready, way, sealed | {"TLS_PASSPHRASE_FILE": ""})
    assert (pair.value.reason, locked.value.reason) == ("TLS_CERTIFICATES", "TLS_KEY_FILE")
