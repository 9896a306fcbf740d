"""What lies in a role's place on a token: found, written, replaced, destroyed."""

from collections.abc import Collection, Iterator
from typing import Any

import pkcs11
from cryptography import x509
from pkcs11 import Attribute, ObjectClass
from pkcs11.util.x509 import decode_x509_certificate

from cardops import errors
from cardops.cards.key_types import KeyType, PublicKey
from cardops.cards.pkcs11 import pairs
from cardops.cards.pkcs11.settings import Place

_KEYS = (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY)
_PARTS = (*_KEYS, ObjectClass.CERTIFICATE)  # in the order in which they are destroyed


class Objects:
    """One role's keys and certificates, oldest first; private keys only while logged in."""

    def __init__(self, session: pkcs11.Session, place: Place) -> None:
        self._session, self._place = session, place

    def private_key(self) -> Any | None:
        """Return the newest one."""
        found = self._of(ObjectClass.PRIVATE_KEY)
        return found[max(found)] if found else None

    def certificate(self) -> bytes | None:
        """Return the oldest one: while a replaced one is there, the replacing is not over."""
        found = self._of(ObjectClass.CERTIFICATE)
        return bytes(found[min(found)][Attribute.VALUE]) if found else None

    def generate(self, key_type: KeyType, *, pin_each_signature: bool) -> PublicKey:
        """Make the role's next pair; KeyExposedError where its key could leave the token."""
        identifier = self._place.after(self._used())
        public, private = pairs.generate(
            self._session,
            key_type,
            identifier=identifier,
            label=self._place.label,
            pin_each_signature=pin_each_signature,
        )
        try:
            pairs.require_protected(private)
            return pairs.read_as(key_type, public)
        except errors.CardopsError:
            self._destroy({identifier})
            raise

    def write(self, der: bytes) -> None:
        """Store the certificate under the CKA_ID of the newest pair, whose key it must certify.

        What the role had before is destroyed once the new certificate reads back.
        """
        identifier = self._certified_by(x509.load_der_x509_certificate(der))
        if self._stored(identifier) != der:
            self._store(der, identifier)
        if self._stored(identifier) != der:
            raise errors.ReadBackError
        self._destroy({*self._used()} - {identifier})

    def _stored(self, identifier: bytes) -> bytes | None:
        found = self._of(ObjectClass.CERTIFICATE).get(identifier)
        return bytes(found[Attribute.VALUE]) if found else None

    def _store(self, der: bytes, identifier: bytes) -> None:
        earlier = self._of(ObjectClass.CERTIFICATE).get(identifier)
        if earlier:
            earlier.destroy()
        self._session.create_object(self._attributes(der, identifier))

    def _certified_by(self, certificate: x509.Certificate) -> bytes:
        found = self._of(ObjectClass.PUBLIC_KEY)
        newest = max(found, default=None)
        if newest is None or pairs.read(found[newest]) != certificate.public_key():
            raise errors.KeyMismatchError
        return newest

    def _attributes(self, der: bytes, identifier: bytes) -> dict[Attribute, Any]:
        """Return the object: value, subject, issuer, serial number; read without the PIN."""
        return decode_x509_certificate(der) | {
            Attribute.TOKEN: True,
            Attribute.PRIVATE: False,
            Attribute.ID: identifier,
            Attribute.LABEL: self._place.label,
        }

    def destroy_uncertified(self) -> None:
        """Destroy keys of makings that were given up: no certificate lies beside them."""
        keys = {identifier for kind in _KEYS for identifier in self._of(kind)}
        self._destroy(keys - self._of(ObjectClass.CERTIFICATE).keys())

    def destroy_all(self) -> None:
        self._destroy({*self._used()})

    def _destroy(self, identifiers: Collection[bytes]) -> None:
        """Destroy certificates last: one that is still there says that the work is not done."""
        for kind in _PARTS:
            for identifier, each in self._of(kind).items():
                if identifier in identifiers:
                    each.destroy()

    def _used(self) -> Iterator[bytes]:
        for kind in _PARTS:
            yield from self._of(kind)

    def _of(self, kind: ObjectClass) -> dict[bytes, Any]:
        """Return CKA_ID → object of this kind."""
        every = list(self._session.get_objects({Attribute.CLASS: kind}))
        named = {bytes(each[Attribute.ID]): each for each in every}
        return {name: each for name, each in named.items() if self._place.owns(name)}
