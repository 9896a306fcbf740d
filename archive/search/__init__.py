"""Finding a record from whatever a person remembers of it."""
