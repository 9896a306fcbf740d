"""Checking the audit: every stream is computed again and held against the signed heads."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Cast

from archive import chain, timestamps, tree, vault
from archive.models import AuditEvent, AuditHead
from archive.services.log import heads, stamps

FILE = "heads file"  # the "stream" of what is wrong with the file of heads


@dataclass(frozen=True)
class Finding:
    """Something that does not hold: where, and which rule is broken.

    Reasons: gap, previous, hash, private (personal data differ from their commitment), head (the
    head's row differs or is gone), signed (another hash was signed for this number), truncated
    (more was promised than is there), tree (what was written between two heads is not what the
    second one's tree was made of); of the heads file: missing, signature, order, stamp (its token
    is of another line or authority).
    """

    stream: str
    number: int
    reason: str


@dataclass(frozen=True)
class Report:
    """What was checked, and every finding."""

    events: int
    streams: int
    signed: int  # lines of heads
    erased: int  # events whose personal data was disposed of, which the chain survives
    findings: tuple[Finding, ...]
    stamped: int = 0  # lines of heads with a time stamp that holds
    unstamped: tuple[int, ...] = ()  # lines that wait for theirs


@dataclass
class _Promises:
    """Which hash a stream must have at a number, and the reason to name if it has not."""

    by_stream: dict[str, dict[int, dict[str, str]]] = field(default_factory=dict)
    trees: dict[str, dict[int, tuple[int, str]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    signed: int = 0

    def add(self, stream: str, number: int, digest: str, reason: str) -> None:
        self.by_stream.setdefault(stream, {}).setdefault(number, {})[digest] = reason


@dataclass
class _Walk:
    """One pass over a stream."""

    stream: str
    promised: Mapping[int, Mapping[str, str]]  # number → hash → reason
    trees: Mapping[int, tuple[int, str]]  # number of the last event → of the first one, root
    findings: list[Finding] = field(default_factory=list)
    lying: list[Finding] = field(default_factory=list)  # trees, of which a broken chain has many
    since: list[str] = field(default_factory=list)  # hashes that no tree was compared with yet
    length: int = 0
    erased: int = 0
    last: int = 0

    def run(self) -> None:
        for one in chain.breaks(self._links()):
            self.findings.append(Finding(one.stream, one.number, one.reason))
        for number in self.promised:
            if number > self.last:
                self.findings.append(Finding(self.stream, number, "truncated"))
        self.findings = self.findings or self.lying

    def _links(self) -> Iterator[chain.Link]:
        for row in rows(self.stream).iterator(chunk_size=2000):
            self.length += 1
            self.last = row.number
            self._compare(row)
            yield row.link()

    def _compare(self, row: AuditEvent) -> None:
        for digest, reason in self.promised.get(row.number, {}).items():
            if digest != row.hash:
                self.findings.append(Finding(self.stream, row.number, reason))
        self._compare_tree(row)
        private = vars(row)["sealed"]
        if private is None:
            self.erased += bool(row.commitment)
        elif not _kept(row, bytes(private)):
            self.findings.append(Finding(self.stream, row.number, "private"))

    def _compare_tree(self, row: AuditEvent) -> None:
        self.since.append(row.hash)
        if row.number not in self.trees:
            return
        first, root = self.trees[row.number]
        if root != tree.root(self.since[first - row.number - 1 :]):
            self.lying.append(Finding(self.stream, row.number, "tree"))
        self.since.clear()


def verify(
    heads_file: Path | None = None,
    public_key: Path | None = None,
    roots: tuple[bytes, ...] | None = None,
) -> Report:
    """Check all streams; both paths default to the installation's own files.

    Stamps are judged below `roots` (DER), or those of the authority in the settings.

    Runs beside writers: names and promises are read before the events are.
    """
    path = heads_file or heads.heads_file()
    streams = set(AuditEvent.objects.order_by().values_list("stream", flat=True).distinct())
    promises = _Promises()
    for earlier in heads.former():
        _read_file(promises, *earlier)
    promises.trees.clear()  # our own begin with the first event again
    _read_file(promises, path, public_key or path.parent / heads.PUBLIC_KEY)
    if streams and not promises.signed:
        promises.findings.append(Finding(FILE, 0, "missing"))
    stamped = _Stamps.read(promises, path, roots)
    _read_rows(promises, streams)
    walks = [
        _Walk(stream, promises.by_stream.get(stream, {}), promises.trees.get(stream, {}))
        for stream in sorted(streams | set(promises.by_stream))
    ]
    return replace(_report(promises, walks), stamped=stamped.held, unstamped=stamped.missing)


@dataclass(frozen=True)
class _Stamps:
    """What the time stamps beside the heads say."""

    held: int = 0
    missing: tuple[int, ...] = ()

    @classmethod
    def read(cls, promises: _Promises, path: Path, roots: tuple[bytes, ...] | None) -> Self:
        asked = stamps.authority() if roots is None else None
        trusted = asked.roots if asked else roots
        if trusted is None:
            return cls()
        held = 0
        for head in stamps.every(path):
            if head.token.exists():
                holds = _stamped(head, trusted)
                held += holds
                promises.findings += [] if holds else [Finding(FILE, head.number, "stamp")]
        return cls(held, tuple(head.number for head in stamps.missing(path)))


def _stamped(head: stamps.Head, roots: tuple[bytes, ...]) -> bool:
    try:
        timestamps.judge(head.token.read_bytes(), head.line, roots)
    except timestamps.WrongError:
        return False
    return True


def _report(promises: _Promises, walks: Iterable[_Walk]) -> Report:
    findings = list(promises.findings)
    events = erased = streams = 0
    for walk in walks:
        walk.run()
        findings += walk.findings
        events, erased, streams = events + walk.length, erased + walk.erased, streams + 1
    return Report(events, streams, promises.signed, erased, tuple(findings))


def _read_rows(promises: _Promises, streams: set[str]) -> None:
    rows = {head.stream: head for head in AuditHead.objects.all()}
    promises.findings += [Finding(stream, 0, "head") for stream in sorted(streams - set(rows))]
    for head in rows.values():
        promises.add(head.stream, head.number, head.hash, "head")


def _read_file(promises: _Promises, path: Path, public_key: Path) -> None:
    """Read the promises of the signed lines; what a power cut left of a line is passed over."""
    if not path.exists() or not public_key.exists():
        return
    key = serialization.load_pem_public_key(public_key.read_bytes())
    assert isinstance(key, Ed25519PublicKey)  # noqa: S101 - another kind of key is a mix-up of files
    previous = b""
    for number, line in heads.read_lines(path):
        _read_line(promises, number, json.loads(line), _Seal(key, previous))
        previous = line


@dataclass(frozen=True)
class _Seal:
    """What a line of heads must fit: the key and the line before."""

    key: Ed25519PublicKey
    previous: bytes

    def signed(self, body: dict[str, Any]) -> bool:
        unsigned = {name: value for name, value in body.items() if name != "signature"}
        try:
            signature = base64.b64decode(body["signature"])
            self.key.verify(signature, heads.TAG + chain.canonical(unsigned))
        except (InvalidSignature, KeyError, TypeError, ValueError):
            return False
        return True


def _read_line(promises: _Promises, number: int, body: dict[str, Any], seal: _Seal) -> None:
    promises.signed += 1
    if body.get("previous") != hashlib.sha256(seal.previous).hexdigest():
        promises.findings.append(Finding(FILE, number, "order"))
    if not seal.signed(body):
        promises.findings.append(Finding(FILE, number, "signature"))
        return
    for stream, (length, digest) in body["streams"].items():
        promises.add(stream, length, digest, "signed")
    for stream, (first, root) in body.get("trees", {}).items():
        promises.trees.setdefault(stream, {})[body["streams"][stream][0]] = (first, root)


def rows(stream: str) -> QuerySet[AuditEvent]:
    """Return the stream in order with its private part as the table holds it, unopened."""
    found = AuditEvent.objects.filter(stream=stream).order_by("number")
    sealed, salt = (Cast(f"private__{column}", BinaryField()) for column in ("data", "salt"))
    return found.annotate(sealed=sealed, salt=salt)


def opened(sealed: bytes) -> Any:
    """Return the personal data of an event as `rows` found it. Raises VaultError."""
    return json.loads(vault.open_(sealed, "archive.auditprivate.data"))


def _kept(row: AuditEvent, sealed: bytes) -> bool:
    """Tell whether the personal data beside the chain is what the event committed to."""
    try:
        private = opened(sealed)
    except vault.VaultError:
        return False
    return chain.commit(bytes(vars(row)["salt"]), private) == row.commitment
