"""One counter on one machine: what `make run` uses. Its secrets are made at first use."""

from config.settings.base import *
from config.settings.secret import stored_secret

DEBUG = env.bool("OVERA_DEBUG", default=False)
SECRET_KEY = stored_secret(VAR / "keys" / "django")
OVERA_DEVELOPMENT = True
