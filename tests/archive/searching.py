"""The search as its page does it."""

from django.test import Client
from django.urls import reverse


def search(client: Client, **typed: str) -> tuple[str, str]:
    """Search as the page does and return the address and the text that came back."""
    answer = client.post(reverse("archive:search"), typed, follow=True)
    assert answer.status_code == 200
    address = answer.redirect_chain[-1][0] if answer.redirect_chain else ""
    return address, answer.content.decode()
