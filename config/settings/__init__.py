"""One module of settings per kind of installation."""
