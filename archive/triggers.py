"""Triggers through which the database itself refuses to rewrite the audit."""

from typing import Protocol


class Cursor(Protocol):
    def execute(self, sql: str) -> object: ...


REFUSED = {
    "archive_auditevent": ("UPDATE", "DELETE"),
    "archive_auditprivate": ("UPDATE",),  # its disposal is a deletion, the event stays
}
_FUNCTION = """
CREATE OR REPLACE FUNCTION archive_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$
"""
_CREATE = {
    "sqlite": (
        "CREATE TRIGGER IF NOT EXISTS {name} BEFORE {change} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
    ),
    "postgresql": (
        "CREATE OR REPLACE TRIGGER {name} BEFORE {change} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION archive_refuse()"
    ),
}
_DROP = {
    "sqlite": "DROP TRIGGER IF EXISTS {name}",
    "postgresql": "DROP TRIGGER IF EXISTS {name} ON {table}",
}


def create(cursor: Cursor, vendor: str) -> None:
    """Create what is missing; again after a migration that lets SQLite rebuild the table."""
    if vendor == "postgresql":
        cursor.execute(_FUNCTION)
    _run(cursor, _CREATE[vendor])


def drop(cursor: Cursor, vendor: str) -> None:
    """For the way back of the migration, and for tests that empty or forge the tables."""
    _run(cursor, _DROP[vendor])


def _run(cursor: Cursor, template: str) -> None:
    for table, changes in REFUSED.items():
        for change in changes:
            name = f"{table}_no_{change.lower()}"
            cursor.execute(template.format(name=name, change=change, table=table))
