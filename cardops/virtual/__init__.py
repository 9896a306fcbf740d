"""A card, its reader and a citizen made of code: for tests and development only."""
