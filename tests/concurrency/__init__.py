"""What holds when two people, two desks or two workers do the same at once, on either database.

Chance decides which of them is first, so these tests are repeated before they are believed:

    for i in $(seq 20); do .venv/bin/pytest -q tests/concurrency || break; done
    for i in $(seq 20); do .venv/bin/python -m tests.postgres -q tests/concurrency || break; done
"""
