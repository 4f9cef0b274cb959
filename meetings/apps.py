from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self):
        from config import live
        from meetings import apv, evidence, kinds
        from meetings.models import room, sparring
        from meetings.starters import ensure_starters

        kinds.register()
        evidence.ask_of_senior_manager(apv.proposals_waiting)
        live.register(room.KIND, room.Room.load_board)
        live.register(sparring.KIND, sparring.Sparring.load_board)
        post_migrate.connect(ensure_starters, sender=self)
