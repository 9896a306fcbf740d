"""The settings of tests, but with connections to the database as they are in an office."""

from config.settings.test import *

DATABASES["default"]["CONN_MAX_AGE"] = 600
