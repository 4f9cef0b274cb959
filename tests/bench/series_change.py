"""A season of 500 people is changed: one meeting moves, everybody who was told gets a row."""

import json
import os
import statistics
import sys
import time

from tests.bench import house
from tests.bench.figure import Figure

PEOPLE = 500
ROUNDS = 5
REACH = 1.0
DATABASE = "bench_mail"


def measure() -> list[Figure]:
    house.new_database(DATABASE)
    seconds = json.loads(house.run(DATABASE, "-m", "tests.bench.series_change"))
    return [
        Figure.at_most(
            "series_change",
            statistics.median(seconds),
            "s",
            reach=REACH,
            note=f"{PEOPLE} people, one transaction; {min(seconds):.2f} to {max(seconds):.2f}",
        )
    ]


def main() -> list[float]:
    """Each time the rows that are due are taken as sent, so that the next move writes them anew."""
    from datetime import timedelta

    from django.utils import timezone

    from notifications.models import CalendarEntry, Delivery
    from tests import factories as make

    organisation = make.make_organisation()
    people = [make.make_user(organisation) for _ in range(PEOPLE - 1)]
    team = make.make_team(organisation, people)
    first = make.ordinary_day(organisation)
    meeting = make.make_series(team, first, meetings=12).meetings.order_by("starts_at")[0]
    CalendarEntry.objects.update(sequence=1, told_sequence=1)
    Delivery.objects.update(state="sent", sent_at=timezone.now())
    found = []
    for number in range(ROUNDS):
        start = time.perf_counter()
        meeting.move(first + timedelta(hours=1 + number), by=team.senior_manager)
        found.append(time.perf_counter() - start)
        rows = Delivery.objects.filter(kind="meetings.changed", state="due")
        if rows.count() != PEOPLE:
            raise RuntimeError(f"{rows.count()} rows for {PEOPLE} people")
        rows.update(state="sent")
    return found


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    json.dump(main(), sys.stdout)
