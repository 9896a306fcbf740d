"""Which reader to look into, and what is odd about the readers themselves."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cardops import errors
from cardops.diagnose.findings import Code
from cardops.transport import ReaderState

_VIRTUAL = ("windows hello", "microsoft virtual smart card")  # in names, without regard to case
_REMOTE = "RDP-"


def is_virtual(name: str) -> bool:
    """Tell whether a reader is made of software and never holds an identity card."""
    return any(part in name.lower() for part in _VIRTUAL)


def is_remote(environment: Mapping[str, str]) -> bool:
    """Tell whether this session came over the network: then it sees the readers of its far end."""
    over_windows = environment.get("SESSIONNAME", "").upper().startswith(_REMOTE)
    return over_windows or "XRDP_SESSION" in environment


Note = tuple[Code, dict[str, Any]]


def notes(states: Sequence[ReaderState], wanted: str | None) -> Iterator[Note]:
    virtual = [state.name for state in states if is_virtual(state.name)]
    if virtual:
        yield Code.VIRTUAL_READER, {"readers": virtual}
    real = _real(states)
    occupied = [state.name for state in real if state.card_present]
    if len(real) > 1 and occupied and not _is_plain(real, occupied, wanted):
        facts = {"readers": [state.name for state in real], "used": wanted or occupied[0]}
        yield Code.SEVERAL_READERS, facts


def _is_plain(real: Sequence[ReaderState], occupied: Sequence[str], wanted: str | None) -> bool:
    """Tell whether the card lies where it is looked for: by other programs in the first reader."""
    names = [state.name for state in real]
    if wanted:
        return wanted in occupied or wanted not in names
    return occupied == names[:1]


def choose(states: Sequence[ReaderState], wanted: str | None) -> str:
    """Return the desk's reader, else the first real one with a card; NoReader- or NoCardError."""
    real = _real(states)
    if wanted and wanted not in (state.name for state in states):
        raise errors.NoReaderError(reader=wanted)
    if not real:
        raise errors.NoReaderError
    found = wanted or next((state.name for state in real if state.card_present), None)
    if found is None:
        raise errors.NoCardError
    return found


def _real(states: Sequence[ReaderState]) -> list[ReaderState]:
    return [state for state in states if not is_virtual(state.name)]
