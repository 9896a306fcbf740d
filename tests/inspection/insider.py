"""What somebody could do who holds the counter's key too and signs the bundle anew: it is refused
for what does not belong together. `other` is the bundle of another case.
"""

import base64
import json
from collections.abc import Callable
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from archive import chain, store
from archive.services.log import heads
from tests.ca.cards import Card
from tests.inspection.evidence import Opened

Change = Callable[[Opened, Opened], object]

CERTIFICATE, REQUEST = "certificate/certificate.pem", "making/request.pem"
CHALLENGE, PROOF = "making/challenge.bin", "making/proof.bin"
ASKED, GIVEN = (f"making/body/002-p10cr-{way}.txt" for way in ("sent", "received"))
EVENTS, HEADS = "audit/events.json", "audit/heads.jsonl"
_STRANGER = Ed25519PrivateKey.generate()


def other_certificate(opened: Opened, other: Opened) -> None:
    opened.take(other, CERTIFICATE)


def other_request(opened: Opened, other: Opened) -> None:
    opened.take(other, REQUEST)


def request_of_a_new_key(opened: Opened, _other: Opened) -> None:
    """Name the right person, with a key that is not in the certificate."""
    said = opened.said("making/issuance.json")["subject"]
    request = x509.load_der_x509_csr(Card(subject=tuple(map(tuple, said))).csr())
    opened.files[f"data/{REQUEST}"] = request.public_bytes(Encoding.PEM)


def broken_request(opened: Opened, _other: Opened) -> None:
    pem = opened.files[f"data/{REQUEST}"]
    der = bytearray(x509.load_pem_x509_csr(pem).public_bytes(Encoding.DER))
    der[-1] ^= 1  # in its signature
    opened.files[f"data/{REQUEST}"] = x509.load_der_x509_csr(bytes(der)).public_bytes(Encoding.PEM)


def other_challenge(opened: Opened, other: Opened) -> None:
    opened.take(other, CHALLENGE)


def other_proof(opened: Opened, other: Opened) -> None:
    opened.take(other, CHALLENGE, PROOF)


def proof_of_another_making(opened: Opened, _other: Opened) -> None:
    opened.edit("making/issuance.json", lambda said: said.update(id=said["id"][::-1]))


def other_chain(opened: Opened, _other: Opened) -> None:
    own = opened.files["data/certificate/chain.pem"]
    opened.files["data/certificate/chain.pem"] = own + opened.files[f"data/{CERTIFICATE}"]


def proven_before_it_was_valid(opened: Opened, _other: Opened) -> None:
    early = "2020-01-01T00:00:00+00:00"
    opened.edit("making/issuance.json", lambda said: said.update(proven_at=early))


def read_back_of_another(opened: Opened, _other: Opened) -> None:
    opened.edit("making/journal.json", lambda said: said[-1]["facts"].update(serial="1"))


def never_asked_for(opened: Opened, _other: Opened) -> None:
    opened.files[f"data/{ASKED}"] = b"asked for somebody"


def given_to_somebody(opened: Opened, _other: Opened) -> None:
    opened.files[f"data/{GIVEN}"] = b"given to somebody"


def step_left_out(opened: Opened, _other: Opened) -> None:
    opened.edit("making/journal.json", lambda said: said.pop())


def other_person(opened: Opened, _other: Opened) -> None:
    opened.edit("case.json", lambda said: said["applicant"].update(jmbg="0101990610070"))


def other_paper(opened: Opened, other: Opened) -> None:
    """Put a paper of another case in the place of one, and call it by its own hash."""
    path = "papers/contract-1.pdf"
    opened.take(other, path)
    digest = store.address(other.files[f"data/{path}"])

    def rename(said: dict[str, Any]) -> None:
        (paper,) = (each for each in said["papers"] if path in each["files"])
        paper["sha256"] = paper["files"][path] = digest

    opened.edit("papers.json", rename)


