"""The walk: every address asked for by every role, for the own and for a foreign office."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from archive.models import DisposalDocument
from registration.models import (
    Application,
    CardDiagnosis,
    CardReading,
    LetterRun,
    Mark,
    Paper,
    Sheet,
    Signature,
    Stack,
)
from tests.permissions import addresses, offices
from tests.permissions.addresses import Address
from tests.permissions.offices import ANONYMOUS, ROLES, Place

YES, NO, HIDDEN, LOGIN, NOT_TAKEN, CRASHED = "yes", "no", "404", "login", "405", "500"
METHODS = ("GET", "POST")
REPORT = "unfiled"  # its rows are cases
_DESKS_NAMED = {
    "registration:case_read",
    "registration:case_issue",
    "registration:case_unblock",
    "registration:reading_ask",
    "registration:diagnosis_begin",
    "registration:case_from_card",
}


@dataclass(frozen=True)
class Asked:
    """What a browser sends."""

    path: str
    names_row: bool = False  # of a table of the administration, which leads elsewhere without it
    query: dict[str, object] = field(default_factory=dict)
    body: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    verdict: str
    content: str


@dataclass(frozen=True)
class Cell:
    """`place`: own, foreign, or "" where the address names nothing of an office."""

    name: str
    method: str
    role: str
    place: str
    answer: Answer


class Walk:
    def __init__(self, own: Place, foreign: Place) -> None:
        self._places = {"own": own, "foreign": foreign}
        self._browser = Client(raise_request_exception=False)
        self._sessions = {
            role: self._session(person) for role, person in offices.people(own.office).items()
        }

    def cells(self) -> Iterator[Cell]:
        for address in addresses.every():
            asked = {name: _asked(address, place) for name, place in self._places.items()}
            if asked["own"] == asked["foreign"]:
                asked = {"": asked["own"]}
            for place, request in asked.items():
                for role in ROLES:
                    yield from self._answers(address, place, request, role)

    def _answers(self, address: Address, place: str, asked: Asked, role: str) -> Iterator[Cell]:
        for method in METHODS:
            answer = self._answer(role, method, asked)
            yield Cell(address.name, method, role, place, answer)
        if address.name.endswith("_changelist"):
            table = _table(address)
            for name, administration in self._places.items():
                row = administration.rows[table]
                for action in actions(row):
                    verdict = self._act(role, asked.path, action, row)
                    yield Cell(address.name, action, role, name, Answer(verdict, ""))

    def _act(self, role: str, path: str, action: str, row: Model) -> str:
        """Tell whether the action is offered to this role; one that is not must do nothing."""
        body = {"action": action, "_selected_action": row.pk, "post": "yes"}
        with transaction.atomic():
            response = self._client(role).post(path, body)
            verdict = _verdict(response, names_row=False)
            kept = type(row).objects.filter(pk=row.pk).exists()
            transaction.set_rollback(True)
        if verdict != YES or not kept:
            return verdict
        offered = admin.site.get_model_admin(type(row)).get_actions(response.wsgi_request)
        return YES if action in offered else NO

    def _answer(self, role: str, method: str, asked: Asked) -> Answer:
        """Ask and take everything back that the answer did to the database."""
        with transaction.atomic():
            client = self._client(role)
            if method == "GET":
                response = client.get(asked.path, asked.query)
            else:
                response = client.post(asked.path, asked.body)
            answer = Answer(_verdict(response, names_row=asked.names_row), _content(response))
            transaction.set_rollback(True)
        return answer

    def _client(self, role: str) -> Client:
        """Return the one client (a new one loads all middleware anew) as this role's browser."""
        self._browser.cookies.clear()
        if role != ANONYMOUS:
            self._browser.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[role]
        return self._browser

    @staticmethod
    def _session(person: offices.User) -> str:
        client = Client()
        client.force_login(person)
        return client.cookies[settings.SESSION_COOKIE_NAME].value


def actions(row: Model) -> list[str]:
    """Return the actions that anybody could ever be offered on the row's table."""
    administration = admin.site.get_model_admin(type(row))
    return [name for _act, name, _title in administration._get_base_actions()]  # noqa: SLF001


def _verdict(response: HttpResponse, *, names_row: bool) -> str:
    if response.status_code != 302:
        return {403: NO, 404: HIDDEN, 405: NOT_TAKEN, 500: CRASHED}.get(response.status_code, YES)
    to = urlsplit(response["Location"])
    if to.path in {reverse("login"), reverse("admin:login")} and to.query:
        return LOGIN
    return HIDDEN if names_row and to.path == reverse("admin:index") else YES


def _content(response: HttpResponse) -> str:
    data = b"".join(response) if response.streaming else response.content
    return data.decode(errors="replace")


