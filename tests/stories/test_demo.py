"""`make demo` beside everything else that runs: a stack of its own, results that verify."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from config.demo.__main__ import KEPT
from config.supervisor.stack import ROOT

pytestmark = [pytest.mark.stack, pytest.mark.card]


def test_two_demos_at_once_both_end_with_a_certificate_on_their_card() -> None:
    command = [sys.executable, "-m", "config.demo"]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _demo in range(2)
    ]
    said = [demo.communicate(timeout=600)[0].splitlines()[-1] for demo in both]
    assert [demo.returncode for demo in both] == [0, 0]
    kept = json.loads((ROOT / KEPT / "record.json").read_text())
    assert f"demo: certificates {', '.join(kept['certificates'])} on the card verified" in said
    assert len(set(said)) == 2
    names = {path.name for path in (ROOT / KEPT).iterdir()}
    assert names == {
        *("packet.pdf", "signing.pem", "authentication.pem", "chain.pem", "record.json")
    }
    for name in ("signing.pem", "authentication.pem"):
        verified = ran("openssl", "verify", "-x509_strict", "-CAfile", "chain.pem", name)
        assert verified == (0, f"{name}: OK")
    linter = Path(sys.executable).with_name("lint_etsi_cert")
    kind = "QCP-N-QSCD-EIDAS-FINAL-CERTIFICATE"
    assert ran(linter, "lint", "-t", kind, "-s", "WARNING", "signing.pem") == (0, "")


def ran(*command: str | Path) -> tuple[int, str]:
    """Run a program where the results lie; return its code and what it said."""
    ended = subprocess.run(command, cwd=ROOT / KEPT, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout.strip()
