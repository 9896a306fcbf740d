#!/usr/bin/env python3
"""Checks the evidence bundle of one certificate, offline: Python and the program openssl, no more.

    python3 verify_bundle.py BUNDLE.zip --head-key KEY.pem --ca CHAIN.pem [--heads HEADS.jsonl]

One line per check; ends with 0 if all hold, with 1 if one does not. It is one file, longer than
others here, because an inspector carries it away and reads it alone.
"""

import argparse
import base64
import hashlib
import hmac
import io
import json
import re
import stat
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

MANIFEST, TAGS, SIGNATURE = "manifest-sha256.txt", "tagmanifest-sha256.txt", "signature.bin"
BESIDE = {MANIFEST, "bagit.txt", "bag-info.txt", "README.txt", "verify_bundle.py"}
HEAD_TAG, EVENT_TAG = b"overa audit heads 1\x00", b"overa audit event 1\x00"
PRIVATE_TAG, PAIRING_TAG = b"overa audit private 1\x00", b"overa pairing proof"
STREAM = "decisions"
MILESTONES = ("case.open", "case.identify", "case.print", "case.sign", "case.start_issuing")
STEPS = ("make-request", "enrol", "write-certificate")
UNSIGNED = {"receipt", "reprint"}  # a receipt is signed later, the cover of a reprint never
LARGEST = 2**31  # bytes, unpacked
CHALLENGE = 32  # bytes
HEX = 64  # characters of a SHA-256
DIRECTORY_END = 22  # bytes that end a ZIP
UNIX, PLAIN_FILE = 3, 0o100644 << 16  # as ZIP writes the kind of a file
Files = dict[str, bytes]


class RefusedError(Exception):
    """What does not hold, as a sentence."""


def require(holds: object, sentence: str) -> None:
    if not holds:
        raise RefusedError(sentence)


