"""`python -m tests.ca.cmp.castle FOLDER SECRET`: a body behind CMP that really issues.

Bouncy Castle reads, judges and makes every message; our embedded body signs the certificates; what
was issued, and what became of it, stands in castle.sqlite3. It listens on loopback only and says
on which port.
"""

import ctypes
import secrets
import signal
import sqlite3
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jpype
from cryptography import x509

from registration.ca import profiles, subject
from registration.ca.base import EnrolmentRequest
from registration.ca.embedded.authority import EmbeddedCA
from tests.ca.cards import NOW, subject_of

JARS = [f"/usr/share/java/{name}.jar" for name in ("bcpkix", "bcprov", "bcutil")]
DATABASE = "castle.sqlite3"
P10CR, RR, GENM, CERTCONF = 4, 11, 21, 24
CP, RP, PKICONF, GENP, ERROR = 3, 12, 19, 22, 23
ACCEPTED = 0
# Bits of PKIFailureInfo.
BAD_CHECK, BAD_REQUEST, BAD_CERTIFICATE, CONFIRMED, BAD_NONCE, IN_USE = 1, 2, 4, 11, 13, 21
REASONS = {4: "superseded", 5: "cessationOfOperation", 6: "certificateHold", 8: "removeFromCRL"}
STATES = {6: "held", 8: "confirmed"}
ITERATIONS = 10_000


class RefusedError(Exception):
    """Ends in an error message; `bit` is the one of PKIFailureInfo."""

    def __init__(self, bit: int) -> None:
        super().__init__(bit)
        self.bit = bit


def states(folder: Path) -> list[str]:
    """Return what became of each certificate, in the order in which they were issued."""
    with sqlite3.connect(folder / DATABASE) as database:
        found = database.execute("SELECT state FROM certificates ORDER BY rowid").fetchall()
    database.close()
    return [state for (state,) in found]


def forget(folder: Path) -> None:
    with sqlite3.connect(folder / DATABASE) as database:
        database.execute("DELETE FROM certificates")
    database.close()


class Book:
    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / DATABASE, isolation_level=None)
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS certificates"
            " (serial TEXT UNIQUE, tid TEXT UNIQUE, nonce TEXT, hash TEXT, state TEXT)"
        )

    def add(self, serial: str, tid: str, nonce: str, digest: str) -> None:
        row = (serial, tid, nonce, digest)
        self._database.execute("INSERT INTO certificates VALUES (?, ?, ?, ?, 'issued')", row)

    def of(self, column: str, value: str) -> Any:
        query = f"SELECT serial, nonce, hash, state FROM certificates WHERE {column} = ?"  # noqa: S608
        return self._database.execute(query, (value,)).fetchone()

    def put(self, serial: str, state: str) -> None:
        self._database.execute(
            "UPDATE certificates SET state = ? WHERE serial = ?", (state, serial)
        )


