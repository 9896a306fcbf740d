"""Sealing at the office: after the filing, never in its way, and again when something was down."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from archive import store
from archive.services import audit
from config.celery import app
from registration import errors, tasks
from registration.models import Application, Desk, PaperSeal, User
from registration.queries import seals as found
from registration.queries.dropping import Obstacle, obstacles
from registration.seals import checks, pades
from registration.seals.base import KeyFile, Verdict
from registration.services import seals
from tests.people import logged_in
from tests.registration import dropped, making
from tests.registration.conftest import desk, office, officer, sentences
from tests.seals import pki
from tests.seals.conftest import pem_key
from tests.seals.office import State, events, record, rows, section, states, sweep, waits
from tests.seals.stamper import REPLY, Stamper

__all__ = ["desk", "office", "officer", "sentences"]

COPIES = [("request", 1), ("terms", 1), ("terms", 2), ("contract", 1), ("contract", 2)]
FIVE = [None] * len(COPIES)
MINUTE = timedelta(minutes=1)
Settings = dict[str, str]


@pytest.fixture
def sealing(
    monkeypatch: pytest.MonkeyPatch, server: Stamper, key: KeyFile, tmp_path: Path
) -> Settings:
    made = section(server, key, tmp_path)
    monkeypatch.setitem(settings.OVERA, "SEAL", made)
    return made


@pytest.fixture
def filed(sealing: Settings, officer: User, desk: Desk) -> Application:
    return making.filed(officer, desk)


def down(_query: bytes) -> tuple[int, str, bytes]:
    return 503, "text/plain", b""


def run(*words: str) -> str:
    said = StringIO()
    call_command("seals", *words, stdout=said)
    return said.getvalue()


def test_an_office_without_a_seal_asks_for_none(officer: User, desk: Desk) -> None:
    case = making.filed(officer, desk)
    assert (rows(case), seals.due(timezone.now()), record(case).files.count()) == ([], [], 5)


def test_an_office_without_a_seal_reads_nothing_of_one(officer: User, desk: Desk) -> None:
    case = making.filed(officer, desk)
    shown = [
        logged_in(officer).get(reverse("registration:case", args=[case.number])),
        logged_in(User.objects.get(username="clerk")).get(
            reverse("archive:record", args=[record(case).pk])
        ),
        logged_in(User.objects.get(username="manager")).get(reverse("admin:index")),
    ]
    assert [page.status_code for page in shown] == [200] * 3
    text = " ".join(page.content.decode() for page in shown).lower()
    assert re.findall("electronic.{0,9}seal|paperseal|sealed", text) == []


def test_filing_asks_for_the_seals_and_makes_none(filed: Application, server: Stamper) -> None:
    assert filed.state == "filed"
    assert states(filed) == [State.WAITING] * 5
    assert record(filed).files.count() == 5
    assert events("case.ask_for_seals") == [{"papers": 5}]


@pytest.mark.usefixtures("heads_file")
def test_every_paper_gets_its_seal_beside_it(filed: Application, server: Stamper) -> None:
    assert sweep() == FIVE
    assert states(filed) == [State.SEALED] * 5
    files = list(record(filed).files.all())
    assert [(each.kind, each.copy, each.edition) for each in files] == [
        (kind, copy, edition) for kind, copy in COPIES for edition in ("printed", "sealed")
    ]
    for printed, sealed in zip(files[::2], files[1::2], strict=True):
        pdf = store.get(sealed.sha256)
        finding = checks.check(pdf, [server.pki.root.der], datetime.now(UTC))
        assert finding.sound
        assert pdf.startswith(store.get(printed.sha256))
        assert (sealed.sealed_by, sealed.sealed_at) == (finding.sealer, finding.sealed_at)
        assert (sealed.seal_level, sealed.size, sealed.retained) == ("B-T", len(pdf), True)
    assert len(events("record.paper_sealed")) == 5
    audit.sign_head()
    assert audit.verify().findings == ()


def test_the_record_says_so_and_hands_the_sealed_paper_out(filed: Application) -> None:
    sweep()
    kept = record(filed)
    clerk = logged_in(User.objects.get(username="clerk"))
    page = clerk.get(reverse("archive:record", args=[kept.pk])).content.decode()
    day = timezone.localdate().strftime("%d.%m.%Y.")
    assert page.count(f"Sealed electronically by “Печат ПУ Београд” on {day}") == 5
    sealed = kept.files.filter(edition="sealed")[0]
    answer = clerk.get(reverse("archive:paper", args=[kept.pk, sealed.pk]))
    assert b"".join(answer.streaming_content) == store.get(sealed.sha256)
    number = kept.file_number.replace("/", "")
    name = f'inline; filename="{number}-request-1-sealed.pdf"'
    assert answer["Content-Disposition"] == name


def test_a_task_that_comes_twice_makes_one_seal(filed: Application, authority: Stamper) -> None:
    waiting, before = seals.due(timezone.now()), authority.asked
    for seal_id in [*waiting, *waiting]:
        assert seals.perform(seal_id) is None
    assert (states(filed), record(filed).files.count()) == ([State.SEALED] * 5, 10)
    assert authority.asked - before == 2 * 5  # one for the size and one that stays


@pytest.fixture
def worker() -> Iterator[None]:
    """Do every task at once, in this process."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_the_sweep_hands_the_papers_to_the_worker(filed: Application, worker: None) -> None:
    tasks.sweep()
    assert states(filed) == [State.SEALED] * 5


