"""Following a live room: how many polls a second, and how soon everybody sees a change.

`live_polls` is 1,000 rooms of 8 devices, each asked in turn as the devices would, beside the view
without middleware that asks the database once. How many polls touched the database is what the
database says about the transactions of that time.

`live_latency` are devices as js/live.js makes them: they ask, wait 1.4 to 2 seconds, and ask again,
while the chair goes on from step to step.
"""

import contextlib
import json
import os
import random
import statistics
import sys
import threading
import time
from http.client import HTTPConnection

from tests.bench import house
from tests.bench.figure import Figure
from tests.bench.load import Target, press

ROOMS, DEVICES = 1_000, 8
REACH = 4_000  # polls a second
UNTOUCHED = 0.95
EVERY = (1.4, 2.0)  # seconds between two polls of a device, as in js/live.js
WITHIN = 3.0
ROUNDS, SECONDS = 3, 8
CHANGES, WATCHED = 12, 25  # changes of each room that is watched, and how many are


def measure_polls() -> list[Figure]:
    with (
        _rooms() as (database, tokens, port),
        house.server(database, "tests.bench.floor:web") as floor,
    ):
        targets = [Target(f"/live/{token}/?v=1", {}) for token in _in_turn(tokens)]
        floors, polls, touched = [], [], []
        press(port, targets, 2 * SECONDS)  # until every room has been asked for once
        for _ in range(ROUNDS):
            floors.append(press(floor, [Target("/", {})], SECONDS // 2).per_second)
            before = _transactions(database)
            polls.append(press(port, targets, SECONDS))
            asked = _transactions(database) - before
            touched.append(asked / (polls[-1].per_second * SECONDS))
    per_second = statistics.median(one.per_second for one in polls)
    lower, share = statistics.median(floors), 1 - statistics.median(touched)
    errors = sum(one.errors for one in polls)
    p99 = statistics.median(one.p99 for one in polls)
    figure = Figure.at_least(
        "live_polls",
        per_second,
        "polls/s",
        floor=lower,
        ratio=per_second / lower,
        reach=None,
        note=f"p99 {p99:.0f} ms" + (f", {errors} ERRORS" if errors else ""),
    )
    figure.reach, figure.reached = REACH, per_second >= REACH
    return [figure, _untouched(share)]


def _untouched(share: float) -> Figure:
    note = "of the polls were answered without the database"
    figure = Figure("live_polls.untouched", share, "share", reach=UNTOUCHED, note=note)
    figure.reached = share >= UNTOUCHED
    return figure


def measure_latency() -> list[Figure]:
    with _rooms() as (database, tokens, port):
        watched = tokens[:WATCHED]
        seen = [_Device(port, token) for room in watched for token in room]
        for device in seen:
            device.start()
        changed = json.loads(
            house.run(database, "-m", "tests.bench.live", "change", str(WATCHED), str(CHANGES))
        )
        time.sleep(2 * WITHIN)
        for device in seen:
            device.stop()
    delays = []
    for number, device in enumerate(seen):
        moments = changed[number // DEVICES]
        delays += [device.saw[version] - at for version, at in moments if version in device.saw]
        delays += [float("inf") for version, _at in moments if version not in device.saw]
    delays.sort()
    p99 = delays[int(len(delays) * 0.99)]
    return [
        Figure.at_most(
            "live_latency",
            p99,
            "s (p99)",
            reach=WITHIN,
            note=f"{len(delays)} changes seen, median {statistics.median(delays):.1f} s, "
            f"slowest {delays[-1]:.1f} s",
        )
    ]


class _Device(threading.Thread):
    """Polls as the script does, and notes when it saw which version first."""

    def __init__(self, port: int, token: str):
        super().__init__(daemon=True)
        self.port, self.token, self.saw, self.stopped = port, token, {}, threading.Event()

    def run(self):
        version, connection = 1, HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self.stopped.wait(random.uniform(*EVERY)):
            connection.request("GET", f"/live/{self.token}/?v={version}")
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 200:
                newest = json.loads(body)["version"]
                # whoever sees the third change has seen the second
                now = time.time()
                self.saw |= {one: now for one in range(version + 1, newest + 1)}
                version = newest

    def stop(self):
        self.stopped.set()
        self.join()


@contextlib.contextmanager
def _rooms():
    house.new_database("bench_live")
    rooms = json.loads(house.run("bench_live", "-m", "tests.bench.live", "make"))
    house.settle("bench_live")
    with house.server("bench_live") as port:
        yield "bench_live", rooms, port


def _in_turn(rooms: list[list[str]]) -> list[str]:
    """As they come: one device of each room, then the next of each."""
    return [room[device] for device in range(DEVICES) for room in rooms]


def _transactions(database: str) -> int:
    with contextlib.closing(house.connect(database)) as connection:
        time.sleep(1.2)  # the server counts with a delay of a second
        row = connection.execute(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = %s",
            [database],
        ).fetchone()
    return row[0]


# ---- in a process of its own, with Django


def make() -> list[list[str]]:
    """Rooms under way; for each the tokens of its devices, the first leading."""
    from datetime import timedelta

    from django.db import transaction
    from django.utils import timezone

    from config import live
    from meetings.models import Room
    from networks.models import User
    from tests import factories

    now = timezone.now()
    with transaction.atomic():
        organisation = factories.make_organisation()
        people = User.objects.bulk_create(
            User(email=f"live{n}@example.org", name=f"Live {n}", organisation=organisation)
            for n in range(DEVICES)
        )
        rooms = []
        for _ in range(ROOMS):
            group = factories.make_team(organisation, people[1:], senior_manager=people[0])
            series = factories.make_series(group, now + timedelta(minutes=5), has_agenda=False)
            rooms.append(Room.start(series.meetings.get(), by=people[1], at=now))
    return [
        [live.token("room", room.pk, one.pk, leads=one.pk == room.chair_id) for one in people]
        for room in rooms
    ]


def change(watched: int, changes: int) -> list[list[tuple[int, float]]]:
    """The chairs go on, a little apart; when which version was decided, for each room."""
    from meetings.models import Room

    rooms = list(Room.objects.for_page().order_by("pk")[:watched])
    moments = [[] for _ in rooms]
    for number in range(changes):
        for room, noted in zip(rooms, moments, strict=True):
            verb = room.pause if number % 2 == 0 else room.resume
            at = time.time()
            verb(by=room.chair)
            noted.append((room.version, at))
            time.sleep(0.05)
    return moments


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    what, *numbers = sys.argv[1:]
    found = make() if what == "make" else change(*map(int, numbers))
    json.dump(found, sys.stdout)
