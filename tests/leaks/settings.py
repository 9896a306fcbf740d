"""The tests' settings with every logger at its most verbose."""

from celery.signals import setup_logging

from config.settings.test import *

LOGGING = LOGGING | {"root": {"handlers": ["stderr"], "level": "DEBUG"}, "loggers": {}}


@setup_logging.connect
def keep_logging(**_facts: object) -> None:
    """Let Celery's own level not take the place of ours."""