def test_a_stamper_that_is_down_hinders_no_filing_and_is_asked_again_ever_more_rarely(
    filed: Application, authority: Stamper, officer: User, desk: Desk
) -> None:
    authority.answer = down
    assert sweep() == ["http-503"] * 5
    later = making.filed(officer, desk)
    assert states(filed) + states(later) == [State.WAITING] * 10
    assert sweep() == []
    first, waited = rows(filed)[0], []
    for _each in range(8):
        waited.append(waits(first))
        assert sweep(waits(first) * MINUTE) == ["http-503"]  # one alone, not all ten
    assert waited == [1, 2, 4, 8, 16, 32, 60, 60]
    assert events("paper.seal_failed") == []


def test_when_the_stamper_is_back_all_go_on_at_once(filed: Application, authority: Stamper) -> None:
    authority.answer = down
    sweep()
    sweep(MINUTE)
    authority.answer = authority.granted
    assert sweep(2 * MINUTE) == [None]
    assert sweep() == [None] * 4
    assert states(filed) == [State.SEALED] * 5
    assert {row.failure_code for row in rows(filed)} == {""}


def test_what_waiting_does_not_heal_stops_the_sealing_until_somebody_says_so(
    filed: Application,
    sealing: Settings,
    server: Stamper,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, long_ago = server.pki, datetime.now(UTC) - timedelta(days=20)
    old = pki.issue(made.body, "Old seal", made.address, years=10 / 365, since=long_ago)
    expired = pem_key(tmp_path, old, made.body, passphrase=b"")
    chain = str(expired.certificates)
    ended = {**sealing, "KEY_FILE": str(expired.path), "CERTIFICATES": chain}
    del ended["PASSPHRASE_FILE"]
    monkeypatch.setitem(settings.OVERA, "SEAL", ended)
    assert sweep() == ["expired", *[None] * 4]  # the others were not tried
    assert [(row.state, row.tries) for row in rows(filed)] == [
        (State.FAILED, 1),
        *[(State.WAITING, 0)] * 4,
    ]
    assert sweep(timedelta(days=1)) == []
    sentence = "The certificate of the seal is not valid (expired). Renew it, then let"
    assert found.hindrance(rows(filed)[0]).startswith(sentence)
    (failure,) = events("paper.seal_failed")
    assert failure["code"] == "expired"

    monkeypatch.setitem(settings.OVERA, "SEAL", sealing)
    assert sweep(timedelta(days=1)) == []
    assert seals.try_again(by=None) == 1
    assert sweep() == [None]
    assert sweep() == [None] * 4


def test_a_wrong_setting_hinders_no_filing_is_named_and_healed_by_itself(
    sealing: Settings, officer: User, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.OVERA, "SEAL", {**sealing, "LEVEL": "best"})
    filed = making.filed(officer, desk)
    assert sweep()[0] == "LEVEL"
    assert (
        found.hindrance(rows(filed)[0])
        == "The settings of the seal are not right: see OVERA_SEAL_LEVEL."
    )
    monkeypatch.setitem(settings.OVERA, "SEAL", sealing)
    assert sweep(MINUTE) == [None]


def test_a_paper_whose_file_is_gone_hinders_no_other(
    filed: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = rows(filed)[2]
    PaperSeal.objects.filter(pk=lost.pk).update(source="0" * 64)
    assert sweep() == [None, None, "file-missing-or-damaged", None, None]
    assert states(filed).count(State.SEALED) == 4
    assert rows(filed)[2].stops is False


def test_what_nobody_foresaw_costs_one_paper_and_is_named(
    filed: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ArithmeticError

    with monkeypatch.context() as patched:
        patched.setattr(pades, "sealed", broken)
        seals.perform(str(rows(filed)[0].pk))
    assert sweep() == [None] * 4
    failed = rows(filed)[0]
    assert (failed.state, failed.stops, failed.failure_code) == (
        State.FAILED,
        False,
        "ArithmeticError",
    )
    assert "in the worker's log (ArithmeticError)" in found.hindrance(failed)
    assert seals.try_again(by=None) == 1
    assert sweep() == [None]


def test_a_worker_that_died_loses_a_try_and_not_the_paper(
    filed: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    def killed(*_: object) -> None:
        raise KilledError

    first = seals.due(timezone.now())[0]
    with monkeypatch.context() as patched:
        patched.setattr(pades, "sealed", killed)
        with pytest.raises(KilledError):
            seals.perform(first)
    assert first not in seals.due(timezone.now())
    assert seals.perform(first) is None
    assert rows(filed)[0].state == State.WAITING  # it was left alone: somebody may be at it
    assert sweep(5 * MINUTE + timedelta(seconds=1)) == FIVE
    assert [(row.state, row.tries) for row in rows(filed)] == [
        (State.SEALED, 2),
        *[(State.SEALED, 1)] * 4,
    ]


def test_a_seal_that_is_given_up_meanwhile_is_not_kept(
    filed: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, make = rows(filed)[0], pades.sealed

    def given_up_meanwhile(*asked: object) -> object:
        seals.give_up(first, "the wrong paper", by=None)
        return make(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(pades, "sealed", given_up_meanwhile)
    assert seals.perform(str(first.pk)) is None
    first.refresh_from_db()
    assert (first.state, first.sha256, found.hindrance(first)) == (
        State.FAILED,
        "",
        "Given up: the wrong paper",
    )
    assert record(filed).files.count() == 5
    assert events("paper.seal_given_up")[0]["reason"] == "the wrong paper"


def test_only_administrators_give_up_or_let_go_on(filed: Application, officer: User) -> None:
    first = rows(filed)[0]
    administrator = User.objects.get(username="administrator")
    acts: list[Callable[[User], object]] = [
        lambda by: seals.give_up(first, "no more", by=by),
        lambda by: seals.try_again(by=by),
    ]
    for act in acts:
        with pytest.raises(errors.NotAllowedError):
            act(officer)
        act(administrator)
    assert seals.try_again(by=administrator) == 0  # what was given up stays so
    sweep()
    with pytest.raises(errors.SealedAlreadyError):
        seals.give_up(rows(filed)[1], "no more", by=administrator)


def test_the_manager_sees_what_hinders_and_the_command_says_it(
    filed: Application, authority: Stamper
) -> None:
    authority.answer = lambda _query: (403, REPLY, b"")
    sweep()
    sentence = "The time-stamping authority refused the request (http-403)."
    manager = logged_in(User.objects.get(username="manager"))
    assert "paperseal" in manager.get(reverse("admin:index")).content.decode()
    page = manager.get(reverse("admin:registration_paperseal_changelist")).content.decode()
    assert (page.count(sentence), page.count(str(filed))) == (1, 5)
    assert run().splitlines() == [
        "waiting: 4, sealed: 0, failed: 1",
        f"1 × {sentence} Speak to it, then let the sealing go on.",
    ]
    authority.answer = authority.granted
    assert run("--again") == "1 papers wait again\n"
    assert sweep() + sweep() == FIVE


def test_the_command_gives_up_what_is_left_of_a_case(
    filed: Application, authority: Stamper
) -> None:
    for wrong in (("--give-up", filed.number), ("--give-up", "269999999", "--reason", "x")):
        with pytest.raises(CommandError):
            run(*wrong)
    run("--give-up", filed.number, "--reason", "the office has moved")
    assert states(filed) == [State.FAILED] * 5
    assert run() == "waiting: 0, sealed: 0, failed: 5\n5 × Given up: the office has moved\n"


def test_the_command_checks_every_seal(filed: Application, tmp_path: Path) -> None:
    sweep()
    assert run("--check") == "sound: 5\n"
    damaged = rows(filed)[3]
    path = Path(settings.OVERA["FILES"]) / damaged.sha256[:2] / damaged.sha256
    whole = path.read_bytes()
    try:
        path.write_bytes(whole[:-1])
        with pytest.raises(CommandError):
            run("--check")
        assert seals.check(damaged).verdict == Verdict.UNREADABLE
    finally:
        path.write_bytes(whole)


def test_seals_hold_when_the_counter_has_dropped_the_person(filed: Application) -> None:
    assert obstacles(filed) == (Obstacle.SEAL_WAITING,)
    sweep()
    case = dropped.drop(filed)
    assert {(row.state, row.sha256) for row in rows(case)} == {("sealed", "")}
    assert run("--check").split() == ["sound:", "5"]
    Application.objects.filter(pk=case.pk).update(record_reference="destroyed by the archive")
    assert run("--check") == "\n"


def test_a_seal_over_another_paper_is_found(filed: Application) -> None:
    """It is whole and valid by itself, but it is not this paper's."""
    sweep()
    first = rows(filed)[0]
    first.source = store.put(b"%PDF-1.7 of another paper")
    finding = seals.check(first)
    assert finding == replace(finding, verdict=Verdict.ALTERED)
