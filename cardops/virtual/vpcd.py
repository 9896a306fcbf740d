"""A virtual card in a vsmartcard reader: the card dials the driver over TCP (vpcd's protocol)."""

import socket
import struct
import threading

from cardops.virtual.card import VirtualCard
from cardops.virtual.faults import PulledError

PORT = 35963

_OFF, _ON, _RESET, _ATR = 0, 1, 2, 4


class Slot:
    """One reader's slot: a card is inserted by connecting and removed by closing."""

    def __init__(self, card: VirtualCard, port: int = PORT) -> None:
        self.card, self._port = card, port
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None

    @property
    def inserted(self) -> bool:
        return self._socket is not None

    def insert(self) -> None:
        """Connect to the driver; ConnectionRefusedError while pcscd is not up."""
        if self._socket:
            return
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=5)
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=self._serve, args=(self._socket,), daemon=True)
        self._thread.start()

    def remove(self) -> None:
        connection, self._socket = self._socket, None
        if connection:
            connection.shutdown(socket.SHUT_RDWR)
        self.card.faults.go_on(taken=True)
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(5)
        self._thread = None

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while True:
                    self._handle(connection, _receive(connection))
            except (PulledError, OSError):
                self._socket = None
            finally:
                self.card.power_off()

    def _handle(self, connection: socket.socket, message: bytes) -> None:
        if len(message) > 1:
            _send(connection, self.card.transmit(message))
        elif message[0] == _ATR:
            _send(connection, self.card.made.atr)
        elif message[0] in (_OFF, _ON, _RESET):
            self.card.power_off()


def _receive(connection: socket.socket) -> bytes:
    size = struct.unpack(">H", _exactly(connection, 2))[0]
    return _exactly(connection, size)


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        # Without it the kernel holds back the acknowledgement and every command takes 44 ms.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        piece = connection.recv(size - len(data))
        if not piece:
            raise ConnectionResetError
        data += piece
    return data


def _send(connection: socket.socket, data: bytes) -> None:
    connection.sendall(struct.pack(">H", len(data)) + data)
