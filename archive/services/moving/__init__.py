"""Taking the archive along and bringing it back: what belongs to it, how it is written and read."""
