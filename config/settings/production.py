"""An office's own installation: secrets and addresses come from the environment."""

from config.settings.base import *

DEBUG = False
SECRET_KEY = env.str("OVERA_SECRET_KEY")
ALLOWED_HOSTS = env.list("OVERA_HOSTS")
OVERA_DEVELOPMENT = False
for _body in (OVERA, *OVERA["BODIES"].values()):
    if _body["CA"]["CONNECTOR"] == "embedded":  # is for development only
        _body["CA"] = {"CONNECTOR": "none"}
OVERA["STATUS"] |= {
    "OCSP": env.str("OVERA_STATUS_OCSP", default="certificate"),
    "CRL": env.str("OVERA_STATUS_CRL", default="certificate"),
}

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
