"""One counter on one machine: what `make run` uses. Its secrets are made at first use."""

import secrets

from archive import keyfile
from config.settings.base import *

DEBUG = env.bool("OVERA_DEBUG", default=False)
SECRET_KEY = keyfile.read(
    VAR / "keys" / "django", lambda: secrets.token_urlsafe(50).encode()
).decode()
OVERA_DEVELOPMENT = True
WHITENOISE_USE_FINDERS = True
