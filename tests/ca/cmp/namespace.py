"""`python -m tests.ca.cmp.namespace SOCKET PORT COMMAND…`: a server that nobody else can reach.

It listens on all interfaces by nature, so it runs inside of a network namespace that has none but
loopback; a Unix socket, which no network namespace holds back, leads to it.
"""

import ctypes
import fcntl
import signal
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


def main() -> int:
    path, port, command = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    die_with_parent()
    raise_loopback()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        server = subprocess.Popen(
            command,
            preexec_fn=die_with_parent,  # noqa: PLW1509 one thread only so far
        )
        threading.Thread(target=lead, args=(listener, port), daemon=True).start()
        return server.wait()


def die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def raise_loopback() -> None:
    with socket.socket() as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack_from("h", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, request), 16)[0]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))


def lead(listener: socket.socket, port: int) -> None:
    """Lead one connection after the other to the server; one that it does not take is closed."""
    while True:
        client, _ = listener.accept()
        with client:
            try:
                server = socket.create_connection(("127.0.0.1", port))
            except ConnectionRefusedError:
                continue
            with server:
                back = threading.Thread(target=pour, args=(server, client), daemon=True)
                back.start()
                pour(client, server)
                back.join()


def pour(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return


if __name__ == "__main__":
    sys.exit(main())
