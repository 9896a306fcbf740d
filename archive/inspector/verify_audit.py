#!/usr/bin/env python3
"""Checks an export of the log, offline: Python's standard library, no more.

    python3 verify_audit.py EXPORT --public-key KEY.pem [--heads HEADS.jsonl] [--until MOMENT]
                            [--printed NUMBER:DIGITS …] [--tsa-roots ROOTS.pem]
                            [--former HEADS.jsonl KEY.pem …]

EXPORT is the folder that `manage.py export_audit` made. Bring the key and a copy of the heads
from elsewhere: who rules the server can write another log, key and heads with it. One line per
finding; ends with 0 if all holds, with 1 if anything does not. Where the archive came from another
installation, --former brings what that one signed before the move. Time stamps are judged by the
program openssl, and only if their roots are given. Memory grows with the heads alone.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

HEAD_TAG, EVENT_TAG = b"overa audit heads 1\x00", b"overa audit event 1\x00"
PRIVATE_TAG = b"overa audit private 1\x00"
START = "0" * 64  # what the first event of a stream calls its previous hash
PRINTED = "decisions"  # the stream whose head stands on papers
FORMAT = "overa audit 1"
SHOWN = 100  # findings of one stream; the others are counted
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def sha256(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def canonical(value: Any) -> bytes:
    """Write JSON in the one spelling that the audit hashes."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def strict(data: bytes) -> dict[str, Any]:
    """Read a JSON object that can be read in one way only; ValueError for anything else."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(pairs) != len(dict(pairs)):
            raise ValueError("a name stands twice in a JSON object")
        return dict(pairs)

    read = json.loads(data, object_pairs_hook=once)
    if not isinstance(read, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - as json's own
    return read


# Ed25519 as RFC 8032, section 5.1 has it: points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
KEY_HEAD = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo, RFC 8410
LENGTH = 32  # bytes of a point, and of a number
Point = tuple[int, int, int, int]


def add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point(data: bytes) -> Point:
    """Decode 32 bytes; ValueError where they are no point (section 5.1.3)."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    squared = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(squared, (P + 3) // 8, P)
    if x * x % P != squared:
        x = x * ROOT_OF_MINUS_ONE % P
    if len(data) != LENGTH or y >= P or x * x % P != squared or (x == 0 and sign):
        raise ValueError("no point of the curve")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def doublings(one: Point) -> list[Point]:
    """Return 2^n times a point: with them a multiplication is a few additions."""
    powers = [one]
    while len(powers) < 256:  # noqa: PLR2004 - bits
        powers.append(add(powers[-1], powers[-1]))
    return powers


def times(number: int, powers: list[Point]) -> Point:
    found = (0, 1, 1, 0)
    for each in powers:
        if number & 1:
            found = add(found, each)
        number >>= 1
    return found


BASE = doublings(point((4 * pow(5, P - 2, P) % P).to_bytes(LENGTH, "little")))


@dataclass(frozen=True)
class Key:
    """A public Ed25519 key, as bytes."""

    data: bytes

    @classmethod
    def read(cls, pem: bytes) -> "Key":
        """Read PEM; ValueError where it is not such a key."""
        found = re.fullmatch(
            rb"\s*-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----\s*", pem
        )
        der = base64.b64decode(found[1] if found else b"")
        if not der.startswith(KEY_HEAD):
            raise ValueError("this is no public key of Ed25519")
        point(der[len(KEY_HEAD) :])
        return cls(der[len(KEY_HEAD) :])

    @cached_property
    def powers(self) -> list[Point]:
        return doublings(point(self.data))

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Verify (section 5.1.7): S times the base is R plus the hash times the key."""
        r, s = signature[:LENGTH], int.from_bytes(signature[LENGTH:], "little")
        if len(signature) != 2 * LENGTH or s >= Q:
            return False
        digest = hashlib.sha512(r + self.data + message).digest()
        number = int.from_bytes(digest, "little") % Q
        try:
            right = add(point(r), times(number, self.powers))
        except ValueError:
            return False
        left = times(s, BASE)
        crossed = [(left[at] * right[2] - right[at] * left[2]) % P for at in (0, 1)]
        return crossed == [0, 0]


# The heads: what was promised of each stream.


@dataclass(frozen=True)
class Promise:
    """The hash of an event, as a head signed it."""

    number: int
    hash: str
    at: str  # the moment of the head
    brought: bool  # from outside: what is confirmed by another head only may be forged with it


@dataclass
class Promises:
    """What the heads say of one stream."""

    signed: list[Promise] = field(default_factory=list)
    trees: dict[int, list[tuple[int, str]]] = field(default_factory=dict)  # first → last, root


@dataclass
class Findings:
    """What does not hold, as sentences; what holds, as sentences."""

    wrong: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)


def lines(path: Path, until: datetime | None = None) -> Iterator[tuple[int, bytes, Any]]:
    """Yield (number, line, what it says) of the heads; what a power cut left is passed over."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                body = strict(line)
            except ValueError:
                continue
            if until is None or datetime.fromisoformat(body["at"]) <= until:
                yield number, line.rstrip(b"\n"), body


