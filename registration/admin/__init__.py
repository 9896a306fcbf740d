"""The counter in the administration: people, desks, wordings to set up, the rest to look at."""

from registration.admin import counter, people, wording

__all__ = ["counter", "people", "wording"]