def sha256(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def canonical(value: Any) -> bytes:
    """Write JSON in the one spelling that the audit hashes."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def strict(data: bytes) -> Any:
    """Read JSON that can be read in one way only."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        require(len(pairs) == len(dict(pairs)), "a name stands twice in a JSON object")
        return dict(pairs)

    return json.loads(data, object_pairs_hook=once)


# The ZIP: read as it is, nothing is unpacked onto the disk under a name that it gives.


def read_zip(path: Path) -> tuple[str, Files]:
    """Return the folder of the bundle, and its files by their paths in it."""
    with zipfile.ZipFile(path) as file:
        entries = sorted(file.infolist(), key=lambda each: each.header_offset)
        names = [entry.filename for entry in entries]
        require(len(names) == len(set(names)), "a file is in the ZIP twice")
        require(
            all(map(harmless, entries)), "a name leads elsewhere or is not that of a plain file"
        )
        require(sum(entry.file_size for entry in entries) < LARGEST, "the files are too large")
        folders = {name.partition("/")[0] for name in names}
        require(len(folders) == 1, "there is not exactly one folder")
        files = {name: file.read(name) for name in names}
    require_nothing_else(path.read_bytes(), entries, files)
    return folders.pop(), {name.partition("/")[2]: data for name, data in files.items()}


def harmless(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.split("/")
    named = all(re.fullmatch(r"[A-Za-z0-9_.-]+", part) and part.strip(".") for part in parts)
    plain = stat.S_ISREG(entry.external_attr >> 16) and entry.compress_type == zipfile.ZIP_STORED
    return len(parts) > 1 and named and plain


def require_nothing_else(data: bytes, entries: list[zipfile.ZipInfo], files: Files) -> None:
    """Pack the files again: every byte has to be what it is, none is hidden between them."""
    require(entries[0].header_offset == 0, "something stands before the first file of the ZIP")
    require(data[-DIRECTORY_END:].startswith(b"PK\x05\x06"), "something follows the ZIP")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for entry in entries:
            plain = zipfile.ZipInfo(entry.filename, made_at(files))
            plain.create_system, plain.external_attr = UNIX, PLAIN_FILE
            file.writestr(plain, files[entry.filename])
    require(out.getvalue() == data, "the ZIP holds something besides its files")


def made_at(files: Files) -> tuple[int, int, int, int, int, int]:
    """Return the moment that the bundle itself names: its files bear no other."""
    info = next(data for name, data in files.items() if name.endswith("/bag-info.txt"))
    (at,) = re.findall(rb"^Overa-Made-At: (.+)$", info, re.MULTILINE)
    moment = datetime.fromisoformat(at.decode())
    return moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second


# What openssl is asked.


def openssl(*words: str | Path, **files: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run openssl; a word {name} stands for a file that holds these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        places = {f"{{{name}}}": Path(folder) / name for name in files}
        for name, data in files.items():
            places[f"{{{name}}}"].write_bytes(data)
        command = [str(places.get(str(word), word)) for word in ("openssl", *words)]
        return subprocess.run(command, capture_output=True, check=False)


def key_of(kind: str, pem: bytes) -> bytes:
    """Return the public key of a certificate ("x509") or of a request ("req"), PEM."""
    return openssl(kind, "-in", "{pem}", "-noout", "-pubkey", pem=pem).stdout


def subject_of(kind: str, pem: bytes) -> str:
    """Return the name, an attribute a line."""
    words = ("-noout", "-subject", "-nameopt", "multiline,utf8,-esc_msb")
    return openssl(kind, "-in", "{pem}", *words, pem=pem).stdout.decode()


def certificates(pem: bytes) -> set[bytes]:
    pattern = rb"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----"
    return {b"".join(each.split()) for each in re.findall(pattern, pem)}


@dataclass(frozen=True)
class Bundle:
    """The files of a bundle, beside what the inspector brought."""

    folder: str
    files: Files
    head_key: Path
    ca: Path
    outside: Path | None

    def read(self, path: str) -> bytes:
        require(f"data/{path}" in self.files, f"{path} is missing")
        return self.files[f"data/{path}"]

    def json(self, path: str) -> Any:
        return strict(self.read(path))

    def below(self, folder: str) -> set[str]:
        return {path[5:] for path in self.files if path.startswith(f"data/{folder}/")}

    @property
    def certificate(self) -> bytes:
        return self.read("certificate/certificate.pem")

    @cached_property
    def case(self) -> dict[str, Any]:
        return dict(self.json("case.json"))

    @cached_property
    def issuance(self) -> dict[str, Any]:
        return dict(self.json("making/issuance.json"))

    @cached_property
    def papers(self) -> dict[tuple[str, int], dict[str, Any]]:
        return {(each["kind"], each["copy"]): each for each in self.json("papers.json")["papers"]}

    @cached_property
    def signatures(self) -> list[dict[str, Any]]:
        return list(self.json("papers.json")["signatures"])

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        return list(self.json("audit/events.json"))

    def told(self, event: str) -> list[dict[str, Any]]:
        """Return what the audit says in clear of every event of this name."""
        return [each["event"]["facts"] for each in self.events if each["event"]["event"] == event]

    def sealed(self, event: str) -> list[Any]:
        """Return the personal data of every event of this name, where it was not disposed of."""
        named = [each for each in self.events if each["event"]["event"] == event]
        return [each["private"]["data"] for each in named if each["private"]]

    def is_signed(self, message: bytes, signature: bytes) -> bool:
        words = ("pkeyutl", "-verify", "-pubin", "-inkey", self.head_key, "-rawin")
        done = openssl(
            *words,
            *("-in", "{message}", "-sigfile", "{signature}"),
            message=message,
            signature=signature,
        )
        return done.returncode == 0


# The checks, in the order in which they are told.


def check_manifest(bundle: Bundle) -> str:
    """Compare every file with its line: none changed, none missing, none added."""
    payload = {path for path in bundle.files if path.startswith("data/")}
    for name, expected in ((TAGS, BESIDE), (MANIFEST, payload)):
        lines = bundle.files.get(name, b"").decode().splitlines()
        listed = {line[HEX + 2 :]: line[:HEX] for line in lines}
        require(len(lines) == len(listed), f"{name} names a file twice")
        wrong = sorted(set(listed) ^ expected)
        require(not wrong, f"{name} and the files differ: {', '.join(wrong)}")
        changed = [path for path in listed if sha256(bundle.files.get(path, b"")) != listed[path]]
        require(not changed, f"changed: {', '.join(changed)}")
    loose = sorted(set(bundle.files) - payload - BESIDE - {TAGS, SIGNATURE})
    require(not loose, f"no manifest names {', '.join(loose)}")
    return f"{len(payload)} files are as they were; none is missing, none was added"


def check_signature(bundle: Bundle) -> str:
    signature = bundle.files.get(SIGNATURE, b"")
    require(bundle.is_signed(bundle.files[TAGS], signature), "your key did not sign this bundle")
    return "the manifest carries the signature of the key that you brought"


def check_certificate(bundle: Bundle) -> str:
    stated, pem = bundle.case["certificate"], bundle.certificate
    der = openssl("x509", "-in", "{pem}", "-outform", "DER", pem=pem).stdout
    said = openssl("x509", "-in", "{pem}", "-noout", "-serial", pem=pem).stdout.decode()
    serial = said.strip().partition("=")[2].lower().lstrip("0")
    require(serial == stated["serial"], "the certificate has another serial number than the case")
    require(sha256(der) == stated["sha256"], "it is not the certificate that the case names")
    require(bundle.folder == f"evidence-{serial}", "the folder is named after another certificate")
    person = rf"= PNORS-{re.escape(bundle.case['applicant']['jmbg'])}\b"
    require(re.search(person, subject_of("x509", pem)), "the certificate names another person")
    return f"{serial} is the certificate of the case {bundle.case['number']} and of its applicant"


def check_chain(bundle: Bundle) -> str:
    at = datetime.fromisoformat(bundle.issuance["proven_at"])
    trusted = certificates(bundle.ca.read_bytes())
    shipped = certificates(bundle.read("certificate/chain.pem"))
    require(shipped and shipped <= trusted, "the chain in the bundle is not the one you brought")
    words = ("verify", "-x509_strict", "-no-CApath", "-no-CAstore", "-attime")
    done = openssl(
        *words, str(int(at.timestamp())), "-CAfile", bundle.ca, "{pem}", pem=bundle.certificate
    )
    require(done.returncode == 0, "openssl does not accept the certificate under your chain")
    return f"the certificate was valid under your chain when its card proved it, {at:%Y-%m-%d}"


def check_request(bundle: Bundle) -> str:
    request = bundle.read("making/request.pem")
    words = ("req", "-in", "{pem}", "-noout", "-verify")
    require(b"verify OK" in openssl(*words, pem=request).stderr, "its own key did not sign it")
    same = key_of("req", request) == key_of("x509", bundle.certificate)
    require(same, "it was made for another key than the certificate's")
    named = subject_of("req", request) == subject_of("x509", bundle.certificate)
    require(named, "it names another person than the certificate")
    return "the request was signed by the certificate's key and names the same person"


def check_pairing(bundle: Bundle) -> str:
    """Verify what the chip signed when the certificate was on the card."""
    challenge, proof = bundle.read("making/challenge.bin"), bundle.read("making/proof.bin")
    require(len(challenge) == CHALLENGE, "the challenge has another length")
    message = b"\x00".join((PAIRING_TAG, bundle.issuance["id"].encode(), challenge))
    key = key_of("x509", bundle.certificate)
    about = openssl("pkey", "-pubin", "-in", "{key}", "-noout", "-text", key=key).stdout
    digest = "-sha384" if b"(384 bit)" in about else "-sha256"
    words = ("dgst", digest, "-verify", "{key}", "-signature", "{proof}", "{message}")
    done = openssl(*words, key=key, proof=proof, message=message)
    require(done.returncode == 0, "the certificate's key did not sign the challenge")
    return "the chip signed the challenge with the key of the certificate"


def check_making(bundle: Bundle) -> str:
    stated = bundle.case["certificate"]
    results = [each for each in bundle.json("making/journal.json") if each["kind"] == "result"]
    done = {each["step"]: each["facts"] for each in results if each["step"] in STEPS}
    require(tuple(done) == STEPS, "a step is not journaled, or in another order")
    received = {name: done["enrol"].get(name) for name in ("serial", "sha256")}
    require(received.items() <= stated.items(), "the body gave another certificate")
    written = done["write-certificate"].get("serial")
    require(written == stated["serial"], "another certificate was read back")
    return "journaled: request made on the card, certificate received, written, read back as it was"


def check_body(bundle: Bundle) -> str:
    """Look for the request in what went to the body, for the certificate in what came back."""
    paths = sorted(bundle.below("making/body"))
    if not any(re.search(r"-(p10cr|pkcs10enroll)-sent\.", path) for path in paths):
        return "no message that asked the body for the certificate was kept"
    sent, received = (
        [bundle.read(path) for path in paths if f"-{way}." in path] for way in ("sent", "received")
    )
    pem = bundle.read("making/request.pem")
    request = openssl("req", "-in", "{pem}", "-outform", "DER", pem=pem).stdout
    require(any(holds(each, request) for each in sent), "no message asked the body for it")
    der = openssl("x509", "-in", "{pem}", "-outform", "DER", pem=bundle.certificate).stdout
    require(any(holds(each, der) for each in received), "it is in no answer of the body")
    return f"{len(sent)} messages to the body: the request is in them, the certificate in an answer"


def holds(message: bytes, der: bytes, layers: int = 2) -> bool:
    """Tell whether a message carries these bytes, as they are or in layers of Base64."""
    text = re.sub(rb"\\r|\\n|\s", b"", message)
    if der in message or base64.b64encode(der) in text:
        return True
    return layers > 0 and any(holds(each, der, layers - 1) for each in unwrapped(text))


def unwrapped(text: bytes) -> Iterator[bytes]:
    for each in re.findall(rb"[A-Za-z0-9+/]{64,}={0,2}", text):
        with suppress(ValueError):  # letters, but no Base64
            yield base64.b64decode(each + b"==")


def check_papers(bundle: Bundle) -> str:
    named = {each["picture"] for each in bundle.signatures if each["picture"]}
    wordings = set()
    for (kind, copy), paper in bundle.papers.items():
        printed = f"papers/{kind}-{copy}.pdf"
        require(paper["files"].get(printed) == paper["sha256"], f"{printed} is another paper")
        for path, digest in paper["files"].items():
            require(sha256(bundle.read(path)) == digest, f"{path} is another file")
        named |= set(paper["files"])
        wordings.add(f"wording/{kind}-{paper['version']}.json")
        wording = bundle.json(f"wording/{kind}-{paper['version']}.json")
        said = [wording["kind"], wording["version"], wording["expected"]]
        require(said == [kind, paper["version"], paper["expected"]], f"another wording: {printed}")
    require(bundle.below("papers") == named, "papers are there that nothing names")
    require(bundle.below("wording") == wordings, "wordings are there that no paper has")
    return f"{len(bundle.papers)} papers with {len(wordings)} wordings"


def check_signatures(bundle: Bundle) -> str:
    """Hold the signatures against the papers, the gate, and the audit."""
    for each in bundle.signatures:
        paper = bundle.papers.get((each["paper"], each["copy"]), {})
        require(each["sha256"] == paper.get("sha256"), "a signature is on record of another paper")
    on_record = {stated(each, each["signed_on"]) for each in bundle.signatures}
    told = {stated(each, each["on"]) for each in bundle.told("signature.record")}
    require(on_record <= told, "the audit does not know a signature that is on record")
    present = {(each["paper"], each["copy"], each["role"]) for each in bundle.signatures}
    wanted = {(*key, role) for key, paper in bundle.papers.items() for role in paper["expected"]}
    missing = {each for each in wanted - present if each[0] not in UNSIGNED}
    require(not missing, f"not signed: {sorted(missing)}")
    check_gate(bundle, on_record)
    return f"{len(on_record)} signatures, each of a paper that is here and known to the audit"


def stated(facts: dict[str, Any], day: str) -> tuple[Any, ...]:
    return facts["paper"], facts["copy"], facts["role"], facts.get("sha256"), day


def check_gate(bundle: Bundle, on_record: set[tuple[Any, ...]]) -> None:
    """Hold what the button at the card was computed from against the same signatures."""
    for row in bundle.json("making/gate.json"):
        facts = row["facts"]
        require(sha256(canonical(facts)) == row["sha256"], "what the making was begun upon changed")
        if row["kind"] == "signature":
            known = stated(facts, facts["signed_on"]) in on_record
            require(known, "the making was begun upon another signature")


def check_identity(bundle: Bundle) -> str:
    identity, applicant = bundle.json("identity.json"), bundle.case["applicant"]
    checks = [(each["method"], each["document"]) for each in identity["checks"]]
    methods = [each["method"] for each in bundle.told("case.identify")]
    audited = list(zip(methods, bundle.sealed("case.identify"), strict=False))
    require(checks and checks == audited, "the audit tells of another identity check")
    numbers = (applicant["jmbg"], applicant["document_number"])
    card = bundle.issuance["card"]
    require((card["jmbg"], card["document_number"]) == numbers, "the card is another person's")
    read = [each for each in identity["cards"] if each["person"] and not each["differences"]]
    matched = [(each["person"]["jmbg"], each["document"]["registration_number"]) for each in read]
    require(numbers in matched, "no card of the applicant was read")
    return f"{len(checks)} identity check, known to the audit; the applicant's card was read"


def check_heads(bundle: Bundle) -> str:
    lines = bundle.read("audit/heads.jsonl").splitlines()
    for line in lines:
        body = strict(line)
        signature = base64.b64decode(body.pop("signature"), validate=True)
        signed = bundle.is_signed(HEAD_TAG + canonical(body), signature)
        require(signed, "a head of the audit is not signed by your key")
    if bundle.outside is None:
        return f"{len(lines)} signed heads (compared with no copy from outside: --heads)"
    outside = set(bundle.outside.read_bytes().splitlines())
    require(set(lines) <= outside, "a head is not among those that you brought")
    return f"{len(lines)} signed heads, all of them among those that you brought"


def check_audit(bundle: Bundle) -> str:
    heads = {
        body["at"]: body for body in map(strict, bundle.read("audit/heads.jsonl").splitlines())
    }
    subjects = {bundle.case["number"], bundle.case["file_number"]}
    before, last = 0, ""
    for each in bundle.events:
        event, number = each["event"], each["event"]["number"]
        require(sha256(EVENT_TAG, canonical(event)) == each["hash"], f"event {number} was changed")
        named = event["facts"].get("serial") == bundle.case["certificate"]["serial"]
        about = event["stream"] == STREAM and (named or event["subject"] in subjects)
        require(about, f"event {number} is about something else")
        require(number > before, f"event {number} is not in its place")
        follows = number != before + 1 or not last or event["previous"] == last
        require(follows, f"event {number} does not follow the one before it")
        require(each["head"] in heads, f"the head over event {number} is missing")
        require_in_tree(each, heads[each["head"]])
        require_committed(each)
        before, last = number, each["hash"]
    return f"{len(bundle.events)} events lie unchanged in the log whose heads were signed"


def require_in_tree(each: dict[str, Any], head: dict[str, Any]) -> None:
    """Go from the event up to the root that the head names (RFC 6962, section 2.1.1)."""
    number, (first, root) = each["event"]["number"], head["trees"][STREAM]
    place, size = number - first, head["streams"][STREAM][0] - first + 1
    require(0 <= place < size, f"event {number} does not lie below its head")
    node, path = sha256(b"\x00", bytes.fromhex(each["hash"])), iter(each["path"])
    while size > 1:
        if place ^ 1 < size:
            side, other = next(path, ("", ""))
            require(side == ("left" if place & 1 else "right"), f"event {number}: another path")
            pair = (other, node) if side == "left" else (node, other)
            node = sha256(b"\x01", *map(bytes.fromhex, pair))
        place, size = place // 2, (size + 1) // 2
    require(node == root, f"event {number} is not in the log whose head was signed")


def require_committed(each: dict[str, Any]) -> None:
    """Hold the personal data beside an event against its commitment, unless it was disposed of."""
    private, number = each["private"], each["event"]["number"]
    if private is None:
        return
    message = PRIVATE_TAG + canonical(private["data"])
    commitment = hmac.new(bytes.fromhex(private["salt"]), message, hashlib.sha256).hexdigest()
    require(commitment == each["event"]["commitment"], f"the data of event {number} were changed")


def check_story(bundle: Bundle) -> str:
    """Look in the audit for every step without which there would be no certificate."""
    names = [each["event"]["event"] for each in bundle.events]
    missing = [name for name in MILESTONES if name not in names]
    require(not missing, f"the audit does not tell of {', '.join(missing)}")
    places = [names.index(name) for name in MILESTONES]
    require(places == sorted(places), "the steps of the case stand in another order")
    issued = {name: bundle.case["certificate"][name] for name in ("serial", "sha256")}
    require(issued in bundle.told("certificate.issue"), "the audit knows no such certificate")
    taken = [each["serial"] for each in bundle.told("evidence.take")]
    require(issued["serial"] in taken, "the audit does not tell who took this bundle")
    for filed in bundle.told("record.filed"):
        require_filed(bundle, filed)
    return f"{len(names)} events, from the opening of the case to the taking of this bundle"


def require_filed(bundle: Bundle, filed: dict[str, Any]) -> None:
    """Hold what was filed against what is here; a recalled certificate was not filed."""
    stated = bundle.case["certificate"]
    entry = [stated["role"], stated["serial"], stated["sha256"]]
    if entry in filed["certificates"]:
        papers = sorted([*key, paper["sha256"]] for key, paper in bundle.papers.items())
        require(papers == sorted(filed["papers"]), "other papers were filed")
    else:
        require(revoked(bundle), "another certificate was filed")


def revoked(bundle: Bundle) -> bool:
    ended = [*bundle.told("certificate.revoke"), *bundle.told("record.certificate_ended")]
    return bundle.case["certificate"]["serial"] in [each["serial"] for each in ended]


def check_status(bundle: Bundle) -> str:
    status = bundle.json("status.json")
    counter, authority = status["counter"], status["authority"]
    known = revoked(bundle)
    require((counter["state"] == "revoked") == known, "the audit tells of another end")
    require(not known or authority["state"] != "valid", "the body calls valid what was revoked")
    return f"the body said on {authority['asked_at'][:10]}: {authority['state']}"


CHECKS: dict[str, Callable[[Bundle], str]] = {
    "manifest": check_manifest,
    "signature": check_signature,
    "certificate": check_certificate,
    "chain": check_chain,
    "request": check_request,
    "pairing": check_pairing,
    "making": check_making,
    "body": check_body,
    "papers": check_papers,
    "signatures": check_signatures,
    "identity": check_identity,
    "heads": check_heads,
    "audit": check_audit,
    "story": check_story,
    "status": check_status,
}
MALFORMED = (
    *(KeyError, TypeError, ValueError, AttributeError, IndexError, OSError, StopIteration),
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError),  # also of what is no JSON, no ZIP
)


def verdicts(options: argparse.Namespace) -> Iterator[tuple[str, bool, str]]:
    """Yield (check, whether it holds, what is said of it); without a ZIP there is one only."""
    try:
        folder, files = read_zip(options.bundle)
    except (RefusedError, *MALFORMED) as fault:
        yield "zip", False, str(fault)
        return
    yield "zip", True, f"{len(files)} files in the folder {folder}"
    bundle = Bundle(folder, files, options.head_key, options.ca, options.heads)
    for name, check in CHECKS.items():
        try:
            yield name, True, check(bundle)
        except RefusedError as fault:
            yield name, False, str(fault)
        except MALFORMED as fault:
            yield name, False, f"cannot be read: {type(fault).__name__} {fault}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("bundle", type=Path, metavar="BUNDLE.zip")
    parser.add_argument("--head-key", type=Path, required=True, help="public key of the heads, PEM")
    parser.add_argument("--ca", type=Path, required=True, help="the body's certificates, PEM")
    parser.add_argument("--heads", type=Path, help="a copy of the signed heads from outside")
    refused = 0
    for name, holds, sentence in verdicts(parser.parse_args()):
        sys.stdout.write(f"{'ok     ' if holds else 'REFUSED'}  {name:<11}  {sentence}\n")
        refused += not holds
    sys.stdout.write("The bundle is " + (f"REFUSED: {refused} faults\n" if refused else "sound\n"))
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
