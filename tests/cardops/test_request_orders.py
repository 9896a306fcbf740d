"""The server's order for a request is taken apart, and refused, before the card makes a key."""

import json

import pytest

from cardops.errors import MessageError
from cardops.personalise.orders import RequestOrder
from registration.ca import subject

BODY = {
    "role": "signing",
    "key_type": "P-256",
    "expected": {},
    "management_key": "AA==",
    "language": "en",
    "ca_healthy_at": 0,
}


def read(named: object) -> RequestOrder:
    return RequestOrder.read("issuance-1", json.loads(json.dumps(BODY | {"subject": named})))


@pytest.mark.parametrize("one_rdn", [False, True])
def test_the_subject_is_the_server_s(*, one_rdn: bool) -> None:
    built = subject.build("Ана", "Анић", "0101990610070", "001234567", one_rdn=one_rdn)
    assert read(built).subject == subject.name(built)


@pytest.mark.parametrize(
    "named",
    [
        [["2.5.4.6", "Serbia"]],
        [["2.5.4.6"]],
        [["2.5.4.5", "A", "2.5.4.5"]],
        [["2.5.4.5", "A", "2.5.4.5", "A"]],
        [["serialNumber", "A"]],
        [["2.5.4.5", 1]],
        [[]],
        ["2.5.4.5"],
        7,
    ],
)
def test_what_is_no_name_is_no_order(named: object) -> None:
    with pytest.raises(MessageError):
        read(named)
