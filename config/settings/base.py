"""What every installation of Overa shares; the other settings modules add to it."""

import os
from importlib.resources import files
from pathlib import Path

from csp.constants import NONCE, SELF

from config import bodies, stores
from config.settings import folders
from config.settings.tasks import *

BASE_DIR: Path = folders.BASE_DIR
VAR = folders.VAR
env = folders.env

ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = [
    "registration",
    "archive",
    "registration.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.refusals.RefusalsMiddleware",
    "config.unwritable.UnwritableMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR / "overa.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # A key on a card must never be newer than the journal: every commit reaches the disk.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        # What was destroyed is overwritten in the file too.
        " PRAGMA secure_delete=ON;",
    },
}
# One counter lives in a file; an office names its server: postgres://user:password@host/name.
DATABASES = {"default": env.db("OVERA_DATABASE") if "OVERA_DATABASE" in os.environ else _SQLITE}
DATABASES["default"]["CONN_MAX_AGE"] = 600  # seconds; opening one takes longer than asking
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "registration.User"
AUTHENTICATION_BACKENDS = ["registration.accounts.LoggedBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True

LANGUAGE_CODE = "sr"
LANGUAGES = [("sr", "Serbian"), ("sr-latn", "Serbian (Latin)"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Belgrade"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "templates" / "static",
    ("bootstrap", Path(str(files("bootstrap") / "css")).parent),
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "frame-src": [SELF],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
    },
}

FILE_UPLOAD_HANDLERS = ["archive.uploads.UnnamedFileUploadHandler"]

# smtp://user:password@host:25, smtp+tls:// or smtp+ssl://; used for notices of expiry alone.
vars().update(env.email_url("OVERA_EMAIL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 20  # seconds

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # These tell every step of every page.
    "loggers": {
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        "pyhanko": {"level": "CRITICAL"},  # what they warn of comes back as an error of ours
        "pyhanko_certvalidator": {"level": "CRITICAL"},
    },
}

# Electronic seals of archived papers, in docs/how-to/seal-papers.md. Without any: none are made.
_SEAL_PREFIX = "OVERA_SEAL_"
_SEAL = {
    name.removeprefix(_SEAL_PREFIX): value
    for name, value in os.environ.items()
    if name.startswith(_SEAL_PREFIX)
}

# Overa's own settings. Assumptions about the office's rules are settings, never constants.
OVERA = {
    "KEYS": VAR / "keys",  # data keys, page-code key, audit key, server's desk keys
    # Content-addressed store of the archive and, if anywhere, where each of its files lies once
    # more: a folder, or s3://bucket/prefix with _ENDPOINT, _REGION, _KEY and _SECRET_FILE.
    "FILES": stores.place("OVERA_FILES", VAR / "files"),
    "REPLICA": stores.place("OVERA_REPLICA"),
    "FIXITY_DAYS": env.int("OVERA_FIXITY_DAYS", default=30),  # from check to check of every file
    "UNNAMED_FILES_DAYS": 30,  # a file that no row names is destroyed after so many days
    "EXPORTS": VAR / "exports",  # records on their way out, in clear: for the owner's eyes only
    "EXPORTS_KEPT_DAYS": 7,  # then they are deleted
    "SPOOL": VAR / "spool",  # scanned stacks until every page is confirmed, sealed
    # Folders that scanners write to, by the code of their office: 071=/srv/scans/071,072=…
    "WATCHED": env.dict("OVERA_WATCHED", default={}),
    # Of a filed case: a sheet may count without a person where the machine sees on it nothing but
    # signatures that are on record.
    "ACCEPT_SECOND_SCAN": env.bool("OVERA_ACCEPT_SECOND_SCAN", default=False),
    "COMPILED": VAR / "papers",  # compiled papers: made again where they are missing
    # The certification body of offices that name none. The embedded one's own keys are made at
    # first use: P-256, P-384 or RSA-3072, in files encrypted with a passphrase (in
    # OVERA_CA_PASSPHRASE_FILE, else made and kept beside them); the issuing one inside of a token
    # where OVERA_CA_PKCS11_MODULE, _TOKEN and _PIN_FILE name one.
    "CA": bodies.section("OVERA_CA", VAR / "ca"),
    # Others by their names, each with its own CA and STATUS, and which office has which of them:
    # 072=second,073=third. A body stays here for as long as anything that it issued is valid.
    "BODIES": {
        name: bodies.further(name, VAR / "bodies") for name in env.list("OVERA_BODIES", default=[])
    },
    "BODY_OF_OFFICE": env.dict("OVERA_BODIES_OF_OFFICES", default={}),
    "BODY_UNASKED_AFTER": 600,  # seconds after which the last word on a body's health is an old one
    # Where the body publishes the status of certificates: an address, "certificate" for what each
    # certificate says, nothing for nowhere. An answer without our nonce may be an old one.
    "STATUS": {
        **bodies.published("OVERA_STATUS_", default=""),
        "EVERY_HOURS": 12,  # what was told is asked again
        "AGAIN_MINUTES": 15,  # what nobody could tell
        "UNSEEN_SECONDS": 60,  # a change that the body confirmed and does not show yet
    },
    # Of expiry: how many days before, by e-mail from this sender. Without one all go by post.
    "NOTICES": {
        "DAYS": env.list("OVERA_NOTICE_DAYS", cast=int, default=[60, 30, 7]),
        "SENDER": env.str("OVERA_NOTICE_SENDER", default=""),
        "TRIES": 5,  # then by post; between them 30 minutes, an hour, two, four
        "AGAIN_MINUTES": 30,
    },
    "AUDIT_HEADS": VAR / "audit" / "heads.jsonl",
    # Of all streams together; and every hour.
    "AUDIT_HEAD_EVERY": env.int("OVERA_AUDIT_HEAD_EVERY", default=1000),
    # What may lie beyond the last signed head before the counter refuses to work: a full disk or a
    # folder that is not ours must not go unnoticed.
    "AUDIT_UNSIGNED_EVENTS": env.int("OVERA_AUDIT_UNSIGNED_EVENTS", default=3000),
    "AUDIT_UNSIGNED_HOURS": env.int("OVERA_AUDIT_UNSIGNED_HOURS", default=4),
    # A time-stamping authority (RFC 3161) for the heads: its http(s) address, and the certificates
    # (PEM) that it is believed by. Without an address none is asked.
    "AUDIT_TSA": {
        "ADDRESS": env.str("OVERA_AUDIT_TSA", default=""),
        "ROOTS": env.str("OVERA_AUDIT_TSA_ROOTS", default=""),
        "PATIENCE": 10,  # seconds
    },
    "MINIMUM_AGE": 16,  # years; below it the request is refused
    "WARNING_AGE": 18,
    "ELIGIBLE_FROM": "2014-08-18",  # cards issued before or on this day have no fitting chip
    # Of what the desk finds about a card's data: proven, not-proven, cannot-tell.
    "CARD_REFUSED_WHEN": env.list("OVERA_CARD_REFUSED_WHEN", default=["not-proven"]),
    "VALIDITY_YEARS": 5,
    # Of the key that a card makes: RSA-2048, RSA-3072, P-256 or P-384, as the card can.
    "KEY_TYPE": env.str("OVERA_KEY_TYPE", default="P-256"),
    # What certificates carry: strict, or mup-compat as today's cards; in docs/profiles.md.
    "PROFILES": env.str("OVERA_PROFILES", default="strict"),
    # Which certificates a card gets, in the order in which they are made.
    "ROLES": env.list("OVERA_ROLES", default=["signing", "authentication"]),
    # Renewal, option 2 of Obrazac 1: how many days before its end a certificate may be renewed; 0:
    # as long as it is valid. One whose key the new one destroyed is revoked; whether also one that
    # keeps its key, on another card, or is left to expire.
    "RENEWAL_WINDOW_DAYS": env.int("OVERA_RENEWAL_WINDOW_DAYS", default=0),
    "RENEWED_ELSEWHERE_REVOKED": env.bool("OVERA_RENEWED_ELSEWHERE_REVOKED", default=False),
    # Of the list of categories that comes with the product; afterwards the list itself says it.
    "RETENTION_YEARS": 10,
    # Disposal: who asks, which public archive is asked, days between the confirmation and the
    # destruction in which it can be cancelled.
    "DISPOSAL": {
        "CREATOR": env.str("OVERA_ARCHIVE_CREATOR", default="Министарство унутрашњих послова"),
        "PUBLIC_ARCHIVE": env.str("OVERA_PUBLIC_ARCHIVE", default="Државни архив Србије"),
        "COOLING_DAYS": env.int("OVERA_DISPOSAL_COOLING_DAYS", default=7),
    },
    "FOLDER_MM": 5,  # how thick the folder of a case is; the archive book counts in metres too
    # The archive's paper: for how many days a folder is lent unless the clerk says otherwise.
    "LOAN_DAYS": 30,
    # The sheet that labels are printed on, A4: so many of equal size, margins and gaps in mm.
    "LABELS": {"COLUMNS": 3, "ROWS": 8, "TOP": 4.5, "LEFT": 0.0, "GAP_X": 0.0, "GAP_Y": 0.0},
    # How long the counter keeps its own copy of a person, in days: after the filing (then the
    # archive alone has it), after a withdrawal or refusal of which nothing was signed, and in a
    # case that was opened and left alone.
    "PERSON_KEPT_DAYS": env.int("OVERA_PERSON_KEPT_DAYS", default=30),
    "UNFILED_KEPT_DAYS": env.int("OVERA_UNFILED_KEPT_DAYS", default=90),
    "UNUSED_KEPT_DAYS": env.int("OVERA_UNUSED_KEPT_DAYS", default=60),
    # How many persons one night forgets at most; what is left over the next nights go on with.
    "DROPPED_A_NIGHT": env.int("OVERA_DROPPED_A_NIGHT", default=5000),
    # Obrazac 3: from its receipt, and from the decision, until everybody can see the new status.
    "STATUS_WITHIN_HOURS": 24,
    "STATUS_PUBLISHED_WITHIN_MINUTES": 60,
    # How long a certificate may stay suspended, and how long before that the list reminds of it.
    "SUSPENSION_DAYS": 30,
    "SUSPENSION_REMINDED_DAYS": 5,
    "DESK_SILENT_AFTER": 20,  # seconds without a sign of life
    "GOES_ON_WITHIN_MINUTES": 60,  # a case by itself when the certification body is back
    "ISSUANCE_STALLED_AFTER": 30,  # seconds without progress before the sweep asks again
    "UNUSED_READINGS_KEPT": 24,  # hours; a card was read, no case was opened
    "DIAGNOSES_KEPT": 30,  # days
    **({"SEAL": _SEAL} if _SEAL else {}),
}
