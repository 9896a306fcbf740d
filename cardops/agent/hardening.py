"""Keeps the agent's memory, through which a PIN passes, out of files and debuggers.

Linux only: elsewhere the operating system's own means are to be used, and the program says so.
"""

import ctypes
import os
import sys

if sys.platform == "linux":
    import resource

_PR_SET_DUMPABLE = 4


def harden() -> bool:
    """Allow no core dumps, no tracing by other processes of the same user.

    Raises OSError where Linux refuses; returns False where nothing was done.
    """
    if sys.platform != "linux":
        return False
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return True
