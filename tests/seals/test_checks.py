"""What a check finds: damage, additions, strangers, and what years do."""

import re
import socket
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from registration.seals import checks
from registration.seals.base import Level, Verdict
from tests.seals.pki import YEAR
from tests.seals.stamper import Stamper

CONTAINER = re.compile(rb"/Contents <([0-9A-Fa-f]+)>")


@pytest.fixture
def roots(server: Stamper) -> list[bytes]:
    return [server.pki.root.der]


def now() -> datetime:
    return datetime.now(UTC)


def flipped(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def containers(pdf: bytes) -> list[range]:
    """Return where the signatures themselves stand: no hash can cover these."""
    return [range(*found.span(1)) for found in CONTAINER.finditer(pdf)]


@pytest.mark.parametrize("level", ["B-T", "B-LTA"])
def test_any_byte_that_changes_is_noticed(
    sealed: dict[str, bytes], roots: list[bytes], level: str
) -> None:
    pdf = sealed[level]
    own = containers(pdf)
    places = [
        place
        for place in range(0, len(pdf), len(pdf) // 90)
        if not any(place in container for container in own)
    ]
    assert len(places) > 50
    found = {place: checks.check(flipped(pdf, place), roots, now()).verdict for place in places}
    assert [place for place, verdict in found.items() if verdict == Verdict.SOUND] == []


LESS = {"B-T": Level.B_B, "B-LTA": Level.B_LT}


@pytest.mark.parametrize("level", LESS)
def test_a_changed_signature_is_noticed_or_proves_no_more(
    sealed: dict[str, bytes], roots: list[bytes], level: str
) -> None:
    """Nothing protects a stamp until another lies over it: who spoils it takes the time away."""
    pdf, odd = sealed[level], {}
    whole = checks.check(pdf, roots, now())
    for container in containers(pdf):
        signature = pdf[container.start : container.stop].rstrip(b"0")
        for place in range(container.start, container.start + len(signature), 97):
            changed = pdf[:place] + (b"1" if pdf[place] != 0x31 else b"2") + pdf[place + 1 :]
            finding = checks.check(changed, roots, now())
            less = finding.level == LESS[level]
            if finding.sound and finding != whole and not less:
                odd[place, pdf[place - 40 : place + 40]] = finding
    assert odd == {}


def test_a_last_stamp_whose_issuer_is_spoiled_proves_no_more(
    sealed: dict[str, bytes], roots: list[bytes]
) -> None:
    """The certificates that a stamp brings along are not covered by it; the seal itself holds."""
    pdf = sealed["B-LTA"]
    last = containers(pdf)[-1]
    issuer = pdf.lower().index(b"2a8648ce3d040302301c31", last.start) + 16  # its name's tag
    finding = checks.check(pdf[:issuer] + b"1" + pdf[issuer + 1 :], roots, now())
    assert (finding.sound, finding.intact, finding.level) == (True, True, Level.B_LT)


def test_a_file_cut_short_or_of_another_kind_is_not_read(
    sealed: dict[str, bytes], roots: list[bytes]
) -> None:
    for pdf in (b"", b"%PDF-1.7", sealed["B-T"][:-40], sealed["B-T"][:5000], b"\0" * 5000):
        assert checks.check(pdf, roots, now()).verdict == Verdict.UNREADABLE


def test_a_paper_without_a_seal_is_told_apart(paper: bytes, roots: list[bytes]) -> None:
    assert checks.check(paper, roots, now()).verdict == Verdict.UNSEALED


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LTA"])
def test_something_appended_is_noticed(
    sealed: dict[str, bytes], roots: list[bytes], level: str
) -> None:
    finding = checks.check(sealed[level] + b"\n% a remark\n", roots, now())
    assert (finding.sound, finding.covers_whole) == (False, False)


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LTA"])
def test_another_page_over_the_sealed_one_is_an_alteration(
    sealed: dict[str, bytes], roots: list[bytes], level: str
) -> None:
    """A viewer shows the last revision: the sealed one still verifies beneath it."""
    writer = IncrementalPdfFileWriter(BytesIO(sealed[level]))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 99 99 re f"))
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    finding = checks.check(out.getvalue(), roots, now())
    assert (finding.verdict, finding.intact) == (Verdict.ALTERED, False)


def test_a_seal_of_another_body_is_not_trusted(sealed: dict[str, bytes], server: Stamper) -> None:
    finding = checks.check(sealed["B-LTA"], [server.pki.stamper.der], now())
    assert (finding.verdict, finding.intact) == (Verdict.UNTRUSTED, True)


@pytest.mark.parametrize(
    ("level", "years", "verdict", "proven"),
    [
        ("B-B", 1, Verdict.SOUND, "B-B"),
        ("B-B", 4, Verdict.EXPIRED, "B-B"),
        ("B-T", 1, Verdict.SOUND, "B-T"),
        ("B-T", 4, Verdict.EXPIRED, "B-T"),
        ("B-LTA", 1, Verdict.SOUND, "B-LTA"),
        ("B-LTA", 4, Verdict.SOUND, "B-LTA"),
        ("B-LTA", 11, Verdict.SOUND, "B-LTA"),
        ("B-LTA", 14, Verdict.EXPIRED, "B-B"),
    ],
)
def test_years_pass(
    sealed: dict[str, bytes],
    roots: list[bytes],
    monkeypatch: pytest.MonkeyPatch,
    level: str,
    years: int,
    verdict: Verdict,
    proven: str,
) -> None:
    """The seal's certificate lives for three years, the stamper's for twelve; nobody is asked."""
    monkeypatch.setattr(socket.socket, "connect", _offline)
    finding = checks.check(sealed[level], roots, now() + years * YEAR)
    assert (finding.verdict, finding.level) == (verdict, Level(proven))
    assert (finding.intact, finding.covers_whole) == (True, True)


def test_before_it_was_made_a_seal_proves_nothing(
    sealed: dict[str, bytes], roots: list[bytes]
) -> None:
    assert not checks.check(sealed["B-LTA"], roots, now() - timedelta(days=3)).sound


def _offline(*_: object) -> None:
    raise AssertionError("a check asks nobody")
