"""`make demo`: one whole case in the terminal, on a stack of its own."""
