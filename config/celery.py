"""The Celery application of the server: task worker and beat."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")

app = Celery("overa", task_cls="config.orders:Order")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
