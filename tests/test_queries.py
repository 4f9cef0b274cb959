"""How often a page asks the database: the same with one row and with many, and at most eight."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem, Meeting
from networks.models import Membership
from notifications.models import Delivery
from tests import factories
from tests.cast import make_house
from wellbeing.models import Guidepost, Theme

MOST = 8
TRANSACTIONS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def house(db):
    """With one row of everything."""
    house = make_house()
    havby = house.things["team"].organisation
    Guidepost.objects.create(organisation=havby, wording="Vi spørger først", theme=Theme.SAFETY)
    _spared(house, 1)
    _failed(house, house.people["member"])
    return house


def _failed(house, person):
    """A mail that could not be delivered."""
    Delivery.objects.create(
        kind="meetings.agenda",
        subject_type=ContentType.objects.get_for_model(Meeting),
        subject_id=house.pk("team meeting"),
        version=f"failed {Delivery.objects.count()}",
        recipient=person,
        due_at=timezone.now(),
        state=Delivery.State.FAILED,
        last_error="550 5.1.1 nobody here",
    )


def _spared(house, count):
    """Mails that a rehearsal kept back."""
    for number in range(count):
        to = [house.people["member"]]
        Delivery.objects.plan(
            "meetings.invited",
            house.things["team season"],
            version=f"spared {Delivery.objects.count()} {number}",
            to=to,
            due_at=timezone.now(),
        )
    Delivery.objects.filter(version__startswith="spared").update(
        state=Delivery.State.SKIPPED, skip_reason="rehearsal"
    )


def grow(house) -> None:
    """Twelve more of everything that a page lists, and 300 questions to the team."""
    people, things = house.people, house.things
    havby = things["team"].organisation
    crowd = [factories.make_user(havby) for _ in range(4)]
    for number in range(12):
        series = factories.make_series(
            factories.make_team(havby, [people["member"]], senior_manager=people["manager"]),
            factories.in_days(5),
        )
        series.meetings.get().invite_proposals()
        group = factories.make_group(havby, [people["facilitator"], people["member"]])
        factories.make_series(group, factories.in_days(6))
        factories.make_group(havby, [crowd[0]])
        factories.make_group(havby, [people["facilitator"]])  # without dates
        group.concerns.create(kind="few", opened_at=timezone.now() - timedelta(days=8))
        Guidepost.objects.create(
            organisation=havby, wording=f"Pejlemærke {number}", theme=Theme.SUPPORT
        )
    for group in (things["team"], things["network"], things["forming group"]):
        for person in crowd:
            Membership.objects.create(
                group=group, user=person, affirmed_at=timezone.now(), joined_at=timezone.now()
            )
    for room in ("team", "network"):
        for person in crowd[:3]:
            things[f"{room} meeting"].answer(person, person != crowd[0])
    for room, questions in (("team", 300), ("network", 12)):
        for which in ("meeting", "meeting with its agenda"):
            _ask(things[f"{room} {which}"], crowd, questions)
    for room in ("team", "network"):
        after = factories.in_days(200)
        factories.make_series(things[room], after, meetings=12, interval_days=7)
    _spared(house, 12)
    for person in crowd:
        _failed(house, person)
        _failed(house, person)


def _ask(meeting, people, count):
    is_set = meeting.status == "set"
    AgendaItem.objects.bulk_create(
        AgendaItem(
            group=meeting.group,
            meeting=meeting,
            by=people[number % len(people)],
            question=f"Spørgsmål {number}?",
            status="set" if is_set else "waiting",
            position=number + 10 if is_set else None,
            proposed_at=timezone.now() + timedelta(seconds=number),
        )
        for number in range(count)
    )


def asked(house, role, method, url, data=None, **headers) -> int:
    """Queries of one request by somebody who has been here today, without transactions."""
    client = house.client(role)
    client.get(reverse("account_inactive"))  # the session is in the cache, as it usually is
    with CaptureQueriesContext(connection) as queries:
        response = getattr(client, method)(url, data, headers=headers)
    assert response.status_code < 400, (url, response.status_code)
    return sum(not q["sql"].startswith(TRANSACTIONS) for q in queries)


def pages(house) -> dict[str, int]:
    at = lambda name, thing: reverse(name, args=[house.pk(thing)])  # noqa: E731
    plan = {"starts_on": "2027-10-05", "time": "09:00", "interval_days": "7", "preview": "1"}
    htmx = {"hx_request": "true"}
    looked = {
        "today": ("member", "today", ""),
        "today, secretariat": ("secretariat", "today", ""),
        "meetings": ("member", "meetings:list", ""),
        "meetings, manager": ("manager", "meetings:list", ""),
        "meetings, facilitator": ("facilitator", "meetings:list", ""),
        "networks": ("member", "networks:list", ""),
        "networks, stranger": ("stranger", "networks:list", ""),
        "networks, secretariat": ("secretariat", "networks:list", ""),
        "me": ("member", "networks:me", ""),
        "calendar": ("member", "meetings:calendar", ""),
        "guideposts": ("member", "wellbeing:guideposts", ""),
        "office": ("secretariat", "office", ""),
        "tasks": ("secretariat", "meetings:tasks", ""),
        "history": ("member", "meetings:history", "network"),
        "words, secretariat": ("secretariat", "networks:words", "network"),
        "rehearsal": ("secretariat", "rehearsal", ""),
        "failed mails": ("secretariat", "mails", ""),
        "group, member": ("member", "group", "network"),
        "group, facilitator": ("facilitator", "group", "network"),
        "group, newcomer": ("newcomer", "group", "network"),
        "group, secretariat": ("secretariat", "group", "network"),
        "group, outside": ("stranger", "group", "forming group"),
        "team, member": ("member", "group", "team"),
        "team, manager": ("manager", "group", "team"),
        "meeting": ("member", "meetings:detail", "network meeting"),
        "meeting of a team": ("member", "meetings:detail", "team meeting"),
        "meeting of a team, manager": ("manager", "meetings:detail", "team meeting"),
        "agenda": ("member", "meetings:detail", "team meeting with its agenda"),
        "season": ("member", "meetings:series", "network season"),
        "season, manager": ("manager", "meetings:series", "team season"),
        "season, secretariat": ("secretariat", "meetings:series", "team season"),
        "plan": ("manager", "meetings:new_series", "team"),
        "move": ("manager", "meetings:time", "team meeting"),
        "cancel": ("manager", "meetings:cancellation", "team meeting"),
        "from here on": ("manager", "meetings:from_here_on", "team meeting"),
        "another place": ("manager", "meetings:series_place", "team season"),
        "cancel all": ("manager", "meetings:end_series", "team season"),
    }
    counted = {
        name: asked(house, role, "get", at(url, thing) if thing else reverse(url))
        for name, (role, url, thing) in looked.items()
    }
    address = reverse("meetings:feed", args=[house.things["feed token"]])
    client = house.client("anonymous")
    client.get(address)  # what it says is noted the first time
    counted["feed"] = asked(house, "anonymous", "get", address)
    counted["preview of a season"] = asked(
        house, "manager", "post", at("meetings:new_series", "team"), plan, **htmx
    )
    return counted


def deeds(house) -> dict[str, int]:
    """Each of them for the first time, as it is undone again."""
    htmx, new = {"hx_request": "true"}, f"Hvad nu {AgendaItem.objects.count()}?"
    at = lambda name, thing: reverse(name, args=[house.pk(thing)])  # noqa: E731
    question, meeting = "team question", "team meeting"
    move = {"day": "2026-11-12", "time": "10:00"}
    done = {
        "propose": ("member", at("meetings:questions", meeting), {"question": new}, htmx),
        "propose, page": ("member", at("meetings:questions", meeting), {"question": new}, {}),
        "propose to the next": (
            "member",
            at("meetings:questions", "team meeting with its agenda"),
            {"question": new},
            htmx,
        ),
        "support": ("member", at("meetings:support", question), {"wanted": "1"}, htmx),
        "answer": ("member", at("meetings:answer", meeting), {"coming": "1"}, htmx),
        "reword": ("asker", at("meetings:question", question), {"question": new}, htmx),
        "take back": ("asker", at("meetings:withdrawal", question), {}, htmx),
        "park": ("asker", at("meetings:parking", question), {}, htmx),
        "bring back": ("asker", at("meetings:return", f"{question} taken back"), {}, htmx),
        "unpark": ("asker", at("meetings:parked", "team matter parked"), {}, htmx),
        "move": ("manager", at("meetings:time", meeting), move, {}),
        "cancel": ("manager", at("meetings:cancellation", meeting), {"reason": "Syg"}, {}),
        "join": ("stranger", at("networks:membership", "forming group"), {}, {}),
        "leave": ("member", at("networks:leave", "network"), {}, {}),
        "affirm": ("newcomer", at("networks:affirmation", "network"), {}, {}),
    }
    counted = {}
    for name, (role, url, data, headers) in done.items():
        with transaction.atomic():
            counted[name] = asked(house, role, "post", url, data, **headers)
            transaction.set_rollback(True)
    return counted


@pytest.fixture
def few_and_many(house):
    """What is counted with one row of everything, and with many."""
    few = pages(house), deeds(house)
    grow(house)
    many = pages(house), deeds(house)
    return zip(few, many, strict=True)


def test_as_many_queries_with_many_rows_as_with_one_and_at_most_eight_a_page(few_and_many):
    (few_seen, many_seen), (few_done, many_done) = few_and_many
    assert many_seen == few_seen
    assert many_done == few_done
    assert {page: count for page, count in many_seen.items() if count > MOST} == {}
    assert max(many_done[name] for name in ("propose", "support")) <= MOST
