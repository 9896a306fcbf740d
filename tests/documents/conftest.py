"""What papers are made with in tests: one folder of compiled papers for all of them."""

from pathlib import Path

import pytest

from registration.documents.packet import Press
from tests.documents import case


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    return case.press(Path(tmp_path_factory.mktemp("papers")))
