"""Numbers that are texts: typed with spaces, kept as bare digits with their leading zeros."""


def clean(text: str) -> str:
    """Drop what people type between groups of digits."""
    return "".join(letter for letter in text if not (letter.isspace() or letter in "-."))


def case_number(number: str) -> str:
    """Write 260000123 as 26-0000123."""
    return f"{number[:2]}-{number[2:]}"


def are(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
