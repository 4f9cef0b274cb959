"""The Celery app and the one list of recurring work.

Beat only rings doorbells. Each entry expires before the next ring, so that a worker that was
away for three hours finds one ring waiting and not a hundred and eighty.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pejling")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["notifications", "networks", "wellbeing", "meetings"])

app.conf.beat_schedule = {
    "deliver": {"task": "notifications.tasks.deliver", "schedule": 60, "options": {"expires": 55}},
    "reconcile": {"task": "meetings.tasks.reconcile", "schedule": 60, "options": {"expires": 55}},
    "compose": {
        "task": "networks.tasks.heavy_compositions",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "imports": {
        "task": "networks.tasks.heavy_imports",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "forget imports": {
        "task": "networks.tasks.forget_imports",
        "schedule": crontab(minute=27, hour=2),
    },
    "let go": {"task": "meetings.tasks.let_go", "schedule": crontab(minute=47, hour=2)},
    "tidy": {"task": "notifications.tasks.tidy", "schedule": crontab(minute=17, hour=2)},
}
