"""Linters and verifiers that we did not write, as an inspector would call them."""

import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from tests.ca.cards import NOW

QUALIFIED = ["lint", "-t", "QCP-N-QSCD-EIDAS-FINAL-CERTIFICATE", "-s", "WARNING"]
NORMALISED = ["lint", "-t", "NCP-NATURAL-PERSON-CERTIFICATE", "-s", "WARNING"]
REVOCATIONS = ["lint", "-t", "CRL", "-p", "PKIX", "-s", "NOTICE"]
ANY = ["lint", "-s", "WARNING"]
CLEAN = (0, "")


def write(path: Path, der: bytes) -> None:
    certificate = x509.load_der_x509_certificate(der)
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def lint(
    capsys: pytest.CaptureFixture[str], linter: ModuleType, *arguments: object
) -> tuple[int, str]:
    code = linter.main([str(argument) for argument in arguments])
    return code, capsys.readouterr().out.strip()


def openssl(papers: Path, who: str, *options: str) -> tuple[int, str]:
    """Verify who.pem through issuing.pem to root.pem."""
    command = ["openssl", "verify", "-x509_strict", "-attime", str(int(NOW.timestamp())), *options]
    chain = ["-CAfile", "root.pem", "-untrusted", "issuing.pem", f"{who}.pem"]
    done = subprocess.run(
        [*command, *chain], cwd=papers, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip()
