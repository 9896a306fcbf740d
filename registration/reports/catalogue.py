"""The reports: what each is called, asks for, shows and draws."""

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from registration.reports import charts, endings, expiring, issued, kept, terms, unfiled, waiting
from registration.reports.charts import Chart
from registration.reports.endings import Ending
from registration.reports.expiring import Expiring
from registration.reports.issued import Issued
from registration.reports.kept import Kept
from registration.reports.scope import Scope
from registration.reports.table import Asks, Column, Report
from registration.reports.terms import Earlier, Signed
from registration.reports.unfiled import Unfiled
from registration.reports.waiting import Waiting
from registration.reports.writing import Kind

_MOST_BARS = 12

_OFFICE, _OFFICER = Column("office", _("Office")), Column("officer", _("Officer"))
_MONTH = Column("month", _("Month"), Kind.MONTH)


def _issued(rows: Sequence[Issued], asked: Scope) -> tuple[Chart, ...]:
    return (charts.columns(_("Certificates issued, by month"), issued.by_month(rows, asked)),)


def _waiting(rows: Sequence[Waiting], _asked: Scope) -> tuple[Chart, ...]:
    now = [(row.step, row.now) for row in rows]
    took = [(row.step, row.median, row.ninetieth) for row in rows if row.median and row.ninetieth]
    lengths = charts.ranges(
        _("How long a step took"), (_("half of the cases"), _("nine cases of ten")), took
    )
    return charts.bars(_("Cases that stand at the step now"), now), lengths


def _endings(rows: Sequence[Ending], _asked: Scope) -> tuple[Chart, ...]:
    counted: Counter[str] = Counter()
    for row in rows:
        counted[f"{row.what}: {row.reason}"] += row.times
    return (charts.bars(_("The most frequent reasons"), counted.most_common(_MOST_BARS)),)


def _expiring(rows: Sequence[Expiring], asked: Scope) -> tuple[Chart, ...]:
    return (
        charts.columns(_("Certificates that expire, by month"), expiring.by_month(rows, asked)),
    )


def _unfiled(rows: Sequence[Unfiled], _asked: Scope) -> tuple[Chart, ...]:
    return (charts.bars(_("Cases by days since the issuing"), unfiled.by_age(rows)),)


def _kept(rows: Sequence[Kept], _asked: Scope) -> tuple[Chart, ...]:
    return (charts.bars(_("Cases by what keeps the person's data here"), kept.by_reason(rows)),)


def _terms(rows: Sequence[Signed], _asked: Scope) -> tuple[Chart, ...]:
    return (charts.bars(_("Valid certificates by version of the terms"), terms.by_version(rows)),)


def _no_charts(_rows: Sequence[Earlier], _asked: Scope) -> tuple[Chart, ...]:
    return ()


