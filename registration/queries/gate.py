"""What the button at the card is computed from: each requirement with the rows that prove it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.models import Application, CardReading, IdentityCheck, Paper, Signature
from registration.queries import cases, certificates, issuances, matching, papers, renewals
from registration.queries.matching import Obstacle
from registration.rules import application as rules
from registration.rules import eligibility
from registration.workflow import requests, status
from registration.workflow.states import Procedure

Reference = tuple[str, str, Mapping[str, Any]]
"""(kind, which row, facts without personal data): kept as evidence of what was begun."""

_REQUEST = (Paper.Kind.REQUEST, Paper.Kind.COVER, Paper.Kind.UNBLOCK, Paper.Kind.STATUS)
_CARD = {
    Obstacle.OLD: _("The chip of this card is too old for a certificate: it has to be replaced."),
    Obstacle.UNPROVEN: _(
        "The data of the card are not proven: see the step “Identity and card” for what to do."
    ),
}
_SENTENCES: dict[str, tuple[Any, Any]] = {  # code → met, not met
    "request_signed": (
        _("The request is signed."),
        _("The request is not signed: record its signatures."),
    ),
    "option_circled": (
        _("The circled option is read from the signed request below."),
        _("Without the signed request nobody can tell which option is circled."),
    ),
    "terms_signed": (
        _("Both copies of the general terms are signed."),
        _("The general terms are not signed on both copies."),
    ),
    "contract_signed": (
        _("Both copies of the contract are signed."),
        _("The contract is not signed and sealed on both copies."),
    ),
    "contract_waived": (
        _("The citizen waived the contract; the reason is on record."),
        _("The contract was waived without a reason: correct the data."),
    ),
    "identity_checked": (
        _("The identity check is on record."),
        _("Record how the citizen's identity was checked."),
    ),
    "card_matches": (
        _("The card that was read is the applicant's."),
        _("Read the applicant's card: the last one read is not theirs, or none was read."),
    ),
    "status_allows": (
        _("The certificates stand where this change leads on from."),
        _("A certificate does not stand where this change leads on from: correct the data."),
    ),
    "renewable": (
        _("What is renewed is valid today."),
        _("There is nothing that could be renewed today."),
    ),
    "eligible": (
        _("Person and card may have a certificate today."),
        _("Person or card may not have a certificate today: see the data of the case."),
    ),
}


@dataclass(frozen=True)
class Requirement:
    code: str
    met: bool
    references: tuple[Reference, ...] = ()
    because: Any = ""  # says more than the usual sentence why it is not met

    @property
    def sentence(self) -> str:
        met, not_met = _SENTENCES[self.code]
        return str(met if self.met else self.because or not_met)


def requirements(application: Application) -> tuple[Requirement, ...]:
    """Return all, met or not, in the order in which the counter works."""
    printed = papers.current(application)
    request = _signed("request_signed", [each for each in printed if each.kind in _REQUEST])
    asked = (request, Requirement("option_circled", request.met))
    if not requests.of(application.procedure).card:
        return *asked, _identity(application), _status(application)
    present = (_identity(application), _card(application))
    if not requests.of(application.procedure).certificate:
        return *asked, *present
    terms = _signed("terms_signed", [each for each in printed if each.kind == Paper.Kind.TERMS])
    agreed = (terms, _contract(application, printed))
    allowed = (_eligible(application), *_renewable(application))
    return *asked, *agreed, *present, *allowed


def ready(application: Application) -> bool:
    return all(each.met for each in requirements(application))


def evidence(met: Iterable[Requirement]) -> list[list[Any]]:
    """Return the rows that prove the requirements, as a journal keeps them."""
    return [
        [each.code, kind, which, dict(facts)]
        for each in met
        for kind, which, facts in each.references
    ]


def _signed(code: str, copies: Iterable[Paper]) -> Requirement:
    """Every copy bears every signature that its version expects; no copy at all is not signed."""
    expected = {(paper, role) for paper in copies for role in paper.expected}
    recorded = Signature.objects.filter(
        paper__in={paper for paper, _role in expected}, withdrawn_at=None
    ).select_related("paper")
    present = {(each.paper, each.role) for each in recorded}
    references = tuple(_of_signature(each) for each in recorded)
    return Requirement(code, bool(expected) and expected <= present, references)


def _of_signature(signature: Signature) -> Reference:
    paper = signature.paper
    facts = {
        "paper": paper.kind,
        "copy": paper.copy,
        "version": paper.version,
        "sha256": paper.sha256,
        "role": signature.role,
        "signed_on": signature.signed_on.isoformat(),
    }
    return ("signature", str(signature.pk), facts)


def _contract(application: Application, printed: Iterable[Paper]) -> Requirement:
    if application.contract_requested:
        copies = [each for each in printed if each.kind == Paper.Kind.CONTRACT]
        return _signed("contract_signed", copies)
    given = bool(application.contract_waiver.strip())
    reference: Reference = ("waiver", application.number, {})
    return Requirement("contract_waived", given, (reference,) if given else ())


def _identity(application: Application) -> Requirement:
    check = IdentityCheck.objects.filter(application=application).last()
    if check is None:
        return Requirement("identity_checked", met=False)
    facts = {"method": check.method, "at": check.checked_at.isoformat()}
    reference: Reference = ("identity_check", str(check.pk), facts)
    return Requirement("identity_checked", met=True, references=(reference,))


def _card(application: Application) -> Requirement:
    card = application.card_readings.last()
    found = matching.obstacle(card)
    if card is None or found:
        because = _CARD.get(found, "") if found else ""
        return Requirement("card_matches", met=False, because=because)
    at = card.answered_at.isoformat() if card.answered_at else ""
    facts = {"at": at, "authenticity": card.authenticity, "reason": _reason(card)}
    reference: Reference = ("card_match", str(card.pk), facts)
    return Requirement("card_matches", met=True, references=(reference,))


def _status(application: Application) -> Requirement:
    about = certificates.about(application)
    change = application.status_change
    met = all(  # what stands there already was changed before the body refused another one
        status.possible(change, each.status) or each.status == status.target(change)
        for each in about
    )
    references = tuple(
        ("certificate", each.serial, {"status": str(each.status)}) for each in about if met
    )
    return Requirement("status_allows", bool(about) and met, references)


def _renewable(application: Application) -> tuple[Requirement, ...]:
    """Nothing for a first issuing; an end between the opening and the issuing counts."""
    if application.procedure != Procedure.RENEW:
        return ()
    applicant, last = cases.applicant_of(application), renewals.last_read(application)
    found = renewals.of(applicant, application.procedure, last, application)
    if found:
        because = gettext(found[0].message) % found[0].params
        return (Requirement("renewable", met=False, because=because),)
    renewed = (renewals.predecessor(application, role) for role in issuances.roles())
    references = tuple(
        ("renewed", each.serial, {"issuer": each.issuer, "until": each.until.isoformat()})
        for each in renewed
        if each
    )
    return (Requirement("renewable", met=True, references=references),)


def _reason(card: CardReading) -> str:
    return str((card.card or {}).get("reason", ""))


def _eligible(application: Application) -> Requirement:
    today = timezone.localdate()
    found = rules.check(
        cases.applicant_of(application),
        eligibility.Rules.from_settings(settings.OVERA),
        today=today,
        email_choice=application.email_choice,
        contract_requested=application.contract_requested,
        contract_waiver=application.contract_waiver,
    )
    open_ = rules.unconfirmed(found, tuple(application.acknowledged))
    facts = {"on": today.isoformat(), "acknowledged": list(application.acknowledged)}
    reference: Reference = ("eligibility", application.number, facts)
    return Requirement("eligible", not open_, () if open_ else (reference,))
