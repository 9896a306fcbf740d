"""The forms of the counter's pages."""
