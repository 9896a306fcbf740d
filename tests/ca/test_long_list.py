"""A revocation list of a million entries is read in the memory of a small one."""

import subprocess
import sys
from pathlib import Path

from tests.ca.lists import LongLists

ROOT = Path(__file__).parents[2]
ENTRIES = 1_000_000
ALLOWED = 4 * 1024  # kilobytes by which the process may grow while it reads

# In a process of its own: what the tests loaded before would hide what the reading takes.
READER = """
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from registration.ca.status import crl

folder = Path(sys.argv[1])
issuer = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
point = "http://ca.example.rs/issuing.crl"


def read(name, *serials):
    wanted = crl.Wanted(set(serials), issuer, point, datetime.now(UTC))
    with (folder / name).open("rb") as file:
        return crl.find(file.read, wanted, most=10**9)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


read("short.crl", 1)
before, began = peak(), time.monotonic()
told = read("long.crl", int(sys.argv[2]), 1)
after = peak()
print(*[told[serial].state for serial in (int(sys.argv[2]), 1)], after - before,
      round(time.monotonic() - began, 1))
"""


def test_a_million_entries_take_no_memory(tmp_path: Path) -> None:
    lists = LongLists(tmp_path)
    lists.write("short.crl", 1)
    last = lists.write("long.crl", ENTRIES)
    size = (tmp_path / "long.crl").stat().st_size
    command = [sys.executable, "-c", READER, str(tmp_path), str(last)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    revoked, good, grown, seconds = done.stdout.split()
    print(f"{size} bytes, {grown} KiB more, {seconds} s")  # noqa: T201 shown where it fails
    assert (revoked, good) == ("revoked", "valid")
    assert size > 30_000_000
    assert int(grown) < ALLOWED
