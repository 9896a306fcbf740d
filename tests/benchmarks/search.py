"""The search of the archive over HTTP: `python -m tests.benchmarks.search [--records 1000000]`.

On both databases, each as it is shipped: every commit reaches the disk. A search is what its page
does: the form is sent, the search logged, the page with the hits comes back, to somebody who may
see every office. Beside it the same questions are put to the index and the tables alone, and the
same page is fetched without a search.

Aims at 50,000 records: p95 below 30 ms for identifiers, below 100 ms for names and common words; at
1,000,000 less than three times that.
"""

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests import postgres

if TYPE_CHECKING:
    from tests.benchmarks.questions import Question

SPUN = 0.005  # seconds
ROUNDS = 60  # searches of a class
ENGINES = ("SQLite", "PostgreSQL")
IDENTIFIERS = ("case number", "JMBG", "serial")
_TOTAL = re.compile(r'data-total="(\d+)"')
_OVER = 1001  # counts stop there


@dataclass(frozen=True)
class Answer:
    question: "Question"
    seconds: float
    computed: float  # seconds of the server's processor, in steps of 10 ms
    bare: float  # seconds of the question without the web
    found: int


def measured(count: int, rounds: int) -> dict[str, Any]:
    """Fill the database of this process and ask; return what is to be told of it."""
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from tests.benchmarks import population, questions, served  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    _people()
    started = time.perf_counter()
    population.store(count)
    stored = time.perf_counter() - started
    started = time.perf_counter()
    subprocess.run([sys.executable, "manage.py", "index_records"], check=True, stdout=sys.stderr)
    built = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    sizes = _sizes()
    _settle()
    with served.server() as (port, pid):
        answers, beside = _asked(served.Visitor(port), questions.about(count, rounds), pid)
        peak = served.peak(pid)
    return {
        "kinds": _kinds(answers),
        "beside": beside,
        "stored": count / stored,
        "built": count / built,
        "memory": {"building": memory, "serving": peak},
        "sizes": sizes,
        "recall": [sum(each.found for each in answers), sum(_expected(each) for each in answers)],
    }


def _people() -> None:
    from registration.management import demo  # noqa: PLC0415
    from registration.models import User  # noqa: PLC0415
    from tests.benchmarks import served  # noqa: PLC0415

    demo.set_up()
    clerk = User.objects.get(username="clerk")
    clerk.set_password(served.PASSWORD)
    clerk.save()


def _asked(
    visitor: Any, asked: "list[Question]", pid: int
) -> tuple[list[Answer], dict[str, float]]:
    from tests.benchmarks import rounds, served  # noqa: PLC0415

    visitor.log_in("clerk")
    for question in asked[:14]:
        visitor.get("/archive/")
        visitor.post("/archive/", question.typed)
    answers, plain, spun = [], [], []
    for question in asked:
        started = time.perf_counter()
        visitor.get("/archive/")
        plain.append(time.perf_counter() - started)
        spun.append(rounds.once(_spin))
        computed = served.busy(pid)
        started = time.perf_counter()
        page = visitor.post("/archive/", question.typed)
        seconds = time.perf_counter() - started
        computed = served.busy(pid) - computed
        bare, found = _bare(question), _found(question, page)
        answers.append(Answer(question, seconds, computed, bare, found))
    return answers, {"plain": statistics.median(plain), "spun": statistics.median(spun)}


def _spin() -> None:
    """Compute for 5 ms of this process's time: it takes longer where others compute too."""
    until = time.process_time() + SPUN
    while time.process_time() < until:
        pass


def _bare(question: "Question") -> float:
    """Put the question to the index and the tables, without the web and the log."""
    from archive import queries  # noqa: PLC0415
    from archive.forms.search import SearchForm  # noqa: PLC0415

    form = SearchForm(question.typed)
    assert form.is_valid(), form.errors
    started = time.perf_counter()
    queries.search(form.query(), limit=50)
    return time.perf_counter() - started


def _found(question: "Question", page: str) -> int:
    """Return how many hits the page tells; none where it does not show the one that it must."""
    told = _TOTAL.search(page)
    missing = question.shows and question.shows not in page
    return 0 if told is None or missing else min(int(told[1]), question.hits)


def _expected(answer: Answer) -> int:
    return min(answer.question.hits, _OVER)


