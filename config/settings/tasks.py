"""The work outside of requests: its broker, who does what, and what is done at which times."""

from celery.schedules import crontab

from config.settings.folders import VAR, env

CELERY_BROKER_URL = env.str("OVERA_BROKER", default=f"redis+socket://{VAR}/run/redis.sock")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "tasks"
CELERY_TASK_ROUTES = {
    "overa.server.deliver": {"queue": "server"},
    "overa.scans.*": {"queue": "scans"},  # long: never before a citizen who waits
    "overa.published.*": {"queue": "scans"},
    "overa.bodies.*": {"queue": "scans"},
    "overa.notices.*": {"queue": "scans"},
    "overa.disposals.*": {"queue": "scans"},
    "overa.dropping.*": {"queue": "scans"},
    "overa.files.*": {"queue": "scans"},
    "overa.audit.*": {"queue": "scans"},
    "overa.exports.sweep": {"queue": "scans"},
    "overa.exports.write": {"queue": "long"},  # hours, where all of an archive leaves
    "overa.categories.*": {"queue": "long"},
}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# What a killed worker had taken comes back after this time; every task is repeatable and shorter.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "run" / "beat")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "registration.tasks.sweep", "schedule": 10.0},
    "scans": {"task": "registration.tasks.sweep_scans", "schedule": 10.0},
    "published": {"task": "overa.published.read", "schedule": 300.0},
    "bodies": {"task": "overa.bodies.ask", "schedule": 60.0, "options": {"expires": 60.0}},
    "notices": {"task": "overa.notices.prepare", "schedule": 600.0},
    "disposals": {"task": "overa.disposals.sweep", "schedule": 60.0, "options": {"expires": 60.0}},
    "dropping": {"task": "overa.dropping.begin", "schedule": crontab(hour=2, minute=30)},
    "replica": {"task": "overa.files.mirror", "schedule": 10.0, "options": {"expires": 10.0}},
    "fixity": {"task": "overa.files.check", "schedule": 60.0, "options": {"expires": 60.0}},
    "files": {"task": "overa.files.sweep", "schedule": 3600.0},
    "categories": {
        "task": "overa.categories.apply",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "exports": {"task": "overa.exports.sweep", "schedule": 60.0, "options": {"expires": 60.0}},
    "audit head": {"task": "registration.tasks.sign_audit_head", "schedule": crontab(minute=0)},
    "audit stamps": {"task": "overa.audit.stamp", "schedule": 300.0, "options": {"expires": 300.0}},
}
