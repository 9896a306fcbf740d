"""Printing as the officer's browser sees it: the window, the desk's order, a sheet, the forms."""

from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client
from pypdf import PdfReader

from registration.models import Application, Desk, User
from registration.queries import papers
from tests.pages import counter
from tests.pages.page import Page
from tests.registration import making

TICK = "Tick the papers that are to be printed again."


def pages(response: HttpResponse) -> list[str]:
    """Return the text of each page of a PDF."""
    assert response["Content-Type"] == "application/pdf"
    return [page.extract_text() for page in PdfReader(BytesIO(response.content)).pages]


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return counter.signed(officer, desk)


def test_the_packet_may_stand_in_our_own_window_only(client: Client, case: Application) -> None:
    window = client.get(f"/cases/{case.number}/packets/1/print/")
    assert f"/cases/{case.number}/packets/1/" in window.content.decode()
    packet = client.get(f"/cases/{case.number}/packets/1/")
    assert packet["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in packet["Content-Security-Policy"]
    page = client.get(f"/cases/{case.number}/")
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_the_desks_printer_decides_about_order_and_sheets(
    client: Client, case: Application, desk: Desk
) -> None:
    address = f"/cases/{case.number}/packets/1/"
    straight = pages(client.get(address))
    Desk.objects.filter(pk=desk.pk).update(print_order=Desk.PrintOrder.COPIES, duplex=True)
    arranged = pages(client.get(address))
    assert arranged[1] == ""
    assert sorted(filter(None, arranged)) == sorted(straight)
    copies = ["примерак 2" in text for text in arranged if "примерак" in text.split("штампа")[-1]]
    assert copies == sorted(copies)


def test_a_spoilt_sheet_is_printed_by_its_number(client: Client, case: Application) -> None:
    terms = papers.current(case)[1]
    whole = pages(client.get(f"/cases/{case.number}/papers/{terms.pk}/"))
    assert pages(client.get(f"/cases/{case.number}/papers/{terms.pk}/2/")) == [whole[1]]
    assert client.get(f"/cases/{case.number}/papers/{terms.pk}/9/").status_code == 404


def test_papers_are_ticked_to_be_printed_again(client: Client, case: Application) -> None:
    spoilt = papers.current(case)[0]
    address = f"/cases/{case.number}/reprint/"
    nothing = Page(client.post(address, {"reason": "згужван"}))
    assert TICK in nothing.text("//main")
    assert client.post(address, {"reason": "згужван", "papers": [spoilt.pk]}).status_code == 302
    page = Page(client.get(f"/cases/{case.number}/"))
    assert page.steps()["signatures"] == "current"
    assert "згужван" in page.text("//main")


def test_a_paper_that_does_not_count_cannot_be_ticked(client: Client, case: Application) -> None:
    spoilt = papers.current(case)[0]
    body = {"reason": "згужван", "papers": [spoilt.pk]}
    client.post(f"/cases/{case.number}/reprint/", body)
    again = client.post(f"/cases/{case.number}/reprint/", body)
    assert "is not one of the available choices" in Page(again).text("//main")
    assert case.packets.count() == 2


def test_nothing_changed_is_said_and_nothing_printed(
    client: Client, case: Application, officer: User
) -> None:
    Application.objects.filter(pk=case.pk).update(state="draft")
    answer = client.post(f"/cases/{case.number}/print/", follow=True)
    assert "Nothing on the papers changed" in Page(answer).text("//main")
    assert case.packets.count() == 1


def test_receipt_and_label_are_printed_where_they_belong(
    client: Client, officer: User, desk: Desk
) -> None:
    issued = making.confirmed(officer, desk).application
    answer = client.post(f"/cases/{issued.number}/receipt/")
    assert answer["Location"] == f"/cases/{issued.number}/packets/2/print/"
    early = client.get(f"/cases/{issued.number}/label/")
    assert early["Location"] == f"/cases/{issued.number}/"
    filed = making.filed(officer, desk)
    assert filed.file_number in pages(client.get(f"/cases/{filed.number}/label/"))[0]


@pytest.mark.parametrize(("script", "word"), [("cyrl", "ЗАХТЕВ"), ("latn", "ZAHTEV")])
def test_who_comes_prepared_fills_in_the_form_at_home(db: None, script: str, word: str) -> None:
    answer = Client().get(f"/forms/obrazac-1-{script}.pdf")
    document = PdfReader(BytesIO(answer.content))
    assert word in document.pages[0].extract_text()
    assert {"surname", "given_name", "jmbg", "certificate_email"} <= set(
        document.get_fields() or ()
    )
    assert not {"officer", "human"} & set(document.get_fields() or ())


def test_there_is_no_form_in_another_script(client: Client, db: None) -> None:
    assert client.get("/forms/obrazac-1-grek.pdf").status_code == 404
