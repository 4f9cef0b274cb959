"""How much a page asks the database, with one row of everything and with three hundred."""

import json
import os
import sys

from tests.bench import house
from tests.bench.figure import Figure

REACH = 8
FEW, MANY = 1, 300
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")


def measure() -> list[Figure]:
    house.new_database("bench_queries")
    counted = json.loads(house.run("bench_queries", "-m", "tests.bench.queries"))
    figures = [
        Figure.at_most(
            f"queries.{page}",
            many,
            "queries",
            floor=few,
            reach=None,
            note="" if many == few else f"{FEW} row: {few}, {MANY} rows: {many}",
        )
        for page, (few, many) in counted.items()
    ]
    worst = max(figures, key=lambda figure: max(figure.value, figure.floor))
    grows = [figure.name for figure in figures if figure.value > figure.floor]
    whole = Figure.at_most(
        "queries",
        max(worst.value, worst.floor),
        "queries",
        reach=REACH,
        note=f"most: {worst.name}" + (f"; grows with rows: {', '.join(grows)}" if grows else ""),
    )
    whole.reached = whole.reached and not grows
    return [whole, *figures]


def main() -> dict[str, tuple[int, int]]:
    few, many = count(FEW), count(MANY)
    return {page: (few[page], many[page]) for page in few}


def count(rows: int) -> dict[str, int]:
    """Everything is made in a transaction that is taken back."""
    from django.db import transaction

    with transaction.atomic():
        found = {name: _asked(*page) for name, page in pages(rows).items()}
        transaction.set_rollback(True)
    return found


def pages(rows: int) -> dict[str, tuple]:
    """(who, address, what is sent) by name, where everything there can be many of is `rows`."""
    from tests import factories as make

    organisation = make.make_organisation()
    leader, office = make.make_user(organisation), make.make_user(organisation, is_secretariat=True)
    others = [make.make_user(organisation) for _ in range(rows)]
    team = make.make_team(organisation, [leader, *others], status="running")
    meeting = make.make_open_meeting(team, first=_ordinary_day(organisation, 3))
    later = _ordinary_day(organisation, 10)
    for number, by in enumerate(others):
        meeting.propose(f"Hvad gør vi ved {number}?", by=by).support_by(leader)
    meeting.propose("Hvad er mit?", by=leader)
    for number in range(rows):
        meeting.park(f"Hvem tager vagt {number}?", by=leader)
        network = make.make_group(organisation, [leader], status="running")
        make.make_meeting(network, first=later)
        make.make_group(organisation, 1)
    guidepost = _word_guideposts(organisation, rows)
    _talk_about(guidepost, team, rows)
    question = {"question": "Hvad nu?", "by": leader.pk}
    return {
        "today": (leader, "/"),
        "meeting": (leader, meeting.get_absolute_url()),
        "group": (leader, team.get_absolute_url()),
        "propose": (leader, meeting.get_absolute_url() + "questions/", question),
        "support": (leader, f"/questions/{meeting.items.first().pk}/support/", {"wanted": "1"}),
        "meetings": (leader, "/meetings/"),
        "networks": (leader, "/networks/"),
        "guideposts": (leader, "/guideposts/"),
        "guidepost": (leader, guidepost.get_absolute_url()),
        "season_map": (leader, "/season-map/"),
        "series": (leader, meeting.series.get_absolute_url()),
        "me": (leader, "/me/"),
        "office": (office, "/office/"),
        "rehearsal": (office, "/office/rehearsal/"),
    }


def _ordinary_day(organisation, days: int):
    """At least so many days ahead, and neither a holiday nor a weekend."""
    from tests import factories as make

    while not organisation.is_working_day(organisation.local_date(make.in_days(days))):
        days += 1
    return make.in_days(days)


def _talk_about(guidepost, team, rows: int) -> None:
    """So many questions about it, at a meeting that was held."""
    from meetings.models import AgendaItem
    from tests import factories as make

    held = make.make_meeting(team, _ordinary_day(team.organisation, -30))
    type(held).objects.filter(pk=held.pk).update(status="held")
    by = team.memberships.first().user
    AgendaItem.objects.bulk_create(
        AgendaItem(group=team, meeting=held, by=by, question=f"Hvor så vi det, {number}?",
                   guidepost=guidepost, status="set", position=number)
        for number in range(1, rows + 1)
    )  # fmt: skip


def _word_guideposts(organisation, rows: int):
    """Answers the first of them."""
    from wellbeing.models import Guidepost

    for number in range(rows):
        Guidepost.objects.create(
            organisation=organisation, wording=f"Pejlemærke {number}", theme="support"
        )
    return Guidepost.objects.filter(organisation=organisation).order_by("pk").first()


def _asked(who, address: str, sent=None) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"HX-Request": "true"} if sent else None)
    client.force_login(who, backend="networks.sign_in.Backend")
    ask = (lambda: client.post(address, sent)) if sent else (lambda: client.get(address))
    ask()
    if sent and "question" in sent:
        sent["question"] += "?"
    with CaptureQueriesContext(connection) as captured:
        response = ask()
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return sum(not one["sql"].startswith(CONTROL) for one in captured)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    json.dump(main(), sys.stdout)
