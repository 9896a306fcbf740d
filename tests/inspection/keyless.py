"""What somebody can do who holds a bundle and no key, and what each of it is refused for."""

import io
import zipfile
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive import bag
from tests.inspection.evidence import Opened

PAPER, OTHER_PAPER = "data/papers/terms-1.pdf", "data/papers/terms-2.pdf"
_STRANGER = Ed25519PrivateKey.generate()


def changed(opened: Opened) -> bytes:
    opened.files[PAPER] += b" "
    return opened.packed()


def removed(opened: Opened) -> bytes:
    del opened.files[PAPER]
    return opened.packed()


def added(opened: Opened) -> bytes:
    return opened.zipped({"data/papers/letter.pdf": b"%PDF"})


def added_beside(opened: Opened) -> bytes:
    return opened.zipped({"README.sr.txt": b"?"})


def renamed(opened: Opened) -> bytes:
    opened.files["data/papers/terms-3.pdf"] = opened.files.pop(PAPER)
    return opened.packed()


def exchanged(opened: Opened) -> bytes:
    files = opened.files
    files[PAPER], files[OTHER_PAPER] = files[OTHER_PAPER], files[PAPER]
    return opened.packed()


def packed_twice(opened: Opened) -> bytes:
    return opened.zipped({PAPER: b"%PDF another"})


def led_out(opened: Opened) -> bytes:
    return opened.zipped({"data/../../etc/cron.d/job": b"*"})


def led_to_the_root(opened: Opened) -> bytes:
    return opened.zipped({"/etc/passwd": b"x"}, folder="")


def linked(opened: Opened) -> bytes:
    return opened.zipped({"data/papers/link.pdf": b"/etc/passwd"}, mode=0o120777)


def folder_beside(opened: Opened) -> bytes:
    return opened.zipped({"x": b"x"}, folder="other/")


def followed(opened: Opened) -> bytes:
    return opened.packed() + b"more"


def preceded(opened: Opened) -> bytes:
    return b"#!/bin/sh\n" + opened.packed()


def commented(opened: Opened) -> bytes:
    out = io.BytesIO(opened.packed())
    with zipfile.ZipFile(out, "a") as file:
        file.comment = b"checked"
    return out.getvalue()


def hidden(opened: Opened) -> bytes:
    """Leave the bytes of a file in the ZIP and take its name out of the directory."""
    out = io.BytesIO(opened.zipped({"note.txt": b"not for the inspector"}))
    with zipfile.ZipFile(out, "a") as file:
        file.filelist.pop()
        file.comment = b""  # has the directory written anew
    return out.getvalue()


def dated(opened: Opened) -> bytes:
    opened.moment = (2020, 1, 1, 0, 0, 0)
    return opened.packed()


def compressed(opened: Opened) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for path, data in opened.files.items():
            file.writestr(f"{opened.folder}/{path}", data)
    return out.getvalue()


def listed_anew(opened: Opened) -> bytes:
    opened.files["README.txt"] += b"!"
    opened.listed()
    return opened.packed()


def signed_by_a_stranger(opened: Opened) -> bytes:
    opened.signed(_STRANGER.sign)
    return opened.packed()


def unsigned(opened: Opened) -> bytes:
    del opened.files[bag.SIGNATURE]
    return opened.packed()


def listed_twice(opened: Opened) -> bytes:
    """Name a file twice, and let the upper manifest fit."""
    first, *_others = opened.files[bag.MANIFEST].splitlines(keepends=True)
    opened.files[bag.MANIFEST] += first
    beside = [line[66:] for line in opened.files[bag.TAGS].decode().splitlines()]
    opened.files[bag.TAGS] = bag.manifest({path: opened.files[path] for path in beside})
    return opened.packed()


_KEY = "your key did not sign"
FORGERIES: dict[Callable[[Opened], bytes], dict[str, str]] = {
    changed: {"manifest": f"changed: {PAPER}", "papers": "is another file"},
    removed: {"manifest": "and the files differ", "papers": "is missing"},
    added: {"manifest": "and the files differ", "papers": "that nothing names"},
    added_beside: {"manifest": "no manifest names README.sr.txt"},
    renamed: {"manifest": "and the files differ", "papers": "is missing"},
    exchanged: {"manifest": f"changed: {PAPER}, {OTHER_PAPER}", "papers": "is another file"},
    packed_twice: {"zip": "in the ZIP twice"},
    led_out: {"zip": "leads elsewhere"},
    led_to_the_root: {"zip": "leads elsewhere"},
    linked: {"zip": "not that of a plain file"},
    folder_beside: {"zip": "exactly one folder"},
    followed: {"zip": "follows the ZIP"},
    preceded: {"zip": "before the first file"},
    commented: {"zip": "follows the ZIP"},
    hidden: {"zip": "something besides its files"},
    dated: {"zip": "something besides its files"},
    compressed: {"zip": "not that of a plain file"},
    listed_anew: {"signature": _KEY},
    signed_by_a_stranger: {"signature": _KEY},
    unsigned: {"signature": _KEY},
    listed_twice: {"manifest": "names a file twice", "signature": _KEY},
}
