"""Tests: a temporary folder for everything, fast passwords, no static manifest."""

import os
import secrets
import tempfile

os.environ.setdefault("OVERA_VAR", tempfile.mkdtemp(prefix="overa-test-"))

from config.settings.base import *

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(50)
OVERA_DEVELOPMENT = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file, not memory: workers and web of the tests are processes of their own.
DATABASES["default"]["NAME"] = VAR / "test.sqlite3"
DATABASES["default"]["TEST"] = {"NAME": VAR / "test.sqlite3"}
