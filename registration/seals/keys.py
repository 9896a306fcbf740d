"""The key of a seal, opened for one signature: from a file, or inside of a PKCS#11 token."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pkcs11
from asn1crypto import x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
)
from pyhanko.keys import load_private_key_from_pemder_data
from pyhanko.sign.pkcs11 import PKCS11Signer
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from registration import tokens
from registration.seals import certificates
from registration.seals.base import KeyFile, KeyToken
from registration.seals.errors import KeyUnusableError, PinRefusedError

_PEM = b"-----BEGIN"


@contextmanager
def opened(key: KeyFile | KeyToken) -> Iterator[Signer]:
    """Yield what signs with the key. Raises KeyUnusableError, PinRefusedError."""
    if isinstance(key, KeyFile):
        yield _from_file(key)
        return
    with _session(key) as session:
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
    with ExitStack() as stack:
        try:
            token = tokens.Token(key.module, key.token, key.pin)
            session = stack.enter_context(tokens.opened(token))
        except tokens.TokenPinError as fault:
            raise PinRefusedError(fault.reason, **fault.facts) from fault
        except tokens.TokenError as fault:
            raise KeyUnusableError(fault.reason, **fault.facts) from fault
        yield session


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


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise KeyUnusableError("file-unreadable", file=path.name) from fault
