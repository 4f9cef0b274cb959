from django.apps import AppConfig
from django.apps import apps as all_apps
from django.db.models.signals import post_migrate


class WellbeingConfig(AppConfig):
    name = "wellbeing"

    def ready(self):
        from config import live
        from wellbeing import kinds
        from wellbeing.models import theme_day

        kinds.register()
        live.register(theme_day.KIND, theme_day.ThemeDay.load_board)
        live.register(theme_day.TURN, theme_day.ThemeDay.load_turn)
        # After `flush` too, as Django does for its own content types and permissions.
        post_migrate.connect(ensure_starters, sender=self)


def ensure_starters(using, apps=all_apps, **kwargs) -> None:
    from wellbeing.models import DialogueQuestion, Tool

    for model in (DialogueQuestion, Tool):
        # Migrating backwards may have taken it away.
        if model._meta.model_name in apps.all_models["wellbeing"]:
            model.objects.using(using).ensure_starters()
