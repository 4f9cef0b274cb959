"""The written APV of a thorough round on paper: read from the database, set, tagged as PDF/UA."""

import json
import statistics
import sys
from datetime import timedelta

from tests.bench import house
from tests.bench.figure import Figure

THEMES, FINDINGS, ACTIONS = 30, 45, 60
ROUNDS = 7
REACH = 1
DATABASE = "bench_written_apv"


def measure() -> list[Figure]:
    house.new_database(DATABASE)
    took = json.loads(house.run(DATABASE, "-m", "tests.bench.written_apv"))
    middle, floor = (statistics.median(took[name]) for name in ("paper", "empty"))
    note = f"first {took['paper'][0]:.2f}, slowest of {ROUNDS} {max(took['paper']):.2f}; "
    note += f"{took['pages']} pages; floor: an empty sheet"
    ratio = middle / floor
    return [Figure("written_apv", middle, "s", floor, ratio, REACH, middle <= REACH, note)]


def main() -> dict:
    """A process of its own, since a process knows one database only."""
    import time

    import typst

    from wellbeing import written_apv

    def seconds(work) -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    apv = thorough()
    # In both languages by turns, so that nothing is kept from the one before.
    languages = ["da", "en"] * ROUNDS
    took = [seconds(lambda one=one: written_apv.paper(apv, one)) for one in languages[:ROUNDS]]
    pages = written_apv.paper(apv, "da").count(b"/MediaBox")
    empty = [seconds(lambda n=n: _empty_sheet(typst, n)) for n in range(ROUNDS)]
    return {"paper": took, "empty": empty, "pages": pages}


def _empty_sheet(typst, number: int) -> bytes:
    page = f'#set document(title: "{number}")\n#set text(lang: "da")\n= {number}\n'
    return typst.compile(page.encode(), pdf_standards="ua-1", ignore_system_fonts=True)


def thorough():
    """Thirty themes, forty-five findings, sixty actions, each in whole sentences."""
    from django.utils import timezone

    from tests import factories
    from wellbeing.models import Apv, Finding, Seat

    organisation = factories.make_organisation()
    senior = factories.make_user(organisation)
    unit = factories.make_unit(organisation, head=senior)
    leader, amo = (factories.make_user(organisation, unit=unit) for _ in range(2))
    today = timezone.localdate()
    apv = Apv.objects.begin(unit, by=senior, purpose="At vi kan blive ved. " * 8)
    apv.appoint(leader, Seat.Role.LEADER)
    apv.appoint(amo, Seat.Role.AMO)
    for number in range(THEMES - apv.themes.count()):
        apv.add_theme(words=f"Tema {number}: det, vi slås med i hverdagen")
    apv.consider_absence("Set under ét følger fraværet de uger, hvor vi er færrest.")
    apv.go_to("act", leader)
    themes = list(apv.themes.select_related("apv"))
    for theme in themes:
        theme.cover(today, "Ledermøde i område Nord")
    found = []
    for number in range(FINDINGS):
        theme = themes[number % THEMES]
        finding = Finding.objects.find(theme, f"Fund {number}. " + "Vi når det ikke. " * 9, (), 8)
        finding.assess("Det slider over tid", "I alle huse", "Det ligger hos lederen", leader)
        found.append(finding)
    for number in range(ACTIONS):
        what = f"Handling {number}: telefonen går på skift mellem husene"
        action = found[number % FINDINGS].propose(
            what, leader, today + timedelta(days=60), "Færre opkald om natten", leader
        )
        action.reply("yes", "Det skulle vi have gjort for længst.", senior)
        action.finish()
        action.see(True, "De fleste sover igennem nu.", leader)
    return Apv.objects.for_page().get(pk=apv.pk)


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    json.dump(main(), sys.stdout)
