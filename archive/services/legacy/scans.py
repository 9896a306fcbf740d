"""Files that a list names: what they are by their own bytes, and how many pages they have."""

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from archive.filing import CertificateFacts

_MEDIA = {"TIFF": "image/tiff", "JPEG": "image/jpeg", "MPO": "image/jpeg"}


class FileError(Exception):
    """A file that cannot be taken; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = (
            reason  # "outside" | "missing" | "unreadable" | "locked" | "media" | "certificate"
        )


@dataclass(frozen=True)
class Scan:
    """A scan as it lies in the folder; its bytes are kept as they are."""

    path: Path
    media_type: str
    pages: int


def inside(folder: Path | None, name: str) -> Path:
    """Return a file of the folder, or below it. Raises FileError."""
    if folder is None:
        raise FileError("folder")
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise FileError("outside")
    if not path.is_file():
        raise FileError("missing")
    return path


def read(path: Path) -> Scan:
    """Look at a scan: PDF, TIFF or JPEG. Raises FileError."""
    with path.open("rb") as file:
        begins = file.read(5)
    if begins == b"%PDF-":
        return Scan(path, "application/pdf", _pages(path))
    try:
        with Image.open(path) as picture:
            media, pages = _MEDIA.get(picture.format or ""), int(getattr(picture, "n_frames", 1))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise FileError("media") from error
    if media is None:
        raise FileError("media")
    return Scan(path, media, pages)


def certificate(path: Path) -> CertificateFacts:
    """Read a certificate, DER or PEM; for what it is is told by the use of its key.

    Raises FileError.
    """
    data = path.read_bytes()
    try:
        if data.lstrip().startswith(b"-----"):
            data = _der(data)
        found = x509.load_der_x509_certificate(data)
        return CertificateFacts.read(data, _role(found))
    except ValueError as error:
        raise FileError("certificate") from error


def _der(pem: bytes) -> bytes:
    from_pem = x509.load_pem_x509_certificate(pem)
    return from_pem.public_bytes(Encoding.DER)


def _role(found: x509.Certificate) -> str:
    """Signing ones are for non-repudiation (ETSI EN 319 412-2, section 4.3.2)."""
    try:
        use = found.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return "signing"
    return "signing" if use.content_commitment else "authentication"


def _pages(path: Path) -> int:
    try:
        reader = PdfReader(path)
        if reader.is_encrypted:
            raise FileError("locked")
        return len(reader.pages)
    except (PyPdfError, OSError, ValueError, KeyError, RecursionError) as error:
        raise FileError("unreadable") from error
