"""A certification body of openssl alone: its index of certificates, its OCSP signer, its lists."""

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

CONFIGURATION = """
[ca]
default_ca = body
[body]
database = index.txt
new_certs_dir = .
serial = serial
crlnumber = crlnumber
certificate = ca.pem
private_key = ca.key
default_md = sha256
default_days = 30
default_crl_days = 1
policy = any
rand_serial = yes
crl_extensions = list
[any]
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[person]
keyUsage = critical,nonRepudiation
[responder]
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
[checked]
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
[plain]
keyUsage = critical,digitalSignature
noCheck = ignored
[list]
authorityKeyIdentifier = keyid
[partial]
issuingDistributionPoint = critical,@where
[where]
fullname = URI:http://ca.example.rs/part-2.crl
[users]
issuingDistributionPoint = critical,@onlyusers
[onlyusers]
onlyuser = TRUE
[reasons]
issuingDistributionPoint = critical,@somereasons
[somereasons]
onlysomereasons = keyCompromise
[delta]
2.5.29.27 = critical,ASN1:INTEGER:1
"""
EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


@dataclass(frozen=True)
class Body:
    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "Body":
        body = cls(folder)
        (folder / "body.cnf").write_text(CONFIGURATION)
        (folder / "index.txt").touch()
        (folder / "crlnumber").write_text("01\n")
        authority = ["-x509", "-extensions", "authority", "-keyout", "ca.key", "-out", "ca.pem"]
        body.run("req", *EC, *authority, "-subj", "/CN=Body", "-config", "body.cnf")
        for kind in ("responder", "checked", "plain"):
            body.issue(kind, kind)
        return body

    def run(self, *arguments: str) -> None:
        command = ["openssl", *arguments]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)

    def issue(self, name: str, kind: str = "person") -> x509.Certificate:
        asked = ["-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}"]
        self.run("req", *EC, *asked)
        signed = ["-in", f"{name}.csr", "-out", f"{name}.pem", "-extensions", kind]
        self.run("ca", "-batch", "-notext", "-config", "body.cnf", *signed)
        return self.certificate(name)

    def revoke(self, name: str, *how: str) -> None:
        self.run("ca", "-config", "body.cnf", "-revoke", f"{name}.pem", *how)

    def certificate(self, name: str) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.folder / f"{name}.pem").read_bytes())

    @property
    def issuer(self) -> x509.Certificate:
        return self.certificate("ca")

    def answer(self, question: bytes, *how: str, signer: str = "responder") -> bytes:
        """Let `openssl ocsp` answer a question; the signer is named by its file."""
        (self.folder / "question.der").write_bytes(question)
        files = ["-index", "index.txt", "-CA", "ca.pem", "-reqin", "question.der"]
        signs = ["-rsigner", f"{signer}.pem", "-rkey", f"{signer}.key"]
        told = ["-respout", "answer.der", "-ndays", "1", *how]
        self.run("ocsp", *files, *signs, *told)
        return (self.folder / "answer.der").read_bytes()

    def crl(self, *how: str, extensions: str = "list") -> bytes:
        """Let `openssl ca` sign a list of what is revoked now, DER."""
        asked = ["-config", "body.cnf", "-gencrl", "-crlexts", extensions, "-out", "list.pem"]
        self.run("ca", *asked, *how)
        self.run("crl", "-in", "list.pem", "-outform", "DER", "-out", "list.der")
        return (self.folder / "list.der").read_bytes()


def now() -> datetime:
    return datetime.now(UTC)
