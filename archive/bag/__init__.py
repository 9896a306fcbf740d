"""BagIt (RFC 8493): payload, manifests, a detached signature over the manifests.

Everything is named in ASCII; the signature is over `tagmanifest-sha256.txt`, which names all other
files beside the payload, among them the manifest of the payload.
"""

from archive.bag.packed import Bag, manifest, written
from archive.bag.tags import MANIFEST, SIGNATURE, TAGS

__all__ = ["MANIFEST", "SIGNATURE", "TAGS", "Bag", "manifest", "written"]