def _asked(address: Address, place: Place) -> Asked:
    body: dict[str, object] = {}
    if address.name in _DESKS_NAMED:
        body = {"desk": place.desk.code}
    path = address.path(_values(address, place))
    return Asked(path, _names_row(address), _query(address, place), body)


def _names_row(address: Address) -> bool:
    return bool({"object_id", "id"} & set(address.places))


def _query(address: Address, place: Place) -> dict[str, object]:
    if address.name == "archive:label_sheet":
        return {"of": "folders", "subject": place.box.pk}
    if address.name == "admin:report_cases":
        return {"row": place.case.number}
    if address.name == "admin:autocomplete":
        field_of = {"app_label": "registration", "model_name": "desk", "field_name": "office"}
        return {**field_of, "term": ""}
    return {}


def _values(address: Address, place: Place) -> dict[str, object]:
    """Return what stands in the places of an address: an own or a foreign office's."""
    values: dict[str, object] = {"app_label": "registration", "code": REPORT, "url": "nothing/"}
    if address.name.startswith("registration:"):
        return values | {
            "number": place.case.number,
            "serial": place.issuance.certificate.serial,
            "run": 1,
            "page": 1,
            "script": "cyrl",
            "language": "en",
            "body": "none",  # of that name: it publishes nothing
            "asked": "MA==",  # noise: the body answers that it is none
            "pk": _pk(address, place),
            "paper": _of_scans(place)["registration:paper_scan"][0].pk,
        }
    if address.name.startswith("archive:"):
        certificate = place.record.certificates.all()[0].pk
        paper = place.record.files.all()[0].pk
        entry = place.record.book_entry
        book = {"book": entry.book_id, "entry": entry.pk, "form": "csv", "year": 2020}
        list_ = {"version": 2}  # which is being written
        kept = DisposalDocument.objects.get(disposal__items__record=place.record)
        return (
            values
            | book
            | list_
            | {
                "number": _kept(address, place).pk,
                "file": paper,
                "certificate": certificate,
                "page": 1,
                "finding": place.rows["archive/fixityfinding"].pk,
                "place": place.box.pk,
                "check": place.check.pk,
                "loan": place.loan.pk,
                "step": "cancel",
                "document": kept.pk,
            }
        )
    if address.name.startswith("admin:wording_"):
        draft = offices.wording_draft()
        return values | {"kind": "cover", "pk": draft.pk, "script": "Cyrl", "step": "propose"}
    if address.name == "admin:view_on_site":
        kind = ContentType.objects.get_for_model(Application)
        return values | {"content_type_id": kind.pk, "object_id": place.case.pk}
    if _names_row(address):
        row = place.rows[_table(address)].pk
        return values | {"object_id": row, "id": row}
    return values


def _kept(address: Address, place: Place) -> Model:
    """Return what of the archive the address names: the record, its hold, its disposal."""
    if address.name.startswith("archive:hold"):
        return place.record.holds.get()
    if address.name.startswith("archive:disposal"):
        return place.record.disposals.get().disposal
    return place.record


def _pk(address: Address, place: Place) -> object:
    case = place.case
    return (
        (
            _of_scans(place)
            | {
                "registration:case_unsign": Signature.objects.filter(paper__application=case),
                "registration:letters": LetterRun.objects.filter(office=place.office),
                "registration:paper": Paper.objects.filter(application=case),
                "registration:page": Paper.objects.filter(application=case),
                "registration:diagnosis": CardDiagnosis.objects.filter(application=case),
                "registration:diagnosis_live": CardDiagnosis.objects.filter(application=case),
            }
        )
        .get(address.name, CardReading.objects.filter(application=case))[0]
        .pk
    )


def _of_scans(place: Place) -> dict[str, QuerySet[Any]]:
    """Return the rows that the addresses of scans name."""
    stacks = Stack.objects.filter(office=place.office)
    sheets = Sheet.objects.filter(stack__office=place.office)
    of_stack = (
        "scan_stack",
        "scan_stack_live",
        "scan_file",
        "scan_discard",
        "scan_queue",
        "scan_paper",
    )
    of_sheet = ("sheet", "sheet_picture", "sheet_set_aside", "sheet_take_instead")
    return (
        {f"registration:{name}": stacks for name in of_stack}
        | {f"registration:{name}": sheets for name in of_sheet}
        | {
            "registration:mark": Mark.objects.filter(sheet__stack__office=place.office),
            "registration:paper_scan": Paper.objects.filter(
                application=place.case, scan__isnull=False
            ),
        }
    )


def _table(address: Address) -> str:
    """Return "app/model" of an address of the administration."""
    return "/".join(address.route.split("/")[1:3])
