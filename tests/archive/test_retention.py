from datetime import UTC, date, datetime

from archive import retention
from archive.retention import Life

FROM_2026_TO_2031 = datetime(2031, 5, 20, 10, 0, tzinfo=UTC)


def test_ten_years_run_from_the_january_after_expiry_to_the_last_december() -> None:
    term = retention.after_certificates([Life(FROM_2026_TO_2031)], 10)
    assert (term.anchor, term.event) == (retention.Anchor.EXPIRY, date(2031, 5, 20))
    assert term.until == date(2041, 12, 31)


def test_an_earlier_revocation_starts_the_years() -> None:
    revoked = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
    term = retention.after_certificates([Life(FROM_2026_TO_2031, revoked)], 10)
    assert (term.anchor, term.until) == (retention.Anchor.REVOCATION, date(2037, 12, 31))


def test_a_revocation_after_expiry_changes_nothing() -> None:
    late = datetime(2032, 2, 1, 9, 0, tzinfo=UTC)
    term = retention.after_certificates([Life(FROM_2026_TO_2031, late)], 10)
    assert (term.anchor, term.until) == (retention.Anchor.EXPIRY, date(2041, 12, 31))


def test_the_years_count_from_the_last_end_of_all_certificates() -> None:
    shorter = datetime(2029, 5, 20, 10, 0, tzinfo=UTC)
    revoked = datetime(2030, 2, 1, 9, 0, tzinfo=UTC)
    lives = {
        (Life(FROM_2026_TO_2031), Life(shorter)): ("expiry", date(2031, 5, 20)),
        (Life(shorter), Life(FROM_2026_TO_2031, revoked)): ("revocation", date(2030, 2, 1)),
        (Life(FROM_2026_TO_2031, revoked), Life(FROM_2026_TO_2031)): ("expiry", date(2031, 5, 20)),
    }
    counted = [retention.after_certificates(each, 10) for each in lives]
    assert [(term.anchor, term.event) for term in counted] == list(lives.values())


def test_the_day_is_the_offices_day() -> None:
    new_year_in_belgrade = datetime(2031, 12, 31, 23, 30, tzinfo=UTC)
    term = retention.after_certificates([Life(new_year_in_belgrade)], 10)
    assert (term.event, term.until) == (date(2032, 1, 1), date(2042, 12, 31))


def test_a_refused_case_is_kept_after_its_decision() -> None:
    term = retention.after_decision(date(2026, 12, 31), 10)
    assert (term.anchor, term.until) == (retention.Anchor.DECISION, date(2036, 12, 31))


def test_a_leap_day_is_no_trouble() -> None:
    assert retention.after_decision(date(2028, 2, 29), 1).until == date(2029, 12, 31)
