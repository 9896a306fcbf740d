"""Starts Swift on free ports of loopback, its disk in a temporary folder; gone at the end."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

KEY, SECRET = "overa:archive", "for-tests-only"
_PYTHON = "/usr/bin/python3"  # Debian's, which has Swift; the project's own does not
_PROGRAMS = Path(__file__).parent / "programs.py"
_KINDS = ("account", "container", "object")
_PATIENCE = 60.0  # seconds

_SWIFT = """
[swift-hash]
swift_hash_path_prefix = overa
swift_hash_path_suffix = tests
[storage-policy:0]
name = one
default = yes
"""
_COMMON = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}
mount_check = false
"""
_STORAGE = """
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
_PROXY = """
[pipeline:main]
pipeline = catch_errors cache s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
conn_timeout = 10
node_timeout = 60
recoverable_node_timeout = 60
error_suppression_limit = 1000
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:s3api]
use = egg:swift#s3api
min_segment_size = 1
[filter:slo]
use = egg:swift#slo
[filter:tempauth]
use = egg:swift#tempauth
user_overa_archive = {secret} .admin
"""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run the server; give its address."""
    ports = dict(zip((*_KINDS, "proxy"), _free(4), strict=True))
    (folder / "disk").mkdir()
    (folder / "swift.conf").write_text(_SWIFT)
    _run(folder, "rings", *(str(ports[kind]) for kind in _KINDS))
    for kind, port in ports.items():
        given = {"port": port, "user": os.environ.get("USER", "root"), "folder": folder}
        own = _PROXY.format(secret=SECRET) if kind == "proxy" else _STORAGE.format(kind=kind)
        (folder / f"{kind}.conf").write_text(_COMMON.format(**given) + own)
    with ExitStack() as stack:
        for kind, port in ports.items():
            stack.enter_context(_program(folder, kind))
            _wait(f"http://127.0.0.1:{port}")  # whoever is asked before is left alone for a minute
        yield f"http://127.0.0.1:{ports['proxy']}"


@contextmanager
def _program(folder: Path, kind: str) -> Iterator[None]:
    """Run one of its programs; it ends with the test, whatever becomes of that."""
    command = ["setpriv", "--pdeathsig", "KILL", _PYTHON, str(_PROGRAMS), str(folder), kind]
    with (folder / f"{kind}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _run(folder: Path, *arguments: str) -> None:
    subprocess.run([_PYTHON, str(_PROGRAMS), str(folder), *arguments], cwd=folder, check=True)


def _free(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _wait(address: str) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - loopback
        except urllib.error.HTTPError:
            return  # it answers, and knows nobody without a name
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the S3 server does not answer")