def _kinds(answers: list[Answer]) -> dict[str, dict[str, float]]:
    kinds: dict[str, list[Answer]] = defaultdict(list)
    for each in answers:
        kinds[each.question.kind].append(each)
    return {kind: _summary(some) for kind, some in kinds.items()}


def _summary(answers: list[Answer]) -> dict[str, float]:
    seconds = [each.seconds for each in answers]
    return {
        "p50": statistics.median(seconds),
        "p95": statistics.quantiles(seconds, n=20)[-1],
        "computed": statistics.mean(each.computed for each in answers),
        "bare": statistics.median(each.bare for each in answers),
        "hits": statistics.median(each.question.hits for each in answers),
    }


def _sizes() -> dict[str, int]:
    """Return the bytes of the index and of the whole database."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'archive_search%%'")
            index = cursor.fetchone()[0]
            return {"index": index, "all": Path(connection.settings_dict["NAME"]).stat().st_size}
        cursor.execute(
            "SELECT pg_total_relation_size('archive_search'), pg_database_size(current_database())"
        )
        index, everything = cursor.fetchone()
    return {"index": index, "all": everything}


def _settle() -> None:
    """Let the database look at its tables, as its own daemon does in time."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM (ANALYZE)")


def _elsewhere(count: int, rounds: int, address: str = "") -> dict[str, Any]:
    """Measure in a process of its own: Django knows one database."""
    with tempfile.TemporaryDirectory(prefix="overa-search-") as folder:
        given = {"OVERA_VAR": folder, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}
        given |= {"OVERA_DATABASE": address} if address else {}
        command = [sys.executable, "-m", "tests.benchmarks.search", "--here"]
        command += ["--records", str(count), "--rounds", str(rounds)]
        done = subprocess.run(command, env=os.environ | given, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _tell(engine: str, told: dict[str, Any]) -> None:
    sizes, memory = told["sizes"], told["memory"]
    print(f"\n{engine}, with a load of {os.getloadavg()[1]:.1f}")
    print(f"  index {sizes['index'] / 1e6:.0f} MB of {sizes['all'] / 1e6:.0f} MB,", end=" ")
    print(f"built at {told['built']:.0f} records/s", end=" ")
    print(f"(peak {memory['building'] / 1e6:.0f} MB),", end=" ")
    print(f"serving peak {memory['serving'] / 1e6:.0f} MB")
    beside = told["beside"]
    print(f"  the page without a search: {beside['plain'] * 1000:.1f} ms;", end=" ")
    print(f"meanwhile {SPUN * 1000:.0f} ms of computing took {beside['spun'] * 1000:.1f} ms")
    print(
        f"  {'':26}{'hits':>8}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'bare ms':>9}{'p50/bare':>10}"
    )
    for kind, at in told["kinds"].items():
        times = "".join(f"{at[name] * 1000:9.1f}" for name in ("p50", "p95", "computed", "bare"))
        print(f"  {kind:26}{at['hits']:8.0f}{times}{at['p50'] / at['bare']:10.1f}")


def _worst(told: list[dict[str, Any]], *, identifiers: bool) -> float:
    """Return the highest p95 of the classes, in milliseconds."""
    return 1000 * max(
        at["p95"]
        for each in told
        for kind, at in each["kinds"].items()
        if (kind in IDENTIFIERS) == identifiers
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", choices=ENGINES)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        json.dump(measured(asked.records, asked.rounds), sys.stdout)
        return 0
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    print(f"{asked.records} records, {asked.rounds} searches of each class, {os.cpu_count()} cores")
    told = [
        _told(engine, asked.records, asked.rounds)
        for engine in ENGINES
        if asked.only in {None, engine}
    ]
    found, expected = map(sum, zip(*(each["recall"] for each in told), strict=True))
    identifiers, names = (_worst(told, identifiers=yes) for yes in (True, False))
    print(f"\nsearch: p95 {identifiers:.0f} ms identifiers, {names:.0f} ms names,", end=" ")
    print(f"recall {found}/{expected}")
    return int(found != expected)


def _told(engine: str, count: int, rounds: int) -> dict[str, Any]:
    """Measure on one database, and tell it at once: it takes long."""
    if engine == "SQLite":
        told = _elsewhere(count, rounds)
    else:
        with postgres.server(durable=True) as address:
            told = _elsewhere(count, rounds, address.replace("/overa?", "/postgres?"))
    _tell(engine, told)
    return told


if __name__ == "__main__":
    sys.exit(main())
