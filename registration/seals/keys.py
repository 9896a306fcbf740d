"""The key of a seal, opened for one signature: from a file, or inside of a PKCS#11 token."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import pkcs11
from asn1crypto import x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
)
from pkcs11.constants import TokenFlag
from pyhanko.keys import load_private_key_from_pemder_data
from pyhanko.sign.pkcs11 import PKCS11Signer
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from registration.seals import certificates
from registration.seals.base import KeyFile, KeyToken
from registration.seals.errors import KeyUnusableError, PinRefusedError

_PEM = b"-----BEGIN"
_FEW_TRIES = TokenFlag.USER_PIN_FINAL_TRY | TokenFlag.USER_PIN_COUNT_LOW
_LOGIN = Lock()  # of a token a process has one: a second one in another thread is refused


@contextmanager
def opened(key: KeyFile | KeyToken) -> Iterator[Signer]:
    """Yield what signs with the key. Raises KeyUnusableError, PinRefusedError."""
    if isinstance(key, KeyFile):
        yield _from_file(key)
        return
    with _LOGIN, _session(key) as session:
        yield _from_token(key, session)


def _from_file(key: KeyFile) -> SimpleSigner:
    data, passphrase = _bytes(key.path), _secret(key.passphrase)
    try:
        signer = _from_pem(key, data, passphrase) if _PEM in data else _from_p12(data, passphrase)
    except (ValueError, TypeError) as fault:  # TypeError: a passphrase where none is, or none
        raise KeyUnusableError("key-or-passphrase-wrong", file=key.path.name) from fault
    own = signer.signing_cert
    if own is None or _public(signer.signing_key) != own.public_key.dump():
        raise KeyUnusableError("certificate-of-another-key", file=key.path.name)
    return signer


def _from_p12(data: bytes, passphrase: bytes | None) -> SimpleSigner:
    signer: SimpleSigner = SimpleSigner.load_pkcs12_data(data, (), passphrase)
    return signer


def _from_pem(key: KeyFile, data: bytes, passphrase: bytes | None) -> SimpleSigner:
    own, *issuers = _chain(key.certificates or key.path)
    private = load_private_key_from_pemder_data(data, passphrase)
    return SimpleSigner(own, private, _store(issuers))


def _public(private: PrivateKeyInfo) -> bytes:
    public = load_der_private_key(private.dump(), None).public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@contextmanager
def _session(key: KeyToken) -> Iterator[pkcs11.Session]:
    pin = _text(key.pin)
    try:
        token = pkcs11.lib(str(key.module)).get_token(token_label=key.token)
    except pkcs11.PKCS11Error as fault:
        raise KeyUnusableError("token-not-there", token=key.token) from fault
    _require_tries(token)
    with _logged_in(token, pin) as session:
        yield session


def _require_tries(token: pkcs11.Token) -> None:
    """Spend no try that could be the last: a token locks itself for good."""
    if token.flags & TokenFlag.USER_PIN_LOCKED:
        raise PinRefusedError("pin-locked", token=token.label)
    if token.flags & _FEW_TRIES:
        raise PinRefusedError("few-tries-left", token=token.label)


@contextmanager
def _logged_in(token: pkcs11.Token, pin: str) -> Iterator[pkcs11.Session]:
    try:
        session = token.open(user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as fault:
        raise PinRefusedError("pin-wrong", token=token.label) from fault
    except (pkcs11.PinLocked, pkcs11.PinExpired) as fault:
        raise PinRefusedError("pin-locked", token=token.label) from fault
    except pkcs11.PKCS11Error as fault:
        raise KeyUnusableError("token-not-usable", token=token.label) from fault
    try:
        yield session
    finally:
        session.close()


def _from_token(key: KeyToken, session: pkcs11.Session) -> PKCS11Signer:
    """Find key and certificate; raw mechanisms, for not every token hashes by itself."""
    chain = _chain(key.certificates) if key.certificates else ()
    signer = PKCS11Signer(
        session,
        cert_label=key.label,
        key_label=key.label,
        signing_cert=chain[0] if chain else None,
        ca_chain=chain[1:],
        use_raw_mechanism=True,
    )
    try:
        signer._load_objects()  # noqa: SLF001 - else it would do so in the middle of signing
    except pkcs11.PKCS11Error as fault:
        raise KeyUnusableError("no-such-key", token=key.token, label=key.label) from fault
    return signer


def _chain(path: Path) -> tuple[x509.Certificate, ...]:
    found = certificates.read(path)
    if not found:
        raise KeyUnusableError("certificates-missing", file=path.name)
    return found


def _store(issuers: Sequence[x509.Certificate]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    store.register_multiple(issuers)
    return store


def _secret(path: Path | None) -> bytes | None:
    """Return what a file of one secret holds, without the end of its line."""
    return _bytes(path).rstrip(b"\r\n") if path else None


def _text(path: Path) -> str:
    try:
        return (_secret(path) or b"").decode()
    except UnicodeDecodeError as fault:
        raise KeyUnusableError("not-a-pin", file=path.name) from fault


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise KeyUnusableError("file-unreadable", file=path.name) from fault