def other_paper_signed(opened: Opened, other: Opened) -> None:
    """Let the signatures on record name it as well."""
    path = "data/papers/contract-1.pdf"
    was = store.address(opened.files[path])
    other_paper(opened, other)
    _replace(opened, "papers.json", was, store.address(opened.files[path]))


def other_paper_begun_upon(opened: Opened, other: Opened) -> None:
    """Let also what the making was begun upon name it, with hashes that fit."""
    path = "data/papers/contract-1.pdf"
    was = store.address(opened.files[path])
    other_paper_signed(opened, other)
    _replace(opened, "making/gate.json", was, store.address(opened.files[path]))

    def hash_anew(rows: list[dict[str, Any]]) -> None:
        for each in rows:
            each["sha256"] = store.address(chain.canonical(each["facts"]))

    opened.edit("making/gate.json", hash_anew)


def _replace(opened: Opened, path: str, was: str, now: str) -> None:
    opened.say(path, json.loads(json.dumps(opened.said(path)).replace(was, now)))


def other_wording(opened: Opened, _other: Opened) -> None:
    opened.edit("wording/terms-001.json", lambda said: said.update(version="002"))


def nameless_paper(opened: Opened, other: Opened) -> None:
    opened.files["data/papers/letter.pdf"] = other.files["data/papers/terms-1.pdf"]


def signature_left_out(opened: Opened, _other: Opened) -> None:
    opened.edit("papers.json", lambda said: said["signatures"].pop())


def signature_invented(opened: Opened, _other: Opened) -> None:
    """Say that the citizen signed on another day."""
    opened.edit("papers.json", lambda said: said["signatures"][0].update(signed_on="2020-01-01"))


def gate_rewritten(opened: Opened, _other: Opened) -> None:
    opened.edit("making/gate.json", lambda said: said[-1]["facts"].update(requirement="none"))


def other_document(opened: Opened, _other: Opened) -> None:
    def rename(said: dict[str, Any]) -> None:
        said["checks"][0]["document"]["number"] = "009999999"

    opened.edit("identity.json", rename)


def card_of_another(opened: Opened, _other: Opened) -> None:
    opened.edit("identity.json", lambda said: said["cards"].clear())


def event_altered(opened: Opened, _other: Opened) -> None:
    opened.edit(EVENTS, lambda said: said[0]["event"].update(actor="somebody"))


def event_altered_and_hashed(opened: Opened, _other: Opened) -> None:
    """Compute its hash anew, as somebody would who read our source."""

    def alter(said: list[dict[str, Any]]) -> None:
        said[-1]["event"]["actor"] = "somebody"
        body = b"overa audit event 1\x00" + chain.canonical(said[-1]["event"])
        said[-1]["hash"] = store.address(body)

    opened.edit(EVENTS, alter)


def event_left_out(opened: Opened, _other: Opened) -> None:
    opened.edit(EVENTS, lambda said: said.remove(_event(said, "case.print")))


def taking_left_out(opened: Opened, _other: Opened) -> None:
    opened.edit(EVENTS, lambda said: said.remove(_event(said, "evidence.take")))


def issuing_left_out(opened: Opened, _other: Opened) -> None:
    opened.edit(EVENTS, lambda said: said.remove(_event(said, "certificate.issue")))


