"""Builds the reader's driver; its pad is there while somebody listens at the keys' socket."""

import subprocess
from pathlib import Path

KEYS = "keys"  # the socket, in the reader's folder
_SOURCE = Path(__file__).with_name("ifd_pinpad.c")
_STRICT = ("-std=gnu17", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC")


def build(folder: Path) -> Path:
    """Return the driver of a reader whose keys lie in `folder`."""
    built = folder / "ifd_pinpad.so"
    keys = f'-DKEYS="{folder / KEYS}"'
    command = ["gcc", *_STRICT, "-I/usr/include/PCSC", keys, "-o", str(built), str(_SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return built
