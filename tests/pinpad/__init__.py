"""A reader with keys of its own: the driver around vpcd, and the citizen who presses the keys."""
