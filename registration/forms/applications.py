"""Obrazac 1, 2 or 3 as a form: filled from the card or by hand, nothing typed twice."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import Any

from crispy_forms.layout import Div, Field, Fieldset
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.forms import fields, frame, status_requests
from registration.models import Application
from registration.rules.applicant import Applicant
from registration.rules.findings import Finding
from registration.services import cases
from registration.workflow import requests
from registration.workflow.requests import Request
from registration.workflow.states import Procedure
from registration.workflow.status import Reason

SEXES = [("", "—"), ("M", _("male")), ("F", _("female"))]
_OF_FORM_1 = "procedure=issue|renew"
_OF_APPLICANT = frozenset(field.name for field in dataclass_fields(Applicant))


def _request() -> Fieldset:
    return Fieldset(
        _("Request"),
        Field("procedure", wrapper_class="overa-inline"),
        Div(Field("pin_choice", wrapper_class="overa-inline"), data_when="procedure=unblock"),
        Div("status_ground", "serials", data_when="procedure=status"),
        Div("reported_by", data_when="status_ground=revoke:died"),
        Field("script", wrapper_class="overa-inline"),
        Div("request_brought", data_when=_OF_FORM_1),
        css_class="overa-section",
    )


def _person() -> Fieldset:
    return Fieldset(
        _("Person"),
        frame.row(surname=4, given_name=4, parent_name=4),
        frame.row(jmbg=4, born_on=3, sex=2, foreigner=3),
        frame.row(place_of_birth=4, municipality_of_birth=4, state_of_birth=4),
        css_class="overa-section",
    )


def _document() -> Fieldset:
    return Fieldset(
        _("Identity card"),
        frame.row(
            document_number=3, document_issued_on=3, document_expires_on=3, document_permanent=3
        ),
        "document_authority",
        css_class="overa-section",
    )


def _residence() -> Fieldset:
    return Fieldset(
        _("Residence"),
        frame.row(state=3, municipality=4, place=5),
        frame.row(street=4, house_number=2, letter=1, entrance=2, floor=1, apartment=2),
        css_class="overa-section",
    )


def _contact() -> Fieldset:
    return Fieldset(
        _("Contact"),
        frame.row(phone=4, contact_email=8),
        css_class="overa-section",
    )


def _certificate() -> Fieldset:
    return Fieldset(
        _("E-mail address in the certificate"),
        Field("email_choice", wrapper_class="overa-inline"),
        Div(frame.row(certificate_email=8), data_when="email_choice=yes"),
        css_class="overa-section",
        data_when=_OF_FORM_1,
    )


def _contract() -> Fieldset:
    return Fieldset(
        _("Contract"),
        Field("contract_requested"),
        Div("contract_waiver", data_when="contract_requested=off"),
        css_class="overa-section",
        data_when=_OF_FORM_1,
    )


@dataclass(frozen=True)
class Warned:
    """A warning as the page shows it: a sentence with a box to tick."""

    code: str
    sentence: str


class ApplicationForm(forms.Form):
    """What the citizen wrote or the card says; the rules are asked by the service."""

    procedure = forms.ChoiceField(
        label=_("Circled option"),
        choices=Application.PROCEDURES,
        initial="issue",
        widget=forms.RadioSelect,
    )
    pin_choice = forms.ChoiceField(
        label=_("Circled option of form 2"),
        choices=Application.PIN_CHOICES,
        required=False,
        widget=forms.RadioSelect,
    )
    status_ground = status_requests.ground(required=False)
    serials = fields.text(
        _("Serial numbers of the certificates; none: all of the person that can be changed so"),
        length=200,
    )
    reported_by = status_requests.reporter()
    script = forms.ChoiceField(
        label=_("Script of the papers and of the screen at the PIN"),
        choices=Application.Script.choices,
        initial=Application.Script.CYRILLIC,
        widget=forms.RadioSelect,
    )
    request_brought = forms.BooleanField(
        label=_("The citizen brought the request filled and signed: print a cover sheet only"),
        required=False,
    )
    surname = fields.text(_("Surname"))
    given_name = fields.text(_("Given name"))
    parent_name = fields.text(_("Name of a parent"))
    jmbg = fields.number(_("JMBG"), 13)
    born_on = fields.DateField(label=_("Date of birth"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False)
    foreigner = forms.BooleanField(label=_("Foreigner (EBS)"), required=False)
    place_of_birth = fields.text(_("Place of birth"))
    municipality_of_birth = fields.text(_("Municipality of birth"))
    state_of_birth = fields.text(_("State of birth"))
    document_number = fields.number(_("Card number"), 9)
    document_issued_on = fields.DateField(label=_("Date of issue"), required=False)
    document_expires_on = fields.DateField(label=_("Valid until"), required=False)
    document_permanent = forms.BooleanField(label=_("Permanent"), required=False)
    document_authority = fields.text(_("Issued by"), length=200)
    state = fields.text(_("State"))
    municipality = fields.text(_("Municipality"))
    place = fields.text(_("Place"))
    street = fields.text(_("Street"))
    house_number = fields.text(_("Number"), length=20)
    letter = fields.text(_("Letter"), length=20)
    entrance = fields.text(_("Entrance"), length=20)
    floor = fields.text(_("Floor"), length=20)
    apartment = fields.text(_("Apartment"), length=20)
    phone = fields.text(_("Phone"), length=40, inputmode="tel")
    contact_email = forms.EmailField(label=_("Contact e-mail"), required=False)
    email_choice = forms.ChoiceField(
        label=_("Does the request ask for an e-mail address in the certificate?"),
        choices=Application.EmailChoice.choices,
        initial=Application.EmailChoice.NO,
        widget=forms.RadioSelect,
    )
    certificate_email = forms.EmailField(
        label=_("E-mail address for the certificate"),
        required=False,
    )
    contract_requested = forms.BooleanField(
        label=_("The citizen asks for the contract"),
        initial=True,
        required=False,
    )
    contract_waiver = fields.text(_("Why no contract is made"), length=300)
    reading = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)  # which was corrected

    def __init__(self, *args: Any, request: Request | None = None, **options: Any) -> None:
        """Offer what one form asks for when its case is corrected; for a new case everything."""
        super().__init__(*args, **options)
        if request is not None:
            offered = [each for each in Application.PROCEDURES if each[0] in request.procedures]
            self.fields["procedure"].choices = offered  # type: ignore[attr-defined]
        self.helper = frame.helper(
            "reading",
            "version",
            _request(),
            _person(),
            _document(),
            _residence(),
            _contact(),
            _certificate(),
            _contract(),
        )

    def clean_pin_choice(self) -> str:
        """Ask for the choice where the form has one."""
        choice = str(self.cleaned_data["pin_choice"])
        wanted = self.cleaned_data.get("procedure") == Procedure.UNBLOCK
        if wanted and not choice:
            raise forms.ValidationError(_("Say which option is circled."))
        return choice if wanted else ""

    def clean_status_ground(self) -> str:
        """Ask for what is to change where the form is about that."""
        chosen = str(self.cleaned_data["status_ground"])
        wanted = self.cleaned_data.get("procedure") == Procedure.STATUS
        if wanted and not chosen:
            raise forms.ValidationError(_("Say which option is circled."))
        return chosen if wanted else ""

    def applicant(self) -> Applicant:
        """Return the person as typed; what does not apply to the choices made is left out."""
        values = {name: self.cleaned_data[name] for name in _OF_APPLICANT & set(self.cleaned_data)}
        if self._email_choice() != Application.EmailChoice.YES:
            values["certificate_email"] = ""
        if self.cleaned_data["document_permanent"]:
            values["document_expires_on"] = None
        return Applicant(**values)

    def choices(self, acknowledged: tuple[str, ...]) -> cases.Choices:
        """Return what the citizen chose and which warnings the officer confirmed."""
        requested = self._certificate and self.cleaned_data["contract_requested"]
        waiver = self._certificate and not requested
        return cases.Choices(
            procedure=self.cleaned_data["procedure"],
            script=self.cleaned_data["script"],
            email_choice=self._email_choice(),
            contract_requested=requested,
            contract_waiver=self.cleaned_data["contract_waiver"] if waiver else "",
            request_brought=self._certificate and self.cleaned_data["request_brought"],
            acknowledged=acknowledged,
            pin_choice=self.cleaned_data["pin_choice"],
            **self._status(),
        )

    def _status(self) -> dict[str, Any]:
        change, _colon, reason = self.cleaned_data["status_ground"].partition(":")
        if not change:
            return {}
        died = reason == Reason.DIED
        return {
            "status_change": change,
            "status_reason": reason,
            "serials": tuple(re.findall(r"[0-9a-f]+", self.cleaned_data["serials"].lower())),
            "reported_by": self.cleaned_data["reported_by"] if died else "",
        }

    @property
    def _certificate(self) -> bool:
        return requests.of(self.cleaned_data["procedure"]).certificate

    def _email_choice(self) -> str:
        asked = str(self.cleaned_data["email_choice"])
        return asked if self._certificate else Application.EmailChoice.NO

    def focus(self, name: str) -> None:
        """Put the cursor into that field."""
        self.fields[name].widget.attrs["autofocus"] = True

    def focus_first_error(self) -> None:
        """Put the cursor where something must be corrected."""
        wrong = [name for name in self.fields if name in self.errors]
        if wrong:
            self.focus(wrong[0])

    def blame(self, found: Iterable[Finding]) -> list[Warned]:
        """Write what blocks beside its field; return the warnings, to be confirmed or corrected."""
        warned = []
        for finding in found:
            sentence = gettext(finding.message) % finding.params
            if finding.blocking:
                self.add_error(finding.field if finding.field in self.fields else None, sentence)
            else:
                warned.append(Warned(finding.code, sentence))
        return warned

    def contrast(self, recorded: dict[str, Any]) -> None:
        """Write what is on record beside each field that differs; next time it is written over."""
        other = ApplicationForm(recorded)
        other.full_clean()
        for name in set(self.fields) - {"reading", "version"}:
            value = other.cleaned_data.get(name)
            if self.cleaned_data.get(name) != value:
                recorded_now = {"value": fields.shown(self.fields[name], value)}
                self.add_error(name, gettext("On record now: %(value)s") % recorded_now)
        self.data = self.written() | {"version": recorded["version"]}

    def written(self) -> dict[str, Any]:
        """Return what stands in the fields now, checked or not."""
        return {field.name: field.value() for field in self}
