"""What is asked of the archive's search, and how much must be found."""

from dataclasses import dataclass
from random import Random

from tests.benchmarks import population


@dataclass(frozen=True)
class Question:
    kind: str
    typed: dict[str, str]
    hits: int  # that it must find
    shows: str = ""  # what must stand on the page


def about(count: int, rounds: int) -> list[Question]:
    """Ask of people by chance; what must be found was counted by the population itself."""
    chance, asked = Random(7), []
    truth = population.truth(count)

    def hits(*words: str, **wanted: str) -> int:
        return sum(
            number
            for fits, number in truth.items()
            if all(any(own.startswith(word) for own in fits.words) for word in words)
            and all(getattr(fits, name) == value for name, value in wanted.items())
        )

    def other(name: str, script: int) -> str:
        return population.latin(name) if script < 5 else name

    for turn in range(rounds):
        one = population.person(chance.randrange(count) + 1)
        surname = population.FREQUENT[turn % len(population.FREQUENT)]
        plain = population.plain(surname)
        shown = population.shown(surname, turn % 10)
        both = f"{other(one.given_name, one.script)} {other(one.surname, one.script)}"
        filters = {"office": one.office, "state": "issued"}
        days = {"decided_from": "1.1.2024.", "decided_to": "31.12.2026."}
        asked += [
            Question("case number", {"box": one.case_number}, 1, one.file_number),
            Question("JMBG", {"box": one.jmbg}, 1, one.file_number),
            Question("serial", {"box": one.serial}, 1, one.file_number),
            Question("surname", {"box": shown}, hits(plain)),
            Question("name in the other script", {"box": both}, hits(*one.words)),
            Question("word in every record", {"box": ("SE", "СЕ")[turn % 2]}, count),
            Question("combined", {"name": shown, **filters, **days}, hits(plain, **filters)),
        ]
    return asked
