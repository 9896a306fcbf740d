"""The paper itself: where it lies, who has it, what is printed for it."""
