"""A body for each office: what a body issued is confirmed, ended and looked up there for ever."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import checks
from django.core.management import CommandError, call_command
from django.utils import timezone

from archive import store
from archive.models import AuditEvent
from archive.services import audit
from registration import errors, tasks
from registration.ca.errors import BodyNotSetError
from registration.documents import compiled, papers
from registration.models import (
    Application,
    BodyHealth,
    Certificate,
    Issuance,
    PublishedStatus,
    StatusRequest,
)
from registration.queries import bodies
from registration.queries import cases as found
from registration.queries import published as published_queries
from registration.services import (
    body_health,
    cases,
    dossiers,
    enrolments,
    identity_checks,
    packets,
    published,
    resumptions,
    revocations,
    status_requests,
)
from registration.views import sentences
from registration.workflow.issuance import Stage
from tests.pages import counter
from tests.registration import making, status
from tests.registration.bodies import (
    Counter,
    away,
    counter_at,
    dead,
    embedded,
    knows,
    set_to,
    without,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_certificate")]

CHOICES = counter.chosen()


@pytest.fixture
def second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, web: str) -> Path:
    """Give office 072 a body of its own; return its folder."""
    folder = tmp_path / "second"
    made = {"second": embedded(folder, f"{web}/of/second"), "dead": dead(tmp_path / "dead")}
    set_to(monkeypatch, made, {"072": "second", "073": "dead"})
    return folder


@pytest.fixture
def here(second: Path, db: None) -> Counter:
    return counter_at("071", "Savski venac")


@pytest.fixture
def zemun(second: Path, db: None) -> Counter:
    return counter_at("072", "Zemun")


@pytest.fixture
def first(db: None) -> Path:
    """Return the folder of the default body."""
    return Path(settings.OVERA["CA"]["FOLDER"])


def only(case: Application) -> Certificate:
    return Certificate.objects.get(application=case)


def form_3(issued: Application, at: Counter, change: str) -> StatusRequest:
    """Let any office decide upon a change for a citizen, whoever issued the certificate."""
    choices = replace(
        CHOICES,
        procedure="status",
        contract_requested=False,
        status_change=change,
        status_reason=status.REASONS[change],
    )
    case = cases.open_case(found.applicant_of(issued), choices, by=at.officer)
    document = counter.DOCUMENT
    identity_checks.record(case, method="document", document=document, note="", by=at.officer)
    case.refresh_from_db()
    packets.print_packet(case, by=at.officer)
    case.refresh_from_db()
    return status.decide(counter.sign(case, at.officer), at.officer)


def test_each_office_issues_with_its_own_body(
    here: Counter, zemun: Counter, first: Path, second: Path
) -> None:
    ours, theirs = (only(making.filed(*each.at)) for each in (here, zemun))
    assert (ours.issuance.body, theirs.issuance.body) == ("", "second")
    assert (knows(first, ours), knows(second, ours)) == ("valid", "unknown")
    assert (knows(first, theirs), knows(second, theirs)) == ("unknown", "valid")


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the papers of the second body name it."""
    root = tmp_path / "documents"
    shutil.copytree(papers.ROOT, root)
    with (root / "bodies.toml").open("a") as file:
        file.write('\n[of.second]\ncertification_body = "Друго сертификационо тело"\n')
    monkeypatch.setattr(papers, "ROOT", root)
    forget()
    yield
    monkeypatch.undo()
    forget()


def forget() -> None:
    papers.constants.cache_clear()
    compiled.forget()


def named_in(case: Application, kind: str) -> str:
    text = status.text_of(store.get(case.papers.filter(kind=kind, superseded_at=None)[0].sha256))
    return "second" if "Друго сертификационо тело" in text else "default"


