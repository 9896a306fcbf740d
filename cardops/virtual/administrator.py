"""The virtual card's management key, and who has proven it (SP 800-73-4 part 2, appendix A)."""

import secrets
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from cardops import tlv
from cardops.virtual import apdu
from cardops.virtual.apdu import StatusError

FACTORY_KEY = bytes.fromhex("010203040506070801020304050607080102030405060708")
TRIPLE_DES, AES_192 = 0x03, 0x0A

_SIZES = {TRIPLE_DES: 24, 0x08: 16, AES_192: 24, 0x0C: 32}
_WITNESS, _CHALLENGE, _RESPONSE = 0x80, 0x81, 0x82


@dataclass
class ManagementKey:
    """`algorithm` is an identifier of SP 800-78-4, table 6-2; older cards come with 3DES."""

    value: bytes = FACTORY_KEY
    algorithm: int = AES_192

    def replace(self, value: bytes, algorithm: int) -> None:
        if _SIZES.get(algorithm) != len(value):
            raise StatusError(apdu.WRONG_DATA)
        self.value, self.algorithm = value, algorithm

    @property
    def cipher(self) -> BlockCipherAlgorithm:
        return (TripleDES if self.algorithm == TRIPLE_DES else AES)(self.value)


class Administrator:
    """Proven or not, since the application was selected."""

    def __init__(self, key: ManagementKey) -> None:
        self.key = key
        self.forget()

    def forget(self) -> None:
        self.proven, self._expected = False, b""

    def require(self) -> None:
        if not self.proven:
            raise StatusError(apdu.SECURITY)

    def step(self, algorithm: int, template: dict[int, bytes]) -> bytes:
        """Run a step of mutual (80, then 81) or of external authentication (81, then 82)."""
        if (algorithm or TRIPLE_DES) != self.key.algorithm:  # 00 stands for 3DES too
            raise StatusError(apdu.WRONG_PARAMETERS)
        expected, self._expected = self._expected, b""
        if template.get(_WITNESS) == b"" or template.get(_CHALLENGE) == b"":
            return self._draw(encrypted=_WITNESS in template)
        answer = template.get(_WITNESS, template.get(_RESPONSE, b""))
        if not expected or not secrets.compare_digest(answer, expected):
            raise StatusError(apdu.SECURITY)
        self.proven = True
        challenge = template.get(_CHALLENGE)
        return tlv.pack(_RESPONSE, self._encrypt(challenge)) if challenge else b""

    def _draw(self, *, encrypted: bool) -> bytes:
        """Draw a block: a witness shows it encrypted, a challenge shows it plainly."""
        plain = secrets.token_bytes(self.key.cipher.block_size // 8)
        hidden = self._encrypt(plain)
        self._expected = plain if encrypted else hidden
        return tlv.pack(_WITNESS, hidden) if encrypted else tlv.pack(_CHALLENGE, plain)

    def _encrypt(self, block: bytes) -> bytes:
        return Cipher(self.key.cipher, modes.ECB()).encryptor().update(block)  # noqa: S305 the standard's
