"""Leaders by the thousand in the shape of the demo, in organisations of their own."""

from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from meetings.demo import crowd


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--leaders", type=int, required=True, help="31 or more")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same people")

    def handle(self, *args, leaders, seed, **options):
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("These leaders are invented. They are not for production.")
        if leaders < 31:
            raise CommandError("--leaders must be 31 or more.")
        started = monotonic()
        crowd.populate(leaders, seed, timezone.now(), say=self.stdout.write)
        self.stdout.write(f"{leaders} leaders in {monotonic() - started:.0f} s.")