def read_heads(
    path: Path, key: Key, until: datetime | None, findings: Findings, *, brought: bool
) -> dict[str, Promises]:
    """Return the promises of the signed lines, and say which lines are not what they should be."""
    promised: dict[str, Promises] = {}
    before, count = b"", 0
    for number, line, body in lines(path, until):
        name = f"line {number} of {path.name}"
        if body.get("previous") != sha256(before):
            findings.wrong.append(f"{name} does not follow the line before it: one was taken out")
        if is_signed(body, key):
            note(body, promised, brought=brought)
        else:
            findings.wrong.append(f"{name} is not signed by the key that you brought")
        before, count = line, count + 1
    if not promised:
        findings.wrong.append(f"{path.name} holds no signed head: nothing is proven")
    findings.right.append(f"{count} signed heads in {path.name}")
    return promised


def is_signed(body: dict[str, Any], key: Key) -> bool:
    unsigned = {name: value for name, value in body.items() if name != "signature"}
    try:
        signature = base64.b64decode(body["signature"], validate=True)
        return key.signed(HEAD_TAG + canonical(unsigned), signature)
    except MALFORMED:
        return False


def note(body: dict[str, Any], promised: dict[str, Promises], *, brought: bool) -> None:
    for stream, (number, digest) in body["streams"].items():
        of_stream = promised.setdefault(stream, Promises())
        of_stream.signed.append(Promise(number, digest, body["at"], brought))
    for stream, (first, root) in body.get("trees", {}).items():
        last = body["streams"][stream][0]
        promised[stream].trees.setdefault(first, []).append((last, root))


def compare_heads(inside: Path, outside: Path, until: datetime | None, findings: Findings) -> None:
    """Every line that was brought from outside has to stand in the export, in the same order."""
    kept = iter(line for _number, line, _body in lines(inside))
    # `in` goes on behind the line that it found last.
    missing = [number for number, line, _body in lines(outside, until) if line not in kept]
    if missing:
        findings.wrong.append(
            f"the heads of the export were cut or written anew: line {missing[0]} of the copy that"
            " you brought is not among them"
        )
    else:
        findings.right.append("every head that you brought is among those of the export")


# The events: one stream after the other, in bounded memory.


@dataclass
class Tree:
    """The root over hashes that come one by one (RFC 6962, section 2.1), from its peaks."""

    last: int
    root: str
    peaks: list[tuple[int, bytes]] = field(default_factory=list)  # (leaves below, hash)

    def grow(self, leaf: str) -> None:
        node, size = hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest(), 1
        while self.peaks and self.peaks[-1][0] == size:
            node, size = joined(self.peaks.pop()[1], node), 2 * size
        self.peaks.append((size, node))

    def holds(self) -> bool:
        *left, (_size, node) = self.peaks
        for _size, other in reversed(left):
            node = joined(other, node)
        return node.hex() == self.root


def joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Stream:
    """One pass over a stream, from its first event."""

    name: str
    promises: Promises
    printed: dict[int, str]  # number → first digits of the hash, as papers have them
    wrong: list[str] = field(default_factory=list)
    lying: list[str] = field(default_factory=list)  # trees, of which a broken chain has many
    number: int = 0
    previous: str = START
    kept: int = 0  # the last number that a signed head confirms
    count: int = 0
    trees: list[Tree] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.by_number: dict[int, list[Promise]] = {}
        for each in self.promises.signed:
            self.by_number.setdefault(each.number, []).append(each)

    def take(self, line: dict[str, Any]) -> None:
        event, digest = line["event"], line["hash"]
        number = event["number"]
        self._in_place(number, event["previous"])
        if sha256(EVENT_TAG, canonical(event)) != digest:
            self._say(f"event {number} was changed ({event['event']}, {event['at']})")
        if line.get("private") is not None and not committed(line["private"], event["commitment"]):
            self._say(f"the personal data beside event {number} were changed")
        self._compare(number, digest)
        self._grow(number, digest)
        self.number, self.previous, self.count = number, digest, self.count + 1

    def end(self) -> None:
        beyond = [each for each in self.promises.signed if each.number > self.number]
        if beyond:
            last = max(beyond, key=lambda each: each.number)
            self._say(
                f"cut off after event {self.number}: event {last.number} was signed on {last.at}"
            )
        for number in self.printed:
            if number > self.number:
                self._say(f"cut off: event {number} stands on a paper and is not there")
        self.wrong = self.wrong or self.lying

    def _say(self, sentence: str) -> None:
        self.wrong.append(f"“{self.name}”: {sentence}")

    def _in_place(self, number: int, previous: str) -> None:
        if number != self.number + 1:
            self._say(misplaced(self.number + 1, number))
        elif previous != self.previous:
            self._say(f"event {number} does not follow the event before it")

    def _compare(self, number: int, digest: str) -> None:
        for promise in self.by_number.get(number, ()):
            if promise.hash == digest:
                self.kept = number if promise.brought else self.kept
            else:
                self._say(
                    f"written anew between event {self.kept + 1} and event {number}: the head of"
                    f" {promise.at} signed another"
                )
        if not digest.startswith(self.printed.get(number, "")):
            self._say(f"written anew: event {number} is another than the one on the paper")

    def _grow(self, number: int, digest: str) -> None:
        self.trees += [Tree(last, root) for last, root in self.promises.trees.get(number, ())]
        for each in self.trees:
            each.grow(digest)
            if each.last == number and not each.holds():
                self.lying.append(
                    f"“{self.name}”: up to event {number} it is not what the tree of its head says"
                )
        self.trees = [each for each in self.trees if each.last > number]


def misplaced(expected: int, number: int) -> str:
    if number < expected:
        return f"event {number} is there twice, or out of its place"
    if number == expected + 1:
        return f"event {expected} is missing"
    return f"events {expected}–{number - 1} are missing"


def committed(private: dict[str, Any], commitment: str) -> bool:
    message = PRIVATE_TAG + canonical(private["data"])
    return hmac.compare_digest(
        hmac.new(bytes.fromhex(private["salt"]), message, hashlib.sha256).hexdigest(), commitment
    )


def read_events(
    path: Path, promised: dict[str, Promises], printed: dict[int, str], findings: Findings
) -> None:
    streams: dict[str, Stream] = {}
    whole = hashlib.sha256()
    ended = False
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                ended = take(strict(line), number, streams, promised, printed, whole.hexdigest())
            except MALFORMED as fault:
                findings.wrong.append(f"line {number} of {path.name} cannot be read: {fault}")
            whole.update(line)
    if not ended:
        findings.wrong.append(f"{path.name} is not whole: its last line is missing or another")
    for name in sorted(set(promised) - set(streams)):
        streams[name] = Stream(name, promised[name], {})
    for each in streams.values():
        each.end()
        findings.wrong += each.wrong[:SHOWN]
        more = len(each.wrong) - SHOWN
        findings.wrong += [f"“{each.name}”: and {more} findings more"] if more > 0 else []
    count = sum(each.count for each in streams.values())
    findings.right.append(f"{count} events in {len(streams)} streams")


def take(
    line: dict[str, Any],
    number: int,
    streams: dict[str, Stream],
    promised: dict[str, Promises],
    printed: dict[int, str],
    digest: str,
) -> bool:
    """Take one line of the export; tell whether it is the one that closes it."""
    if number == 1:
        if line.get("export") != FORMAT:
            raise ValueError("this is no export of the log")
        return False
    if "end" in line:
        counts = {name: each.count for name, each in streams.items()}
        return bool(line["end"] == {"streams": counts, "sha256": digest})
    name = line["event"]["stream"]
    if name not in streams:
        papers = printed if name == PRINTED else {}
        streams[name] = Stream(name, promised.get(name, Promises()), papers)
    streams[name].take(line)
    return False


# Time stamps, as far as openssl is there.


