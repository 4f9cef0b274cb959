from django.core.management.base import BaseCommand

from meetings.models import Notes


class Command(BaseCommand):
    help = (
        "Seals every note under the first of FIELD_KEYS. Put the new key first, keep the old ones, "
        "restart, run this; when it says that none is unreadable the old ones may go."
    )

    def handle(self, *args, **options):
        done, lost = Notes.objects.rotate()
        self.stdout.write(f"{done} sealed under the first key, {lost} opened by no key.")