class Castle:
    def __init__(self, folder: Path, secret: str) -> None:
        jpype.startJVM(classpath=JARS)
        self.java = jpype.JPackage("org").bouncycastle
        self._body, self._book = EmbeddedCA(folder / "ca"), Book(folder)
        self._secret = jpype.JString(secret).toCharArray()
        self._verbs: dict[int, Callable[[Any, Any, str], tuple[int, Any]]] = {
            P10CR: self._issue,
            CERTCONF: self._settle,
            RR: self._revoke,
            GENM: self._greet,
        }

    def answer(self, question: bytes) -> bytes:
        message = self.java.cert.cmp.ProtectedPKIMessage(
            self.java.cert.cmp.GeneralPKIMessage(jpype.JArray(jpype.JByte)(question))
        )
        header, body, nonce = message.getHeader(), message.getBody(), secrets.token_hex(16)
        try:
            self._require_secret(message)
            kind, content = self._verbs[body.getType()](header, body.getContent(), nonce)
        except RefusedError as refusal:
            kind, content = ERROR, self.java.asn1.cmp.ErrorMsgContent(self._status(refusal.bit))
        return self._protect(header, kind, content, nonce)

    def _require_secret(self, message: Any) -> None:
        if not message.verify(self._macs(), self._secret):
            raise RefusedError(BAD_CHECK)

    def _protect(self, header: Any, kind: int, content: Any, nonce: str) -> bytes:
        names = (header.getRecipient(), header.getSender())
        builder = self.java.cert.cmp.ProtectedPKIMessageBuilder(*names)
        builder.setTransactionID(header.getTransactionID().getOctets())
        builder.setRecipNonce(header.getSenderNonce().getOctets())
        builder.setSenderNonce(jpype.JArray(jpype.JByte)(bytes.fromhex(nonce)))
        builder.setBody(self.java.asn1.cmp.PKIBody(kind, content))
        return bytes(builder.build(self._macs().build(self._secret)).toASN1Structure().getEncoded())

    def _macs(self) -> Any:
        identifier = self.java.asn1.x509.AlgorithmIdentifier
        sha256 = identifier(self.java.asn1.nist.NISTObjectIdentifiers.id_sha256)
        hmac = identifier(self.java.asn1.pkcs.PKCSObjectIdentifiers.id_hmacWithSHA256)
        calculator = self.java.cert.crmf.jcajce.JcePKMACValuesCalculator()
        calculator.setProvider(self.java.jce.provider.BouncyCastleProvider())
        salt = jpype.JArray(jpype.JByte)(secrets.token_bytes(16))
        parameters = self.java.asn1.cmp.PBMParameter(salt, sha256, ITERATIONS, hmac)
        return self.java.cert.crmf.PKMACBuilder(calculator).setParameters(parameters)

    def _status(self, bit: int) -> Any:
        cmp = self.java.asn1.cmp
        value = 1 << (7 - bit % 8 + 8 * (bit // 8))  # as Bouncy Castle numbers the bits
        return cmp.PKIStatusInfo(cmp.PKIStatus.rejection, None, cmp.PKIFailureInfo(value))

    def _granted(self) -> Any:
        return self.java.asn1.cmp.PKIStatusInfo(self.java.asn1.cmp.PKIStatus.granted)

    def _issue(self, header: Any, content: Any, nonce: str) -> tuple[int, Any]:
        tid = bytes(header.getTransactionID().getOctets()).hex()
        if self._book.of("tid", tid):
            raise RefusedError(IN_USE)
        certificate = self._signed(tid, bytes(content.getEncoded()))
        parsed = x509.load_der_x509_certificate(certificate)
        digest = parsed.fingerprint(parsed.signature_hash_algorithm).hex()
        self._book.add(f"{parsed.serial_number:x}", tid, nonce, digest)
        cmp = self.java.asn1.cmp
        given = cmp.CMPCertificate.getInstance(jpype.JArray(jpype.JByte)(certificate))
        pair = cmp.CertifiedKeyPair(cmp.CertOrEncCert(given))
        number = self.java.asn1.ASN1Integer(0)
        response = cmp.CertResponse(number, self._granted(), pair, None)
        return CP, cmp.CertRepMessage(None, [response])

    def _signed(self, tid: str, csr: bytes) -> bytes:
        asked = x509.load_der_x509_csr(csr)
        named, addresses = subject_of(asked.subject), subject.addresses(asked.extensions)
        email = next(iter(addresses), None)
        request = EnrolmentRequest(tid, csr, named, profiles.STRICT_SIGNING, email)
        return self._body.enrol(request).certificate

    def _settle(self, header: Any, content: Any, _nonce: str) -> tuple[int, Any]:
        tid = bytes(header.getTransactionID().getOctets()).hex()
        found = self._book.of("tid", tid)
        if found is None:
            raise RefusedError(BAD_REQUEST)
        serial, nonce, digest, state = found
        self._require_nonce(header, nonce)
        told = content.toCertStatusArray()
        wanted = bool(len(told)) and self._is_accepted(told[0], digest)
        if state != "issued":
            raise RefusedError(CONFIRMED if state == "confirmed" else BAD_REQUEST)
        self._book.put(serial, "confirmed" if wanted else "rejected")
        if not wanted:
            self._body.revoke(int(serial, 16), "superseded", NOW)
        return PKICONF, self.java.asn1.cmp.PKIConfirmContent()

    def _require_nonce(self, header: Any, nonce: str) -> None:
        """Who never got our answer has no nonce of ours, and may only reject."""
        given = header.getRecipNonce()
        if given is not None and bytes(given.getOctets()).hex() != nonce:
            raise RefusedError(BAD_NONCE)

    def _is_accepted(self, told: Any, digest: str) -> bool:
        if bytes(told.getCertHash().getOctets()).hex() != digest:
            raise RefusedError(BAD_CERTIFICATE)
        status = told.getStatusInfo()
        return status is None or int(status.getStatus().intValue()) == ACCEPTED

    def _revoke(self, _header: Any, content: Any, _nonce: str) -> tuple[int, Any]:
        details = content.toRevDetailsArray()[0]
        serial = f"{int(str(details.getCertDetails().getSerialNumber().getValue())):x}"
        entry = details.getCrlEntryDetails()
        code = entry.getExtension(self.java.asn1.x509.Extension.reasonCode).getParsedValue()
        reason = int(self.java.asn1.ASN1Enumerated.getInstance(code).intValueExact())
        if self._book.of("serial", serial) is None:
            raise RefusedError(BAD_CERTIFICATE)
        self._body.revoke(int(serial, 16), REASONS[reason], NOW)
        self._book.put(serial, STATES.get(reason, "revoked"))
        answer = self.java.asn1.cmp.RevRepContentBuilder()
        answer.add(self._granted())
        return RP, answer.build()

    def _greet(self, _header: Any, content: Any, _nonce: str) -> tuple[int, Any]:
        return GENP, self.java.asn1.cmp.GenRepContent(content.toInfoTypeAndValueArray())


def handler(castle: Castle) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            answer = castle.answer(question)
            self.send_response(200)
            self.send_header("Content-Type", "application/pkixcmp")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_facts: object) -> None:
            return

    return Handler


def main() -> int:
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # ends with its parent
    server = HTTPServer(("127.0.0.1", 0), handler(Castle(Path(sys.argv[1]), sys.argv[2])))
    print(server.server_port, flush=True)  # noqa: T201 the parent waits for this line
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
