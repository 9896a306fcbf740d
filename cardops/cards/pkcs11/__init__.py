"""Cards behind a vendor's PKCS#11 module: how a real Serbian card is written.

The standard is PKCS #11 Cryptographic Token Interface Base Specification 2.40 (OASIS). This is the
only package of the desk that imports `pkcs11`.
"""

from cardops.cards.pkcs11.card import TokenCard
from cardops.cards.pkcs11.module import opened
from cardops.cards.pkcs11.settings import Place, Settings

__all__ = ["Place", "Settings", "TokenCard", "opened"]
