"""What a record says, word by word, as both engines index it."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from archive.search import folding


@dataclass(frozen=True)
class Words:
    """What can be found of a record by its words, folded."""

    name: str
    case_number: str
    file_number: str
    serial: str  # of each certificate, and of what it renews


COLUMNS = tuple(column.name for column in fields(Words))


def of_record(*, name: str, case_number: str, file_number: str, serials: Iterable[str]) -> Words:
    """Fold what a record says; a name's đ (or dj) stands there in both its spellings."""
    spelled = [folding.spellings(word.replace("dj", "đ")) for word in folding.words(name)]
    return Words(
        name=" ".join(spelling for word in spelled for spelling in word),
        case_number=_number(case_number),
        file_number=_number(file_number),
        serial=" ".join(map(folding.fold, serials)),
    )


def _number(text: str) -> str:
    """Write a number as it is and without its separators: 26-0000123 is also 260000123."""
    plain = folding.fold(text)
    joined = plain.replace(" ", "")
    return plain if plain == joined else f"{plain} {joined}"
