"""Certificates on the card in the reader."""

from cardops import transport
from cardops.cards.profile import Role
from cardops.channel import Channel
from tests.cardops import applications


def store(**certificates: bytes) -> None:
    """Write certificates by role, as another office would have done."""
    connection = transport.connect()
    try:
        piv = applications.piv(Channel(connection))
        piv.administer(bytes(range(24)))
        for role, der in certificates.items():
            piv.write_certificate(Role(role), der)
    finally:
        connection.close()
