"""A paper's wording: one writes it, another approves it, and then it counts and stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from archive.models import AuditEvent
from registration import errors
from registration.documents import papers
from registration.models import Desk, PaperVersion, TextBlock, User
from registration.queries import papers as printed
from registration.queries import wording as found
from registration.rules.scripts import Script
from registration.services import packets, wording
from tests.pages import counter


@pytest.fixture
def author(office: object) -> User:
    return User.objects.get(username="administrator")


@pytest.fixture
def second(office: object) -> User:
    return User.objects.get(username="manager")


def approved(kind: str, text: str, author: User, second: User) -> PaperVersion:
    version = wording.begin(kind, by=author)
    TextBlock.objects.filter(version=version, place="statement").update(text=text)
    wording.propose(version, by=author)
    wording.approve(version, by=second)
    version.refresh_from_db()
    return version


def test_the_shipped_versions_are_there_and_loading_them_again_changes_nothing(db: None) -> None:
    before = list(PaperVersion.objects.values_list("kind", "code", "state"))
    assert {kind for kind, _code, _state in before} == set(papers.kinds())
    wording.load_shipped()
    assert list(PaperVersion.objects.values_list("kind", "code", "state")) == before
    for kind in papers.kinds():
        assert found.current(kind, timezone.localdate()) == papers.shipped(kind)[-1]


def test_a_new_wording_counts_from_its_day_for_what_is_printed_then(
    officer: User, desk: Desk, author: User, second: User
) -> None:
    case = counter.signed(officer, desk)
    version = approved("request", "Све је тачно.", author, second)
    assert (version.code, version.approved_by) == ("002", second)
    assert next(each.version for each in printed.current(case)) == "001"
    later = counter.printed(officer, desk)
    assert next(each.version for each in printed.current(later)) == "002"
    events = AuditEvent.objects.filter(subject="request 002").order_by("number")
    assert [event.event for event in events] == [
        "wording.begin",
        "wording.propose",
        "wording.approve",
    ]


def test_a_reprint_takes_the_wording_of_the_day(
    officer: User, desk: Desk, author: User, second: User
) -> None:
    case = counter.signed(officer, desk)
    approved("request", "Све је тачно.", author, second)
    packets.reprint(case, [printed.current(case)[0].pk], "нова верзија", by=officer)
    case.refresh_from_db()
    signed = [each for each in printed.current(case) if each.kind != "reprint"]
    assert [each.version for each in signed] == ["002", "001", "001", "001", "001"]


def test_who_wrote_it_does_not_approve_it(author: User) -> None:
    version = wording.begin("terms", by=author)
    wording.propose(version, by=author)
    with pytest.raises(errors.OwnWordingError):
        wording.approve(version, by=author)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperVersion.objects.filter(pk=version.pk).update(approved_by=author)


def test_one_new_version_of_a_kind_is_written_at_a_time(author: User) -> None:
    wording.begin("terms", by=author)
    with pytest.raises(errors.WordingUnderWayError):
        wording.begin("terms", by=author)


def test_what_cannot_be_printed_is_not_proposed(author: User) -> None:
    version = wording.begin("terms", by=author)
    TextBlock.objects.filter(version=version, position=1).update(text="Види {закон}.")
    with pytest.raises(errors.WordingError) as refused:
        wording.propose(version, by=author)
    assert "{закон}" in refused.value.sentence()


def test_a_signature_without_a_place_on_the_paper_is_not_proposed(author: User) -> None:
    version = wording.begin("terms", by=author)
    PaperVersion.objects.filter(pk=version.pk).update(expected=["citizen", "seal"])
    with pytest.raises(errors.WordingError):
        wording.propose(version, by=author)


def test_a_day_that_has_passed_is_not_approved(author: User, second: User) -> None:
    version = wording.begin("terms", by=author)
    PaperVersion.objects.filter(pk=version.pk).update(
        valid_from=timezone.localdate() - timedelta(days=1)
    )
    wording.propose(version, by=author)
    with pytest.raises(errors.WordingDateError):
        wording.approve(version, by=second)
    wording.give_back(version, by=second)
    version.refresh_from_db()
    assert version.state == PaperVersion.State.DRAFT


def test_what_is_approved_moves_no_more(author: User, second: User) -> None:
    version = approved("request", "Све је тачно.", author, second)
    for step in (wording.propose, wording.approve, wording.give_back, wording.discard):
        with pytest.raises(errors.ChangedMeanwhileError):
            step(version, by=second)


def test_a_draft_thrown_away_leaves_no_gap(author: User) -> None:
    wording.discard(wording.begin("terms", by=author), by=author)
    assert wording.begin("terms", by=author).code == "002"


@pytest.mark.parametrize("script", Script)
def test_a_draft_is_looked_at_before_it_counts(author: User, script: Script) -> None:
    assert wording.preview(wording.begin("contract", by=author), script).startswith(b"%PDF")
