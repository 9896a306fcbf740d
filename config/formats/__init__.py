"""How Django writes and reads dates: one way in every language, as Serbia writes them."""
