"""The worker's Celery application with a clock on the embedded certification body."""

from config.celery import app
from registration.ca.embedded.authority import EmbeddedCA
from tests.benchmarks.clocks import timed

__all__ = ["app"]

for name in ("__init__", "enrol", "lookup", "revoke", "status", "chain", "health"):
    setattr(EmbeddedCA, name, timed("ca", getattr(EmbeddedCA, name)))
