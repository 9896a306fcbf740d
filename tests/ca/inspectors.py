"""Linters and verifiers that we did not write, as an inspector would call them."""

import csv
import io
import subprocess
import warnings
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import publicsuffixlist
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from publicsuffixlist import PublicSuffixList

from tests.ca.cards import NOW

ETSI = {
    "signing": ["-t", "QCP-N-QSCD-EIDAS-FINAL-CERTIFICATE"],
    "authentication": ["-t", "NCP-NATURAL-PERSON-CERTIFICATE"],
}
POLICIES = {"signing": "0.4.0.194112.1.2", "authentication": "0.4.0.2042.1.2"}
REVOCATIONS = ["-t", "CRL", "-p", "PKIX"]

# Each of its runs would read the list of public suffixes some times: most of its time.
_SUFFIXES = patch.object(publicsuffixlist, "PublicSuffixList", cache(PublicSuffixList))


def write(path: Path, der: bytes) -> None:
    certificate = x509.load_der_x509_certificate(der)
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def lint(linter: ModuleType, *arguments: object, severity: str = "NOTICE") -> set[str]:
    """Return what a program of pkilint finds from this severity on: "WARNING etsi.en_319_…"."""
    said = io.StringIO()
    command = ["lint", "-s", severity, "-f", "CSV", *map(str, arguments)]
    with redirect_stdout(said), warnings.catch_warnings(), _SUFFIXES:
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves the files open
        count = linter.main(command)
    rows = list(csv.DictReader(io.StringIO(said.getvalue())))
    assert count == len(rows)  # else it did not understand the file
    return {f"{row['severity']} {row['code']}" for row in rows}


def openssl(papers: Path, who: str, policy: str) -> tuple[int, str]:
    """Verify who.pem through issuing.pem to root.pem, for a policy."""
    strictly = ["-x509_strict", "-attime", str(int(NOW.timestamp()))]
    wanted = ["-policy", policy, "-explicit_policy"]
    chain = ["-CAfile", "root.pem", "-untrusted", "issuing.pem", f"{who}.pem"]
    done = subprocess.run(
        ["openssl", "verify", *strictly, *wanted, *chain],
        cwd=papers,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip()
