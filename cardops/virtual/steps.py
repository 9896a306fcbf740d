"""Names of the commands that a card was given, so that one of them can be found again."""

_SELECT, _READ, _GET, _PUT = 0xA4, 0xB0, 0xCB, 0xDB
_GENERAL, _VERIFY, _GET_RESPONSE = 0x87, 0x20, 0xC0
_CHAINED = 0x10
_MANAGEMENT = 0x9B


class Steps:
    """Names one command after the other; a link of a chain is named by its number."""

    def __init__(self) -> None:
        self._file, self._chain, self._links = "", "", 0
        self._last = ""

    def name(self, raw: bytes) -> str:
        """Return "INS P1 P2", with what the command is about and its place in a chain."""
        if raw[1] == _GET_RESPONSE:
            return f"C0 after {self._last}"
        self._last = self._chained(raw)
        return self._last

    def _chained(self, raw: bytes) -> str:
        if not self._links:
            self._chain = self._plain(raw)
        if raw[0] & _CHAINED:
            self._links += 1
            return f"{self._chain} link {self._links}"
        links, self._links = self._links, 0
        return f"{self._chain} last link" if links else self._chain

    def _plain(self, raw: bytes) -> str:
        if raw[1] == _READ:
            return f"B0 of {self._file}"
        return " ".join(filter(None, (f"{raw[1]:02X} {raw[2]:02X} {raw[3]:02X}", self._about(raw))))

    def _about(self, raw: bytes) -> str:
        data = raw[5:]
        if raw[1] == _SELECT:
            self._file = data[: raw[4]].hex().upper()
            return self._file
        if raw[1] in (_GET, _PUT):
            return data[2 : 2 + data[1]].hex().upper()
        if raw[1] == _GENERAL:
            return _of_template(raw[3], data)
        return ("tries" if len(raw) == 4 else "PIN") if raw[1] == _VERIFY else ""


def _of_template(reference: int, data: bytes) -> str:
    """Tell the steps of a mutual authentication apart; with other keys there is one only."""
    if reference != _MANAGEMENT:
        return "sign"
    return "ask" if data[3:4] == b"\x00" else "prove"