_ALL = (
    Report(
        code="issued",
        title=_("Issued certificates"),
        about=_(
            "Certificates written into a card and proven there, in the month in which that"
            " happened, with the officer who started it; a case has one or two of them. One"
            " recalled before the hand-over is counted and also stands in the last column."
        ),
        asks=Asks.PERIOD,
        columns=(
            _MONTH,
            _OFFICE,
            _OFFICER,
            Column("cases", _("Cases"), Kind.NUMBER, summed=True, leads=True),
            Column("total", _("Certificates"), Kind.NUMBER, summed=True),
            Column("first", _("Of these first"), Kind.NUMBER, summed=True),
            Column("renewals", _("Of these renewals"), Kind.NUMBER, summed=True),
            Column("recalled", _("Of these recalled"), Kind.NUMBER, summed=True),
        ),
        rows=issued.rows,
        charts=_issued,
    ),
    Report(
        code="waiting",
        title=_("Where cases wait"),
        about=_(
            "How long cases stood at each step before they left it in the period, and how many"
            " stand there at this moment. Time passes at night and on holidays too."
        ),
        asks=Asks.PERIOD,
        columns=(
            Column("step", _("Step")),
            Column("ended", _("Left the step"), Kind.NUMBER),
            Column("median", _("Half within"), Kind.DURATION),
            Column("ninetieth", _("Nine of ten within"), Kind.DURATION),
            Column("longest", _("Longest"), Kind.DURATION),
            Column("now", _("Stand there now"), Kind.NUMBER, summed=True, leads=True),
        ),
        rows=waiting.rows,
        charts=_waiting,
    ),
    Report(
        code="endings",
        title=_("Refusals, withdrawals and failures"),
        about=_(
            "What ended a case or stopped the making of a certificate in the period, by the"
            " reason on record. The last column counts makings that stand still for that reason"
            " at this moment."
        ),
        asks=Asks.PERIOD,
        columns=(
            Column("what", _("What happened")),
            Column("reason", _("Reason")),
            Column("times", _("Times"), Kind.NUMBER, summed=True),
            Column("cases", _("Cases"), Kind.NUMBER, leads=True),
            Column("now", _("Stand still now"), Kind.NUMBER, summed=True),
        ),
        rows=endings.rows,
        charts=_endings,
    ),
    Report(
        code="expiring",
        title=_("Expiring certificates"),
        about=_(
            "Certificates on cards, not revoked, by the month in which they or their card expire:"
            " who may come to renew, and who was told. A case has one or two of them. The first"
            " month is counted from today."
        ),
        asks=Asks.MONTHS,
        columns=(
            _MONTH,
            _OFFICE,
            Column("cases", _("Cases"), Kind.NUMBER, summed=True, leads=True),
            Column("certificates", _("Certificates"), Kind.NUMBER, summed=True),
            Column("emails", _("Told by e-mail"), Kind.NUMBER, summed=True),
            Column("letters", _("Told by letter"), Kind.NUMBER, summed=True),
            Column("untold", _("Not told yet"), Kind.NUMBER, summed=True),
        ),
        rows=expiring.rows,
        charts=_expiring,
    ),
    Report(
        code="unfiled",
        title=_("Issued, not filed"),
        about=_(
            "Cases whose certificates are on the card and whose file has no number yet, as they"
            " stand at this moment, the oldest first."
        ),
        asks=Asks.NOW,
        columns=(
            Column("number", _("Case number"), Kind.CASE, leads=True),
            _OFFICE,
            _OFFICER,
            Column("issued_on", _("Issued on"), Kind.DAY),
            Column("handed_over", _("Handed over"), Kind.FLAG),
            Column("age", _("Days"), Kind.NUMBER),
        ),
        rows=unfiled.rows,
        charts=_unfiled,
    ),
    Report(
        code="terms",
        title=_("Terms signed"),
        about=_(
            "Certificates on cards that are neither revoked nor expired, by the version of the"
            " general terms that was signed for them. A version is replaced when a later one is in"
            " force."
        ),
        asks=Asks.NOW,
        columns=(
            Column("version", _("Version")),
            Column("valid_from", _("Valid from"), Kind.DAY),
            Column("replaced", _("Replaced"), Kind.FLAG),
            _OFFICE,
            Column("cases", _("Cases"), Kind.NUMBER, summed=True, leads=True),
            Column("certificates", _("Certificates"), Kind.NUMBER, summed=True),
        ),
        rows=terms.rows,
        charts=_terms,
    ),
    Report(
        code="earlier-terms",
        title=_("Earlier terms signed"),
        about=_(
            "Cases with valid certificates whose citizen signed general terms that were replaced"
            " since: who may have to be told of the new ones. Those signed longest ago come first."
        ),
        asks=Asks.NOW,
        columns=(
            Column("number", _("Case number"), Kind.CASE, leads=True),
            _OFFICE,
            Column("version", _("Signed version")),
            Column("signed_on", _("Signed on"), Kind.DAY),
            Column("current", _("Version in force")),
            Column("valid_until", _("Valid until"), Kind.DAY),
            Column("certificates", _("Certificates"), Kind.NUMBER, summed=True),
        ),
        rows=terms.earlier,
        charts=_no_charts,
    ),
    Report(
        code="kept",
        title=_("Personal data kept too long"),
        about=_(
            "Cases whose person the counter should have forgotten by now, as they stand at this"
            " moment: the time since the filing is over, and something stands against it. Those"
            " filed longest ago come first."
        ),
        asks=Asks.NOW,
        columns=(
            Column("number", _("Case number"), Kind.CASE, leads=True),
            _OFFICE,
            Column("since", _("Filed or ended on"), Kind.DAY),
            Column("why", _("What stands against it")),
        ),
        rows=kept.rows,
        charts=_kept,
    ),
)
REPORTS: dict[str, Report] = {report.code: report for report in _ALL}
