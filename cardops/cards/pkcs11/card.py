"""The token as a card: what a vendor's module can do for us, and what it cannot."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar

import pkcs11
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11 import Attribute, Mechanism
from pkcs11.constants import TokenFlag

from cardops import errors
from cardops.cards import key_types
from cardops.cards.key_types import Hash, KeyType, PublicKey
from cardops.cards.pkcs11 import results
from cardops.cards.pkcs11.login import Digits, Login
from cardops.cards.pkcs11.objects import Objects
from cardops.cards.pkcs11.settings import Settings
from cardops.cards.profile import Ability, PinStatus, PukStatus, Role
from cardops.channel import Channel
from cardops.pin.held import zero
from cardops.pin.rules import PinRules

_RSA = frozenset({KeyType.RSA2048, KeyType.RSA3072})
_GENERATION = {Mechanism.RSA_PKCS_KEY_PAIR_GEN, Mechanism.EC_KEY_PAIR_GEN}
_WRONG = pkcs11.PinIncorrect.__name__


class TokenCard:
    """A token in a slot, as `cardops.cards.profile.CardProfile` describes a card.

    A role's pair of keys is replaced without a gap: the new one is made beside the old one, which
    is destroyed once the new certificate is on the card.
    """

    name: ClassVar[str] = "pkcs11"
    pin_rules: ClassVar[PinRules] = PinRules(least=4, most=8, filler=0x00)
    pin_administers: ClassVar[bool] = True

    def __init__(self, slot: pkcs11.Slot, settings: Settings) -> None:
        self._settings = settings
        self._login = Login(slot)
        self._once = bytearray()  # the PIN, for the next signature of a key that wants it
        token = slot.get_token()
        self.abilities = frozenset(_abilities(token, settings))
        self._session = token.open(rw=not token.flags & TokenFlag.WRITE_PROTECTED)

    @classmethod
    def probe(cls, _channel: Channel) -> None:
        """Find none: a module opens its card by itself, where the desk's configuration says so."""

    # PIN

    def pin_status(self) -> PinStatus:
        with results.translated():
            return self._login.status()

    def verify(self, pin: bytearray) -> None:
        self._require_length(pin)
        self._enter(Digits(pin))
        if any(map(self.wants_pin_each_time, Role)):
            self._once = bytearray(pin)

    def verify_on(self, _pad: object) -> None:
        """Let the module ask on the reader's keys, by its own commands."""
        self._require(Ability.PIN_PAD)
        self._enter(None)

    def _enter(self, pin: Digits | None) -> None:
        self._forget()
        with self._pin_errors():
            self._login.enter(pin)

    def change_pin(self, old: bytearray, new: bytearray) -> None:
        for pin in (old, new):
            self._require_length(pin)
        with self._pin_errors():
            self._session.set_pin(Digits(old), Digits(new))  # type: ignore[arg-type]

    def change_pin_on(self, _pad: object, _old: bytes | None = None) -> None:
        """Refuse: python-pkcs11 has no C_SetPIN without digits."""
        raise errors.NotAvailableError(Ability.PIN_PAD, self.name)

    def unblock(self, puk: bytes, new: bytearray) -> None:
        self._require(Ability.UNBLOCK)
        self._require_length(new)
        try:
            with self._translated():
                self._login.initialise(puk, new)
        except errors.PinBlockedError as fault:
            raise errors.PukBlockedError from fault
        except errors.ModuleError as fault:
            if fault.fault != _WRONG:
                raise
            raise errors.InvalidPukError(self._login.officer_refused()) from fault

    def unblock_on(self, _pad: object, _puk: bytes) -> None:
        """Refuse: python-pkcs11 has no C_InitPIN without digits."""
        raise errors.NotAvailableError(Ability.PIN_PAD, self.name)

    def puk_status(self) -> PukStatus:
        """Tell nothing: a module has no word for the tries of the SO PIN."""
        return PukStatus()

    def replace_factory_puk(self, _puk: bytes) -> None:
        """Refuse: the SO PIN is set when the office initialises the token."""
        raise errors.NotAvailableError(Ability.UNBLOCK, self.name)

    def wants_pin_each_time(self, role: Role) -> bool:
        with results.translated():
            key = self._objects(role).private_key()
        return self._makes_asking(role) if key is None else _asks_each_time(key)

    def _makes_asking(self, role: Role) -> bool:
        """Tell what the role's next key will be like."""
        return self._settings.pin_each_signature and role == Role.SIGNING

    def transport_pin(self) -> None:
        """Return none: nobody knows one."""

    def leave(self) -> None:
        """Forget the PIN, here and on the token."""
        self._forget()
        self._login.leave()

    def _forget(self) -> None:
        zero(self._once)
        self._once = bytearray()

    # keys and certificates

    def administer(self, _key: bytes) -> None:
        """Do nothing: the citizen's PIN is all that a token wants."""

    def mark_personalised(self) -> None:
        """Do nothing: whoever initialised the token did."""

    def generate(self, role: Role, key_type: KeyType) -> PublicKey:
        """Make a pair beside the one that has a certificate, where the settings say so."""
        self._require(Ability.GENERATE)
        objects = self._objects(role)
        with self._translated():
            if self._settings.beside:
                objects.destroy_uncertified()
            else:
                objects.destroy_all()
            return objects.generate(key_type, pin_each_signature=self._makes_asking(role))

    def sign(self, role: Role, key_type: KeyType, digest: bytes, algorithm: Hash) -> bytes:
        rsa = key_type in _RSA
        block = key_types.digest_info(digest, algorithm) if rsa else digest
        mechanism = Mechanism.RSA_PKCS if rsa else Mechanism.ECDSA
        with self._pin_errors():
            key = self._objects(role).private_key()
            if key is None:
                raise errors.KeyMismatchError
            with self._pin_for(key) as pin:
                signature = bytes(key.sign(block, mechanism=mechanism, pin=pin))
        return signature if rsa else _der(signature)

    @contextmanager
    def _pin_for(self, key: Any) -> Iterator[Digits | None]:
        """Lend the PIN that was verified, for one signature, to a key that wants it again."""
        each_time = _asks_each_time(key)
        if each_time and not self._once:  # python-pkcs11 asks no pin pad here
            raise errors.NotAvailableError(Ability.PIN_PAD, self.name)
        try:
            yield Digits(self._once) if each_time else None
        finally:
            self._forget()

    def write_certificate(self, role: Role, der: bytes) -> None:
        """Store it, and destroy the pair that it replaces."""
        self._require(Ability.WRITE)
        with results.ability(Ability.WRITE, self.name):
            self._objects(role).write(der)

    def read_certificate(self, role: Role) -> bytes | None:
        with results.translated():
            return self._objects(role).certificate()

    def _objects(self, role: Role) -> Objects:
        return Objects(self._session, self._settings.places[role])

    # rules

    def _require(self, ability: Ability) -> None:
        if ability not in self.abilities:
            raise errors.NotAvailableError(ability, self.name)

    def _require_length(self, pin: bytearray) -> None:
        """Check before the module does: some take any length for a wrong PIN."""
        self.pin_rules.require(pin)

    def _translated(self) -> AbstractContextManager[None]:
        return results.translated(self.pin_rules.least, self.pin_rules.most)

    @contextmanager
    def _pin_errors(self) -> Iterator[None]:
        """Say how many tries are left, as far as the token tells."""
        try:
            with self._translated():
                yield
        except errors.ModuleError as fault:
            if fault.fault != _WRONG:
                raise
            left = self._login.refused()
            raise (errors.InvalidPinError(left) if left else errors.PinBlockedError()) from None


def _abilities(token: pkcs11.Token, settings: Settings) -> Iterator[Ability]:
    yield Ability.CHANGE_PIN
    if settings.so_pin_unblocks:
        yield Ability.UNBLOCK
    if token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH:
        yield Ability.PIN_PAD
    writable = not token.flags & TokenFlag.WRITE_PROTECTED
    if writable and token.slot.get_mechanisms() & _GENERATION:
        yield Ability.GENERATE
        yield Ability.WRITE


def _asks_each_time(key: Any) -> bool:
    """Read CKA_ALWAYS_AUTHENTICATE; a module older than PKCS#11 2.20 does not know it."""
    try:
        return bool(key[Attribute.ALWAYS_AUTHENTICATE])
    except pkcs11.AttributeTypeInvalid:
        return False


def _der(signature: bytes) -> bytes:
    """Return (r, s) in DER for r and s side by side, as PKCS#11 has them."""
    half = len(signature) // 2
    first, second = signature[:half], signature[half:]
    return encode_dss_signature(int.from_bytes(first, "big"), int.from_bytes(second, "big"))