def check_stamps(heads: Path, roots: Path, findings: Findings) -> None:
    folder, held = heads.parent / "heads.tst", 0
    for number, line, _body in lines(heads):
        token = folder / f"{sha256(line)}.tst"
        if not token.exists():
            continue
        if fault := stamp_fault(token, roots):
            findings.wrong.append(f"the time stamp of line {number} does not hold: {fault}")
        else:
            held += 1
    findings.right.append(f"{held} time stamps, below the roots that you brought")


def stamp_fault(token: Path, roots: Path) -> str:
    """Let openssl judge a token as of its own moment; return what it objects."""
    words = ["openssl", "ts"]
    told = subprocess.run(
        [*words, "-reply", "-token_in", "-in", str(token), "-token_out", "-text"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    found = re.search(r"^Time stamp: (.+) GMT$", told, re.MULTILINE)
    if not found:
        return "it is no time stamp"
    at = datetime.strptime(f"{found[1].split('.')[0]} +0000", "%b %d %H:%M:%S %Y %z")
    words += ["-verify", "-token_in", "-in", str(token), "-digest", token.stem]
    words += ["-CAfile", str(roots), "-attime", str(int(at.timestamp()))]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["refused"])[-1]


def run(options: argparse.Namespace) -> Findings:
    findings = Findings()
    heads = options.export / "heads.jsonl"
    try:
        key = Key.read(options.public_key.read_bytes())
        promised = read_heads(heads, key, options.until, findings, brought=not options.heads)
        if options.heads:
            compare_heads(heads, options.heads, options.until, findings)
            outside = read_heads(options.heads, key, options.until, findings, brought=True)
            merge(promised, outside)
        for former, signer in options.former:
            before = read_heads(
                former, Key.read(signer.read_bytes()), options.until, findings, brought=True
            )
            merge(promised, before)
        read_events(options.export / "events.jsonl", promised, dict(options.printed), findings)
        if options.tsa_roots:
            check_stamps(heads, options.tsa_roots, findings)
    except (OSError, *MALFORMED) as fault:
        findings.wrong.append(f"cannot be checked: {fault}")
    return findings


def merge(inside: dict[str, Promises], outside: dict[str, Promises]) -> None:
    """Let what was brought stand before what was known; of its trees nothing is needed."""
    for stream, promises in outside.items():
        known = inside.setdefault(stream, Promises())
        brought = {(each.number, each.hash) for each in promises.signed}
        beyond = [each for each in known.signed if (each.number, each.hash) not in brought]
        known.signed = promises.signed + beyond


def printed(text: str) -> tuple[int, str]:
    """Read a head as papers have it: the number, a colon, the digits (spaces do not matter)."""
    number, _colon, digits = re.sub(r"[\s.]", "", text).lower().partition(":")
    if not re.fullmatch(r"[0-9a-f]{8,64}", digits):
        raise argparse.ArgumentTypeError("as on the paper, 1234:9f3a77c012de34ab")
    return int(number), digits


def parsed(arguments: Iterable[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("export", type=Path, metavar="EXPORT", help="folder of the export")
    parser.add_argument("--public-key", type=Path, required=True, help="of the heads, PEM")
    parser.add_argument("--heads", type=Path, help="a copy of the signed heads from outside")
    parser.add_argument(
        "--former",
        type=Path,
        nargs=2,
        action="append",
        default=[],
        metavar=("HEADS", "KEY"),
        help="of an installation from which the archive came",
    )
    parser.add_argument("--until", type=datetime.fromisoformat, help="leave later heads out (ISO)")
    parser.add_argument("--printed", type=printed, action="append", default=[], metavar="N:DIGITS")
    parser.add_argument("--tsa-roots", type=Path, help="of the time-stamping authority, PEM")
    return parser.parse_args(None if arguments is None else list(arguments))


def main(arguments: Iterable[str] | None = None) -> int:
    options = parsed(arguments)
    findings = run(options)
    for sentence in findings.right:
        sys.stdout.write(f"checked  {sentence}\n")
    for sentence in findings.wrong:
        sys.stdout.write(f"FAULT    {sentence}\n")
    if not options.heads:
        sys.stdout.write(
            "note     no heads from outside (--heads): who rules the server could have"
            " written all of this anew\n"
        )
    verdict = f"DOES NOT HOLD: {len(findings.wrong)} faults" if findings.wrong else "holds"
    sys.stdout.write(f"The log {verdict}\n")
    return 1 if findings.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