def _event(said: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(each for each in said if each["event"]["event"] == name)


def events_reordered(opened: Opened, _other: Opened) -> None:
    opened.edit(EVENTS, lambda said: said.insert(4, said.pop(5)))


def event_of_another_case(opened: Opened, other: Opened) -> None:
    first = other.said(EVENTS)[0]
    opened.edit(EVENTS, lambda said: said.insert(0, first))
    opened.files[f"data/{HEADS}"] = b"".join(
        dict.fromkeys([*_lines(opened), *_lines(other)])  # each head once
    )


def _lines(opened: Opened) -> list[bytes]:
    return opened.files[f"data/{HEADS}"].splitlines(keepends=True)


def data_of_an_event_changed(opened: Opened, _other: Opened) -> None:
    def alter(said: list[dict[str, Any]]) -> None:
        _event(said, "record.filed")["private"]["data"]["surname"] = "Невидљиви"

    opened.edit(EVENTS, alter)


def head_of_a_stranger(opened: Opened, _other: Opened) -> None:
    _sign_heads(opened, _STRANGER.sign)


def head_left_out(opened: Opened, _other: Opened) -> None:
    opened.files[f"data/{HEADS}"] = b"".join(_lines(opened)[:-1])


def root_invented(opened: Opened, _other: Opened) -> None:
    """Sign, with the counter's own key, a head over events that never were."""
    key = heads._signing_key()  # noqa: SLF001
    _sign_heads(opened, key.sign, root=chain.START)


def _sign_heads(opened: Opened, sign: Callable[[bytes], bytes], root: str | None = None) -> None:
    lines = []
    for line in _lines(opened):
        body = json.loads(line)
        del body["signature"]
        if root:
            body["trees"]["decisions"][1] = root
        signature = base64.b64encode(sign(heads.TAG + chain.canonical(body))).decode()
        lines.append(chain.canonical(body | {"signature": signature}) + b"\n")
    opened.files[f"data/{HEADS}"] = b"".join(lines)


def revocation_invented(opened: Opened, _other: Opened) -> None:
    opened.edit("status.json", lambda said: said["counter"].update(state="revoked"))


def read_in_two_ways(opened: Opened, _other: Opened) -> None:
    opened.files["data/status.json"] = opened.files["data/status.json"].replace(
        b'"authority"', b'"counter"', 1
    )


_GATE, _AUDIT = "begun upon", "the audit does not know a signature"
FORGERIES: dict[Change, dict[str, str]] = {
    other_certificate: {
        "certificate": "another serial number",
        "request": "another key",
        "pairing": "did not sign the challenge",
        "body": "in no answer",
    },
    other_request: {"request": "another key", "body": "no message asked"},
    request_of_a_new_key: {"request": "another key", "body": "no message asked"},
    broken_request: {"request": "its own key did not sign", "body": "no message asked"},
    other_challenge: {"pairing": "did not sign the challenge"},
    other_proof: {"pairing": "did not sign the challenge"},
    proof_of_another_making: {"pairing": "did not sign the challenge"},
    other_chain: {"chain": "not the one you brought"},
    proven_before_it_was_valid: {"chain": "openssl does not accept"},
    read_back_of_another: {"making": "another certificate was read back"},
    never_asked_for: {"body": "no message asked"},
    given_to_somebody: {"body": "in no answer"},
    step_left_out: {"making": "a step is not journaled"},
    other_person: {"certificate": "names another person", "identity": "another person's"},
    other_paper: {"signatures": "of another paper", "story": "other papers were filed"},
    other_paper_signed: {"signatures": _AUDIT, "story": "other papers were filed"},
    other_paper_begun_upon: {"signatures": _AUDIT, "story": "other papers were filed"},
    other_wording: {"papers": "another wording"},
    nameless_paper: {"papers": "that nothing names"},
    signature_left_out: {"signatures": "not signed"},
    signature_invented: {"signatures": _AUDIT},
    gate_rewritten: {"signatures": _GATE},
    other_document: {"identity": "another identity check"},
    card_of_another: {"identity": "no card of the applicant"},
    event_altered: {"audit": "was changed"},
    event_altered_and_hashed: {"audit": "not in the log"},
    event_left_out: {"story": "does not tell of case.print"},
    taking_left_out: {"story": "who took this bundle"},
    issuing_left_out: {"story": "knows no such certificate"},
    events_reordered: {"audit": "not in its place"},
    event_of_another_case: {"audit": "about something else"},
    data_of_an_event_changed: {"audit": "the data of event"},
    head_of_a_stranger: {"heads": "not signed by your key"},
    head_left_out: {"audit": "is missing"},
    root_invented: {"audit": "not in the log"},
    revocation_invented: {"status": "another end"},
    read_in_two_ways: {"status": "stands twice"},
}
