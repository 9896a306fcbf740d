"""Applications of a card that sign and hold certificates."""
