"""A PIN typed on each path, everything that programs can write switched on, and a search for it."""
