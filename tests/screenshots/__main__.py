"""Tells the browser's stories with a folder for pictures: docs/screenshots."""

import os
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    os.environ["OVERA_SCREENSHOTS"] = str(FOLDER)
    return int(pytest.main(["-q", "-m", "browser", "tests/stories"]))


if __name__ == "__main__":
    sys.exit(main())
