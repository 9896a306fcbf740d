"""A page as a person reads it: found by data attributes, spaces folded."""

from typing import Self

from django.http import HttpResponse
from django.test import Client
from lxml import html


class Page:
    def __init__(self, response: HttpResponse) -> None:
        self.status = response.status_code
        self.path = response.request["PATH_INFO"] if hasattr(response, "request") else ""
        self.source = response.content.decode()
        self.root = html.document_fromstring(self.source or "<p></p>")

    @classmethod
    def get(cls, client: Client, path: str) -> Self:
        return cls(client.get(path))

    @classmethod
    def post(cls, client: Client, path: str, **data: object) -> Self:
        return cls(client.post(path, data, follow=True))

    def all(self, xpath: str) -> list[html.HtmlElement]:
        return list(self.root.xpath(xpath))

    def one(self, xpath: str) -> html.HtmlElement:
        found = self.all(xpath)
        assert len(found) == 1, f"{xpath}: {len(found)} found"
        return found[0]

    def text(self, xpath: str) -> str:
        return folded(self.one(xpath))

    def texts(self, xpath: str) -> list[str]:
        return [folded(element) for element in self.all(xpath)]

    def value(self, name: str) -> str:
        return str(self.one(f"//input[@name='{name}']").get("value", ""))

    def steps(self) -> dict[str, str]:
        """Return each step of a case with its status."""
        return {
            step.get("data-step"): step.get("data-status") for step in self.all("//li[@data-step]")
        }

    def next_action(self) -> str:
        """Return what the one primary button of the page does."""
        return str(self.one("//main//*[@data-primary]").get("data-action"))

    def error(self) -> str:
        return self.text("//*[@data-errors]")


def folded(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
