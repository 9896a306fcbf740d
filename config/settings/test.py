"""Tests: a temporary folder for everything, fast passwords, no static manifest."""

import atexit
import os
import secrets
import shutil
import tempfile

if "OVERA_VAR" not in os.environ:  # children inherit the folder of the one who made it
    os.environ["OVERA_VAR"] = tempfile.mkdtemp(prefix="overa-test-")
    atexit.register(shutil.rmtree, os.environ["OVERA_VAR"], ignore_errors=True)

from config.settings.base import *

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(50)
OVERA_DEVELOPMENT = True
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file, not memory, and one name: workers and web of the tests are processes of their own.
if "OVERA_DATABASE" not in os.environ:
    DATABASES["default"]["NAME"] = VAR / "test.sqlite3"
DATABASES["default"]["CONN_MAX_AGE"] = 0  # the database is to be dropped after them
DATABASES["default"]["TEST"] = {"NAME": DATABASES["default"]["NAME"]}
OVERA["AUDIT_UNSIGNED_HOURS"] = 20 * 366 * 24  # tests move the clock
