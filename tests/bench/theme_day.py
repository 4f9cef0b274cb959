"""A theme day of eighty: each phone adds five notes, and how long until the wall shows them.

The phones follow the day as js/live.js does while they write; the wall asks every 1.4 to 2 seconds
and then fetches the board anew. A note's time runs from when its phone begins to send it until the
wall has read the board that it lies on.
"""

import json
import os
import random
import statistics
import sys
import threading
import time
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.bench import house
from tests.bench.figure import Figure

DEVICES, NOTES = 80, 5
PAUSE = (1.0, 3.0)  # seconds in which somebody thinks of the next one
EVERY = (1.4, 2.0)  # seconds between two polls, as in js/live.js
WITHIN = 3.0
DATABASE = "bench_theme_day"


def measure() -> list[Figure]:
    house.new_database(DATABASE)
    made = json.loads(house.run(DATABASE, "-m", "tests.bench.theme_day"))
    with house.server(DATABASE) as port:
        wall = _Wall(port, made)
        wall.start()
        phones = [_Phone(port, made, one) for one in made["phones"]]
        for phone in phones:
            phone.start()
        for phone in phones:
            phone.join()
        time.sleep(2 * WITHIN)
        wall.stop()
    sent = {text: at for phone in phones for text, at in phone.sent.items()}
    took = sorted(wall.saw.get(text, float("inf")) - at for text, at in sent.items())
    refused = DEVICES * NOTES - len(sent)
    note = f"{len(took)} notes, median {statistics.median(took):.1f} s"
    note += f", {refused} REFUSED" if refused else ""
    return [Figure.at_most("theme_day", took[-1], "s (slowest)", reach=WITHIN, note=note)]


class _Phone(threading.Thread):
    """Writes, thinks, writes; and asks in between whether the day has gone on."""

    def __init__(self, port: int, made: dict, one: dict):
        super().__init__(daemon=True)
        self.port, self.made, self.one, self.sent = port, made, one, {}

    def run(self):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        time.sleep(random.uniform(*PAUSE))
        for number in range(NOTES):
            text = f"Seddel {self.one['number']}-{number}."
            at = time.time()
            if self._add(connection, text, self.one["keys"][number]) == 200:
                self.sent[text] = at
            time.sleep(random.uniform(*PAUSE))
            connection.request("GET", self.one["live"])
            connection.getresponse().read()

    def _add(self, connection, text: str, key: str) -> int:
        headers = {
            "Cookie": self.one["cookie"],
            "X-CSRFToken": self.one["csrf"],
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"text": text, "key": key})
        connection.request("POST", self.made["notes"], body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


class _Wall(threading.Thread):
    """Polls as the script does, reads the board when it changed, and notes what it shows."""

    def __init__(self, port: int, made: dict):
        super().__init__(daemon=True)
        self.port, self.made, self.saw, self.stopped = port, made, {}, threading.Event()

    def run(self):
        connection, version = HTTPConnection("127.0.0.1", self.port, timeout=30), 1
        headers = {"Cookie": self.made["wall"]["cookie"], "HX-Request": "true"}
        while not self.stopped.wait(random.uniform(*EVERY)):
            connection.request("GET", f"{self.made['wall']['live']}?v={version}")
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                continue
            version = json.loads(body)["version"]
            connection.request("GET", self.made["board"], headers=headers)
            shown, now = connection.getresponse().read().decode(), time.time()
            for part in shown.split(">Seddel ")[1:]:
                self.saw.setdefault(f"Seddel {part[: part.index('<')]}", now)

    def stop(self):
        self.stopped.set()
        self.join()


# ---- in a process of its own, with Django


def make() -> dict:
    """A day of an area with eighty leaders, everybody signed in."""
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string
    from django.urls import reverse
    from django.utils import timezone

    from config import live
    from networks.models import User
    from tests import factories
    from tests.bench.cast import session_of
    from wellbeing.models import Note, ThemeDay
    from wellbeing.models.theme_day import KIND, TURN

    organisation = factories.make_organisation()
    area = factories.make_unit(organisation)
    lone = factories.make_user(organisation, is_secretariat=True)
    people = User.objects.bulk_create(
        User(email=f"t{n}@example.org", name=f"T {n}", organisation=organisation, unit=area)
        for n in range(DEVICES)
    )
    day = ThemeDay.objects.plan(lone, name="Temadag", unit=area, starts_on=timezone.localdate())

    def signed_in(person, kind: str) -> dict:
        csrf = _get_new_csrf_string()
        cookies = {settings.SESSION_COOKIE_NAME: session_of(person), "csrftoken": csrf}
        return {
            "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "csrf": csrf,
            "live": reverse("live", args=[live.token(kind, day.pk, person.pk)]),
        }

    phones = [
        signed_in(person, TURN)
        | {"number": number, "keys": [str(Note.new_key()) for _ in range(NOTES)]}
        for number, person in enumerate(people)
    ]
    return {
        "notes": reverse("wellbeing:notes", args=[day.pk]),
        "board": reverse("wellbeing:theme_wall", args=[day.pk]),
        "wall": signed_in(lone, KIND),
        "phones": phones,
    }


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    json.dump(make(), sys.stdout)
