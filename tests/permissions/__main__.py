"""`python -m tests.permissions` writes docs/permissions.md; with --check it only compares."""

import os
import sys

import django

from tests.permissions import page


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    if "--check" not in sys.argv:
        page.FILE.write_text(page.text())
        return 0
    if page.FILE.exists() and page.FILE.read_text() == page.text():
        return 0
    sys.stderr.write(
        "docs/permissions.md is not what the table says: python -m tests.permissions\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
