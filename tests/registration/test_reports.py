"""The reports' rows, from cases that the services brought where they stand."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from archive.models import AuditEvent
from registration.models import Application, Certificate, Desk, Issuance, Notice, Office, User
from registration.queries import papers
from registration.reports import (
    charts,
    durations,
    endings,
    expiring,
    issued,
    unfiled,
    waiting,
    writing,
)
from registration.reports.scope import Scope
from registration.services import cases, filings, packets, revocations
from tests.pages import counter
from tests.registration import making

MARCH = Scope(date(2026, 3, 1), date(2026, 3, 31), ())


@pytest.fixture
def here(office: Office) -> Scope:
    return Scope(timezone.localdate(), timezone.localdate(), (office.pk,))


@pytest.fixture
def elsewhere(office: Office) -> Scope:
    other = Office.objects.create(code="072", name="ПС Земун", place="Земун")
    return Scope(timezone.localdate(), timezone.localdate(), (other.pk,))


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def confirmed_at(issuance: Issuance, moment: datetime) -> Issuance:
    Issuance.objects.filter(application=issuance.application).update(confirmed_at=moment)
    issuance.refresh_from_db()
    return issuance


def moments(number: str, *events: str) -> list[datetime]:
    """Return when these happened in a case, as the audit has it."""
    told = dict(AuditEvent.objects.filter(subject=number).values_list("event", "at"))
    return [told[event] for event in events]


def test_issued_are_counted_by_month_office_and_officer(
    officer: User, desk: Desk, office: Office
) -> None:
    colleague = User.objects.create_user("vera", office=office)
    colleague.groups.set(officer.groups.all())
    first = confirmed_at(making.confirmed(officer, desk), at("2026-02-28T23:59:59"))
    filed = filings.file(making.hand_over(first.application, officer), by=officer)
    again = making.confirmed(officer, desk, **making.renewal(filed))
    renewed = confirmed_at(again, at("2026-03-01T00:00:00"))
    recalled = confirmed_at(making.confirmed(officer, desk), at("2026-03-31T23:59:59"))
    revocations.recall(recalled.application, "pogrešno ime", by=officer)
    hers = confirmed_at(making.confirmed(colleague, desk), at("2026-03-15T12:00:00"))
    asked = Scope(date(2026, 2, 1), date(2026, 3, 31), (office.pk,))
    shared = {"office": "071 Полицијска станица Савски венац"}
    assert issued.rows(asked) == [
        issued.Issued(
            **shared,
            month=date(2026, 2, 1),
            officer="Јована Службеник",
            cases=1,
            first=2,
            renewals=0,
            total=2,
            recalled=0,
            key=f"2026-02.{office.pk}.{officer.pk}",
            numbers=(first.application.number,),
        ),
        issued.Issued(
            **shared,
            month=date(2026, 3, 1),
            officer="Јована Службеник",
            cases=2,
            first=2,
            renewals=2,
            total=4,
            recalled=2,
            key=f"2026-03.{office.pk}.{officer.pk}",
            numbers=(renewed.application.number, recalled.application.number),
        ),
        issued.Issued(
            **shared,
            month=date(2026, 3, 1),
            officer="vera",
            cases=1,
            first=2,
            renewals=0,
            total=2,
            recalled=0,
            key=f"2026-03.{office.pk}.{colleague.pk}",
            numbers=(hers.application.number,),
        ),
    ]
    assert issued.by_month(issued.rows(asked), asked) == [
        (date(2026, 2, 1), 2),
        (date(2026, 3, 1), 6),
    ]
    assert issued.rows(MARCH) == []  # of no office


def test_a_case_waits_at_each_step_from_one_word_of_the_audit_to_the_next(
    officer: User, desk: Desk, here: Scope
) -> None:
    number = making.filed(officer, desk).number
    told = moments(
        number,
        *("case.open", "case.print", "case.sign", "case.start_issuing"),
        *("case.confirm", "case.hand_over", "case.file"),
    )
    steps = ["draft", "printed", "signed", "issuing", "issued", "handed_over"]
    assert list(waiting.stays(here)) == [
        waiting.Stay(step, number, told[place], told[place + 1]) for place, step in enumerate(steps)
    ]
    took = [durations.whole(told[place + 1] - told[place]) for place in range(len(steps))]
    rows = waiting.rows(here)
    assert [(row.key, row.ended, row.median, row.ninetieth, row.longest) for row in rows] == [
        *((step, 1, took[place], took[place], took[place]) for place, step in enumerate(steps)),
        ("performed", 0, None, None, None),
        ("withdrawn", 0, None, None, None),
        ("refused", 0, None, None, None),
    ]
    assert [row.now for row in rows] == [0] * 9


def test_a_step_back_begins_a_new_stay_and_a_reprint_goes_on(
    officer: User, desk: Desk, here: Scope
) -> None:
    case = counter.signed(officer, desk)
    packets.reprint(case, [papers.current(case)[-1].pk], "zgužvan papir", by=officer)
    case.refresh_from_db()
    packets.reprint(case, [papers.current(case)[-1].pk], "opet zgužvan", by=officer)
    case.refresh_from_db()
    cases.withdraw(case, "predomislila se", by=officer)
    assert [stay.step for stay in waiting.stays(here)] == ["draft", "printed", "signed", "printed"]


def test_a_stay_counts_in_the_period_in_which_it_ended(officer: User, desk: Desk) -> None:
    case = counter.printed(officer, desk)
    yesterday = Scope(
        timezone.localdate() - timedelta(days=1),
        timezone.localdate() - timedelta(days=1),
        (case.office_id,),
    )
    assert list(waiting.stays(yesterday)) == []


def test_cases_stand_at_the_step_that_they_wait_for(
    officer: User, desk: Desk, here: Scope, elsewhere: Scope
) -> None:
    standing = {
        "draft": (counter.opened(officer, desk).number, counter.opened(officer, desk).number),
        "printed": (counter.printed(officer, desk).number,),
        "issued": (making.confirmed(officer, desk).application.number,),
        "handed_over": (making.handed_over(officer, desk).number,),
        "refused": (cases.refuse(counter.opened(officer, desk), "nema prava", by=officer).number,),
    }
    found = {row.key: row for row in waiting.rows(here)}
    assert {key: row.numbers for key, row in found.items() if row.now} == standing
    assert found["draft"].now == 2
    assert [(row.ended, row.now) for row in waiting.rows(elsewhere)] == [(0, 0)] * 9


@pytest.mark.parametrize(
    ("share", "seconds"),
    [(0.0, 60), (0.5, 210), (0.9, 510), (1.0, 600)],
)
def test_a_percentile_lies_between_its_neighbours(share: float, seconds: int) -> None:
    took = [timedelta(minutes=minutes) for minutes in (5, 1, 10, 2)]
    assert durations.percentile(took, share) == timedelta(seconds=seconds)


def test_what_did_not_end_well_is_told_by_its_reason(
    officer: User, desk: Desk, here: Scope, elsewhere: Scope
) -> None:
    refused = cases.refuse(counter.opened(officer, desk), "=SUM(A1)", by=officer)
    changed = cases.withdraw(counter.opened(officer, desk), "Predomislila  se.", by=officer)
    again = cases.withdraw(counter.printed(officer, desk), "predomislila se", by=officer)
    stopped = making.interrupted(officer, desk, "wrong-pin")
    given_up = making.interrupted(officer, desk, "wrong-pin")
    revocations.give_up(given_up.application, "ne zna PIN", by=officer)
    numbers = (stopped.application.number, given_up.application.number)
    told = [
        (str(row.what), str(row.reason), row.times, row.cases, row.now, row.key, row.numbers)
        for row in endings.rows(here)
    ]
    withdrawn = (changed.number, again.number)
    gave_up = (given_up.application.number,)
    with_reason, with_code = "withdraw.predomislila se", "interrupt.wrong-pin"
    assert told == [
        ("Refused", "=SUM(A1)", 1, 1, 0, "refuse.=sum(a1)", (refused.number,)),
        ("Withdrawn by the citizen", "Predomislila se.", 2, 2, 0, with_reason, withdrawn),
        ("Making interrupted", "Wrong PIN", 2, 2, 1, with_code, numbers),
        ("Making given up", "ne zna PIN", 1, 1, 0, "give_up.ne zna pin", gave_up),
    ]
    assert endings.rows(elsewhere) == []


def test_only_certificates_that_live_on_a_card_expire(
    officer: User, desk: Desk, office: Office, elsewhere: Scope
) -> None:
    soon, later, revoked, outside = (making.confirmed(officer, desk) for _each in range(4))
    expires(soon, at("2026-03-31T23:59:59"))
    expires(later, at("2026-05-01T00:00:00"))
    expires(outside, at("2026-06-01T00:00:00"))
    expires(revoked, at("2026-04-10T00:00:00"))
    revocations.recall(revoked.application, "pogrešno ime", by=officer)
    told(soon, "letter", "sent", 60)
    told(soon, "email", "sent", 30)
    told(later, "letter", "waiting", 60)
    asked = Scope(date(2026, 3, 10), date(2026, 5, 31), (office.pk,))
    assert expiring.rows(asked) == [
        expiring.Expiring(
            month=month,
            office=str(office),
            cases=1,
            certificates=2,
            emails=emails,
            letters=letters,
            untold=1 - emails - letters,
            key=f"{month:%Y-%m}.{office.pk}",
            numbers=(issuance.application.number,),
        )
        for month, issuance, emails, letters in (
            (date(2026, 3, 1), soon, 1, 0),
            (date(2026, 5, 1), later, 0, 0),
        )
    ]
    assert expiring.by_month(expiring.rows(asked), asked) == [
        (date(2026, 3, 1), 2),
        (date(2026, 4, 1), 0),
        (date(2026, 5, 1), 2),
    ]
    assert expiring.rows(Scope(asked.start, asked.end, elsewhere.offices)) == []


def told(issuance: Issuance, channel: str, state: str, days: int) -> None:
    case, now = issuance.application, timezone.now()
    ends_on = case.certificates.all()[0].ends_on
    about = {"application": case, "ends_on": ends_on, "days": days, "due_at": now}
    Notice.objects.create(channel=channel, state=state, **about)


def expires(issuance: Issuance, moment: datetime) -> None:
    Certificate.objects.filter(application=issuance.application).update(
        ends_on=timezone.localdate(moment)
    )


def test_certificates_of_a_case_that_expire_apart_are_counted_in_each_month(
    officer: User, desk: Desk, office: Office
) -> None:
    issuance = making.confirmed(officer, desk)
    expires(issuance, at("2026-03-31T12:00:00"))
    second = issuance.application.certificates.get(role="authentication")
    Certificate.objects.filter(pk=second.pk).update(ends_on=date(2026, 4, 1))
    rows = expiring.rows(Scope(date(2026, 3, 1), date(2026, 4, 30), (office.pk,)))
    assert [(row.month.month, row.cases, row.certificates) for row in rows] == [
        (3, 1, 1),
        (4, 1, 1),
    ]


def test_a_case_is_as_old_as_its_last_certificate(officer: User, desk: Desk, here: Scope) -> None:
    case = making.confirmed(officer, desk).application
    eight_days = timezone.localtime() - timedelta(days=8)
    case.issuances.filter(role="signing").update(confirmed_at=eight_days)
    assert [(row.number, row.age) for row in unfiled.rows(here)] == [(case.number, 0)]


def test_an_office_that_writes_one_certificate_counts_one(
    officer: User, desk: Desk, here: Scope, one_certificate: None
) -> None:
    making.confirmed(officer, desk)
    assert [(row.cases, row.total) for row in issued.rows(here)] == [(1, 1)]
    assert len(unfiled.rows(here)) == 1


def test_what_was_issued_and_not_filed_is_listed_by_age(
    officer: User, desk: Desk, here: Scope, elsewhere: Scope
) -> None:
    making.filed(officer, desk)
    fresh = making.confirmed(officer, desk)
    old = making.handed_over(officer, desk)
    eight_days = timezone.localtime() - timedelta(days=8)
    Issuance.objects.filter(application=old).update(confirmed_at=eight_days)
    shared = {"office": str(fresh.application.office), "officer": "Јована Службеник"}
    rows = unfiled.rows(here)
    assert rows == [
        unfiled.Unfiled(
            **shared,
            number=old.number,
            issued_on=eight_days.date(),
            handed_over=True,
            age=8,
        ),
        unfiled.Unfiled(
            **shared,
            number=fresh.application.number,
            issued_on=timezone.localdate(),
            handed_over=False,
            age=0,
        ),
    ]
    assert [(str(name), cases) for name, cases in unfiled.by_age(rows)] == [
        ("today", 1),
        ("1 to 2 days", 0),
        ("3 to 7 days", 0),
        ("8 to 30 days", 1),
        ("more than 30 days", 0),
    ]
    assert unfiled.rows(elsewhere) == []
    assert Application.objects.filter(state="filed").count() == 1


@pytest.mark.parametrize(
    ("seconds", "read", "clock"),
    [
        (0, "0 s", "0:00:00"),
        (65, "1 min 5 s", "0:01:05"),
        (659, "10 min", "0:10:59"),
        (7200, "2 h", "2:00:00"),
        (97200, "1 d 3 h", "27:00:00"),
    ],
)
def test_a_duration_is_written_as_long_as_it_matters(seconds: int, read: str, clock: str) -> None:
    took = timedelta(seconds=seconds)
    with translation.override("en"):
        assert writing.shown(took, writing.Kind.DURATION) == read
    assert writing.plain(took, writing.Kind.DURATION) == clock


@pytest.mark.parametrize(
    ("most", "labels"),
    [
        (0, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (7, ["0", "2", "4", "6", "8"]),
        (477, ["0", "100", "200", "300", "400", "500"]),
    ],
)
def test_a_chart_is_ruled_in_round_numbers(most: int, labels: list[str]) -> None:
    chart = charts.columns("", [(date(2026, 1, 1), most), (date(2026, 2, 1), 0)])
    assert [tick.label for tick in chart.ticks] == labels
    assert [mark.height for mark in chart.marks] == [
        round((chart.floor - chart.ticks[-1].at) * most / int(labels[-1])),
        0,
    ]


def test_a_scale_of_durations_holds_its_ends() -> None:
    took = [("x", timedelta(0), timedelta(days=800))]
    mark = charts.ranges("", (), took).marks[0]
    assert (mark.x, mark.end) == (340, 340 + 960 - 340 - 160)
