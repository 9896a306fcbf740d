"""What is kept of a sheet until somebody decides about it: its pictures in one sealed file."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

from archive import spool
from registration.models import Sheet

ORIGINAL, PICTURE, PREVIEW = "original", "picture", "preview.jpg"


def put(files: Mapping[str, bytes]) -> str:
    """Keep files under names; return the bundle's name in the spool."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return spool.put([out.getvalue()]).name


def get(name: str, file: str) -> bytes:
    """Return one file of a bundle; raise KeyError, or SpooledFileMissingError where it is gone."""
    with spool.opened(name) as path, zipfile.ZipFile(path) as bundle:
        return bundle.read(file)


def forget(sheet: Sheet) -> None:
    """Destroy what was kept of a sheet that is decided; the store has what stays."""
    spool.destroy(sheet.bundle)
    Sheet.objects.filter(pk=sheet.pk).update(bundle="")
