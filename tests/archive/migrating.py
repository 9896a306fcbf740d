"""The archive's tables as they were, and back."""

from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def migrate(name: str) -> Apps:
    executor = MigrationExecutor(connection)
    executor.migrate([("archive", name)])
    return executor.loader.project_state([("archive", name)]).apps


@pytest.fixture
def latest() -> Iterator[None]:
    yield
    to_the_latest()


def to_the_latest() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
