"""Keeps the agent's memory, through which a PIN passes, out of files and debuggers (Linux)."""

import ctypes
import os
import resource

_PR_SET_DUMPABLE = 4


def harden() -> None:
    """No core dumps, no tracing by other processes of the same user; raise OSError otherwise."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
