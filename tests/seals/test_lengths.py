"""What we mend in the library that reads and writes certificates, stamps and signatures."""

import subprocess
import sys

import pytest
from asn1crypto import core

from registration.seals import lengths

LONG = core.SequenceOf(spec=core.OctetString, default=[b"\0" * 126]).dump()  # 128 bytes of content
WITHOUT_US = """
from asn1crypto import core
value = core.SequenceOf.load(bytes.fromhex("{der}"), spec=core.OctetString)
value.dump()
print(value.children)
"""


def load(der: bytes) -> core.SequenceOf:
    return core.SequenceOf.load(der, spec=core.OctetString)


def test_a_length_that_ends_like_an_indefinite_one_is_no_reason_to_encode_anew() -> None:
    value = load(LONG)
    assert LONG[:3] == b"\x30\x81\x80"
    assert value.dump() == LONG
    assert value.children is None  # nobody looked inside


def test_the_library_alone_still_does() -> None:
    """When this fails the repair can go."""
    script = WITHOUT_US.format(der=LONG.hex())
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30
    ).stdout
    assert said.strip() != "None"


def test_a_truly_indefinite_length_is_still_written_out() -> None:
    value = load(b"\x30\x80\x04\x01a\x00\x00")
    assert value.dump() == b"\x30\x03\x04\x01a"


@pytest.mark.parametrize(
    ("header", "indefinite"),
    [
        (b"\x30\x80", True),
        (b"\x30\x81\x80", False),
        (b"\x30\x82\x05\x80", False),
        (b"\x7f\x81\x00\x80", True),
        (b"\x7f\x81\x00\x81\x80", False),
        (b"\xa0\x82\x05\x84\x30\x82\x05\x80", False),
        (b"\xa0\x80\x30\x80", True),
        (b"\xa0\x04\x30\x02", False),
    ],
)
def test_headers_are_told_apart(header: bytes, indefinite: bool) -> None:  # noqa: FBT001
    assert lengths.is_indefinite(header) is indefinite
