"""A module per command of `manage.py`."""
