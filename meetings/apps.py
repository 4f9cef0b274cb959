from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self):
        from meetings import kinds
        from meetings.starters import ensure_starters

        kinds.register()
        post_migrate.connect(ensure_starters, sender=self)
