"""The tests' settings; web and worker name the steps of the server's journal."""

import os

from config.settings.test import *  # noqa: F403

SECRET_KEY = os.environ["OVERA_SECRET_KEY"]  # one for all programs: they share the sessions
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.standing.apps.StandingConfig"]  # noqa: F405
OVERA = OVERA | {"ISSUANCE_STALLED_AFTER": 2}  # noqa: F405
