"""Electronic seals on papers of the archive (PAdES): made with a key, checked without a network."""

from registration.seals import lengths

lengths.repair()
