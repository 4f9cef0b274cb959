"""The demo organisation: loaded once, renewed on a later day if nobody has changed it."""

import json
import shutil

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max
from django.utils import timezone

from meetings import demo
from networks.models import Organisation

# What somebody who tries the demo changes; what only the clock changes isn't among them.
TOUCHED = [
    "networks.User",
    "networks.Group",
    "networks.Membership",
    "meetings.Series",
    "meetings.Cancellation",
    "meetings.AgendaItem",
    "meetings.ParkedItem",
    "meetings.Support",
]


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--fresh", action="store_true", help="throw it away and begin anew")

    def handle(self, *args, fresh, **options):
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("The demo is not for production.")
        now = timezone.now()
        note = settings.MAIL_FOLDER.parent / "demo.json"
        made = json.loads(note.read_text()) if note.exists() else {}
        if Organisation.objects.exists() and not fresh:
            if made.get("day") == str(now.date()):
                return self.stdout.write("The demo is there.")
            if made.get("rows") != fingerprint():
                return self.stdout.write(
                    f"The demo of {made.get('day', 'an earlier day')} is kept, since somebody has "
                    "changed it. Begin anew: manage.py demo --fresh"
                )
        call_command("flush", interactive=False, verbosity=0)
        shutil.rmtree(settings.MAIL_FOLDER, ignore_errors=True)
        demo.tell(now)
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps({"day": str(now.date()), "rows": fingerprint()}))
        self.stdout.write("The demo is loaded.")


def fingerprint() -> dict[str, list]:
    """Per table how many rows and the newest key."""
    rows = {}
    for label in TOUCHED:
        objects = apps.get_model(label).objects
        rows[label] = [objects.count(), objects.aggregate(newest=Max("pk"))["newest"]]
    return rows
