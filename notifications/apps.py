from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self):
        # Tasks find our Celery app and its broker, by whichever door the process came in.
        from config import celery  # noqa: F401