def test_the_papers_name_the_body_that_will_issue(
    here: Counter, zemun: Counter, second: Path, texts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = (counter.signed(*each.at) for each in (here, zemun))
    for kind in ("terms", "contract"):
        assert [named_in(case, kind) for case in (ours, theirs)] == ["default", "second"]
    monkeypatch.setitem(settings.OVERA, "BODY_OF_OFFICE", {})
    moved = making.prove(making.start(theirs, *zemun.at))
    assert knows(second, moved.certificate) == "valid"  # as the signed papers say


def test_printed_anew_after_a_correction_the_papers_name_the_offices_present_body(
    zemun: Counter, first: Path, texts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = counter.signed(*zemun.at)
    assert named_in(case, "contract") == "second"
    monkeypatch.setitem(settings.OVERA, "BODY_OF_OFFICE", {})
    corrected = correct(case, zemun)
    assert [named_in(corrected, kind) for kind in ("terms", "contract")] == ["default", "default"]
    again = making.prove(making.start(counter.sign(corrected, zemun.officer), *zemun.at))
    assert knows(first, again.certificate) == "valid"


def correct(case: Application, at: Counter) -> Application:
    """Correct the phone number, and print what changed by it."""
    applicant = replace(found.applicant_of(case), phone="0641234567")
    cases.correct(case, applicant, CHOICES, by=at.officer)
    case.refresh_from_db()
    packets.print_packet(case, by=at.officer)
    case.refresh_from_db()
    return case


def test_form_3_of_another_office_reaches_the_body_that_issued(
    here: Counter, zemun: Counter, second: Path
) -> None:
    issued = making.filed(*zemun.at)
    assert status_requests.perform(form_3(issued, here, "suspend").pk)
    assert knows(second, only(issued)) == "suspended"


def test_an_office_that_moved_ends_what_it_has_where_it_was_issued(
    zemun: Counter, first: Path, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = making.confirmed(*zemun.at).application
    stopped = making.started(*zemun.at)
    card = making.request(stopped)
    monkeypatch.setitem(settings.OVERA, "BODY_OF_OFFICE", {})
    assert enrolments.enrol(str(stopped.pk))  # begun there, it goes on there
    making.written(stopped, card)
    later = making.filed(*zemun.at)
    assert knows(second, only(stopped.application)) == "valid"
    assert (knows(first, only(later)), knows(second, only(later))) == ("valid", "unknown")
    revocations.recall(earlier, "a fault", by=zemun.officer)
    assert knows(second, only(earlier)) == "revoked"


def test_a_new_certificate_ends_the_old_one_at_the_old_ones_body(
    here: Counter, zemun: Counter, first: Path, second: Path, tmp_path: Path
) -> None:
    old, new = only(making.filed(*zemun.at)), making.confirmed(*here.at)
    Issuance.objects.filter(pk=new.pk).update(replaced_serial=old.serial)
    with away("second", tmp_path / "file"):
        tasks.supersede(str(new.pk))
        assert list(revocations.unfinished()) == [new.pk]
        body_health.ask("second")
        assert list(revocations.unfinished()) == []  # nobody waits for who is known to be away
        BodyHealth.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
        assert list(revocations.unfinished()) == [new.pk]  # that was a while ago
    body_health.ask("second")
    assert list(revocations.unfinished()) == [new.pk]
    tasks.supersede(str(new.pk))
    assert list(revocations.unfinished()) == []
    assert (knows(second, old), knows(first, new.certificate)) == ("revoked", "valid")


def test_the_status_of_each_is_read_where_its_body_publishes_it(
    here: Counter, zemun: Counter, sources: dict[str, object]
) -> None:
    ours, theirs = (only(making.filed(*each.at)) for each in (here, zemun))
    bodies.of(theirs.issuance).revoke(int(theirs.serial, 16), "keyCompromise", timezone.now())
    assert published.read(timezone.now()) == 2
    seen = {row.certificate_id: (row.shown, row.doubt) for row in PublishedStatus.objects.all()}
    assert seen == {ours.pk: ("valid", ""), theirs.pk: ("revoked", "")}


def test_one_body_that_is_away_does_not_hinder_the_other(
    here: Counter, zemun: Counter, first: Path, second: Path, tmp_path: Path
) -> None:
    """One form names certificates of two bodies: what can be revoked is revoked at once."""
    issued = making.filed(*zemun.at)
    applicant = found.applicant_of(issued)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(settings.OVERA, "BODY_OF_OFFICE", {})
        other = making.filed(*zemun.at, who=applicant)
    row = form_3(issued, here, "revoke")
    with away("second", tmp_path / "file"):
        assert not status_requests.perform(row.pk)
        assert knows(first, only(other)) == "revoked"
    row.refresh_from_db()
    assert (row.stage, row.failure_code) == ("waiting", "ca-unreachable")
    assert status_requests.perform(row.pk)
    assert knows(second, only(issued)) == "revoked"


def test_only_what_waits_for_a_body_that_answers_goes_on(
    here: Counter, zemun: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = making.started(*zemun.at)
    making.request(waiting)
    stuck = making.started(*counter_at("073", "Palilula").at)
    making.request(stuck)
    with away("second", tmp_path / "file"):
        assert not enrolments.enrol(str(waiting.pk))
    assert not enrolments.enrol(str(stuck.pk))
    later = timezone.now() + timedelta(seconds=11)
    assert resumptions.go_on(later) == [waiting.pk]


def test_a_body_that_is_not_set_any_more_leaves_everything_as_it_is(
    here: Counter, zemun: Counter, second: Path
) -> None:
    issued = making.confirmed(*zemun.at).application
    gone = making.filed(*zemun.at)
    row = form_3(gone, here, "revoke")
    waiting = making.started(*zemun.at)
    making.request(waiting)
    with without("second"):
        assert not enrolments.enrol(str(waiting.pk))
        with pytest.raises(errors.BodyGoneError) as refused:
            revocations.recall(issued, "a fault", by=zemun.officer)
        with pytest.raises(errors.BodyGoneError):
            dossiers.take(only(issued), reason="надзор", by=None)
        assert not status_requests.perform(row.pk)
        published.read(timezone.now())
    assert "not in the settings any more" in refused.value.sentence()
    waiting.refresh_from_db()
    said = sentences.of_failure(waiting.failure_code, waiting.failure_facts)
    assert (waiting.stage, "not in the settings any more" in said) == (Stage.INTERRUPTED, True)
    row.refresh_from_db()
    assert (row.stage, row.failure_facts) == (
        "waiting",
        {"reason": "body-not-set", "body": "second"},
    )
    assert {only(each).revoked_at for each in (issued, gone)} == {None}
    doubt = PublishedStatus.objects.filter(certificate__application=gone).get().doubt
    assert "not in the settings" in str(published_queries.why(doubt))
    assert not AuditEvent.objects.filter(event__startswith="certificate.rev").exists()
    assert status_requests.perform(row.pk)
    assert knows(second, only(gone)) == "revoked"


def test_another_body_under_the_same_name_is_asked_for_nothing(zemun: Counter) -> None:
    issuance = making.confirmed(*zemun.at)
    Certificate.objects.update(issuer="CN=Another")
    with pytest.raises(BodyNotSetError):
        bodies.of(issuance)


@pytest.mark.usefixtures("heads_file")
def test_the_bundle_holds_its_own_bodys_chain_and_the_kit_all(
    here: Counter, zemun: Counter
) -> None:
    assert {name for name in dossiers.kit() if "chain" in name} == {"chain.pem"}
    for each in (here, zemun):
        making.confirmed(*each.at)
    audit.sign_head()
    kit = dossiers.kit()
    assert {name for name in kit if "chain" in name} == {"chain.pem", "chain-second.pem"}
    assert kit["chain.pem"] != kit["chain-second.pem"]


def test_the_command_names_each_body_and_what_to_do_about_it(
    second: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError) as failed:
        call_command("certification_body")
    said = str(failed.value)
    assert said.startswith("dead: Nobody listens at the address. Look at OVERA_BODY_DEAD_URL")
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "The certification body (embedded) answers and can be asked.",
        "second",
    ]


@pytest.mark.parametrize(
    ("names", "of_office", "found"),
    [
        (["second"], {"072": "second"}, []),
        (["Other Body"], {}, ["registration.E003"]),
        (["unknown"], {}, ["registration.E004"]),
        (["second"], {"072": "third"}, ["registration.E005"]),
        (["second"], {"079": "second"}, ["registration.E006"]),
    ],
)
def test_what_is_set_wrong_stops_the_start(
    zemun: Counter,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
    of_office: dict[str, str],
    found: list[str],
) -> None:
    good, bad = settings.OVERA["BODIES"]["second"], {"CA": {"CONNECTOR": "none"}, "STATUS": {}}
    made = {name: good if name == "second" else bad for name in names}
    set_to(monkeypatch, made, of_office)
    messages = checks.run_checks(databases=["default"])
    assert [each.id for each in messages if str(each.id).startswith("registration")] == found
