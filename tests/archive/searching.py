"""The search as its page does it."""

from django.test import Client
from django.urls import reverse


def search(client: Client, **typed: str) -> tuple[str, str]:
    """Search as the page does and return the address and the text that came back."""
    answer = client.post(reverse("archive:search"), typed)
    assert answer.status_code == 200
    page = answer.content.decode()
    return page.partition('data-address="')[2].partition('"')[0], page
