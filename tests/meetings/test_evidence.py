"""What a season shows upward: numbers over all of them, never a name."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings import evidence
from meetings.evidence import Evidence
from meetings.models import Commitment, Meeting, Room, Series
from meetings.models.commitment import Agreed
from tests.cast import make_house
from tests.factories import in_days, make_series, make_team, make_user
from tests.test_queries import MOST, asked
from wellbeing.models import Guidepost, Theme

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def leaders(team, leader):
    return [leader, *(one.user for one in team.memberships.exclude(user=leader).order_by("pk"))]


@pytest.fixture
def series(team, monday):
    """Of four meetings, the first three of which are behind us."""
    return make_series(team, in_days(1), meetings=4)


def hold(meeting, *askers, guidepost=None, minutes=20):
    for person in askers:
        meeting.propose(f"Hvad siger {person}?", person, minutes, guidepost)
    meeting.compose_agenda(at=meeting.agenda_closes_at)
    meeting.end()


def meetings_of(series) -> list[Meeting]:
    return list(series.meetings.order_by("starts_at"))


def shows(series, monday) -> Evidence:
    monday.move_to(meetings_of(series)[2].ends_at + timedelta(hours=1))
    return Evidence.of(series, timezone.now())


def test_held_of_planned_without_what_fell_in_a_closing_week(series, team, monday):
    first, second, third, _last = meetings_of(series)
    hold(first)
    second.cancel(by=team.senior_manager)
    Meeting.objects.filter(pk=third.pk).update(status="planned")
    found = shows(series, monday)
    assert (len(found.held), len(found.due), len(found.planned)) == (1, 3, 4)
    second.cancellation.why = "closed"
    second.cancellation.save()
    found = shows(series, monday)
    assert (len(found.held), len(found.due), len(found.planned)) == (1, 2, 3)


def test_the_senior_managers_and_nobodys_items_are_not_the_leaders(series, team, leaders, monday):
    first, second, _third, _last = meetings_of(series)
    first.building.add_standing("Et pejlemærke", 10, by=leaders[0])
    hold(first, leaders[0], leaders[1], team.senior_manager, minutes=10)
    hold(second, leaders[2], minutes=15)
    found = shows(series, monday)
    assert dict(found.set_by) == {"shared": 2, "leaders": 3, "senior": 1}
    assert found.percent_by_leaders == 75
    assert found.minutes == 35


def test_minutes_by_the_clock_where_the_meeting_ran_in_its_room(series, leaders, monday):
    first = meetings_of(series)[0]
    first.propose("Hvad fylder?", leaders[0], 20)
    monday.move_to(first.starts_at)
    room = Room.start(first, by=leaders[0])
    while room.steps[room.position]["item"] is None:
        room.next(leaders[0])
    monday.shift(timedelta(minutes=7))
    while room.position < len(room.steps) - 1:
        room.next(leaders[0])
    room.close(leaders[0])
    found = shows(series, monday)
    assert found.minutes == 7
    assert [column.minutes for column in found.columns] == [7]


@pytest.mark.parametrize(
    ("asking", "members", "said"),
    [
        (0, 4, "ingen endnu"),
        (1, 4, "færre end tre"),
        (2, 4, "færre end tre"),
        (3, 4, "næsten alle"),
        (4, 4, "alle"),
        (3, 6, "3"),
        (4, 6, "næsten alle"),
        (1, 1, "alle"),
    ],
)
def test_no_number_points_at_one_person(organisation, monday, asking, members, said):
    team = make_team(organisation, members)
    series = make_series(team, in_days(1), meetings=4)
    people = [one.user for one in team.memberships.order_by("pk")]
    for place, meeting in enumerate(meetings_of(series)[:3]):
        hold(meeting, *people[place:asking:3], minutes=5)
    assert shows(series, monday).different_leaders == said


def test_guideposts_and_what_was_parked_are_counted(series, organisation, leaders, monday):
    guidepost = Guidepost.objects.create(
        organisation=organisation, wording="Vi spørger først", theme=Theme.SAFETY
    )
    first, second, *_rest = meetings_of(series)
    first.park("Nøglen?", by=leaders[0])
    hold(first, leaders[0], guidepost=guidepost)
    hold(second, leaders[1], guidepost=guidepost)
    found = shows(series, monday)
    assert [(one.guidepost, one.times) for one in found.guideposts] == [(guidepost, 2)]
    assert found.parked == 1


def test_what_waits_for_the_senior_manager(series, team, leaders, monday, monkeypatch):
    first = meetings_of(series)[0]
    monday.move_to(first.starts_at)
    asked_of_him = Agreed(first).agree("Et svar om tid", by=leaders[0], who=team.senior_manager)
    done = Agreed(first).agree("Et møde", by=leaders[0], who=team.senior_manager)
    done.done()
    Agreed(first).agree("Os selv", by=leaders[0], who=leaders[1])
    monkeypatch.setattr(evidence, "_waiting_for_answer", [])
    evidence.ask_of_senior_manager(lambda group: Guidepost.objects.filter(wording="Fra APV"))
    Guidepost.objects.create(organisation=team.organisation, wording="Fra APV", theme=Theme.SAFETY)
    assert [str(one) for one in shows(series, monday).asks_of_him] == [
        asked_of_him.what,
        "Fra APV",
    ]


def test_a_season_that_goes_on_on_other_dates_is_one_season(series, team, leaders, monday):
    first, second, *_rest = meetings_of(series)
    hold(first, leaders[0])
    monday.move_to(first.ends_at)
    heir = series.going_on_from(second)
    heir.starts_on += timedelta(days=1)
    heir = series.change_from(second, heir, by=team.senior_manager)
    found = Evidence.of(Series.objects.select_related("continues").get(pk=heir.pk), timezone.now())
    assert (len(found.held), len(found.planned), found.began_on) == (
        1,
        1 + heir.meetings.count(),
        series.starts_on,
    )


def test_read_aloud_it_takes_less_than_a_minute_and_names_nobody(
    client, series, team, leaders, monday
):
    guidepost = Guidepost.objects.create(
        organisation=team.organisation, wording="Vi spørger først", theme=Theme.SAFETY
    )
    for meeting in meetings_of(series)[:3]:
        for person in [*leaders, team.senior_manager]:
            meeting.propose(f"Spørgsmål {person.pk}?", person, 10, guidepost)
        hold(meeting)
    found = shows(series, monday)
    said = " ".join(found.aloud)
    assert len(said.split()) < 130
    client.force_login(team.senior_manager)
    html = client.get(reverse("meetings:evidence", args=[series.pk])).content.decode()
    for sentence in found.aloud:
        assert sentence in html
    for person in leaders:
        assert person.name not in html
    assert "Spørgsmål" not in html


def test_before_the_first_meeting_the_page_says_what_it_will_show(client, series, leader):
    client.force_login(leader)
    html = client.get(reverse("meetings:evidence", args=[series.pk])).content.decode()
    assert "Intet at vise endnu" in html


def test_as_few_queries_with_many_meetings_as_with_one(db, monday):
    house = make_house()
    team, asker = house.things["team"], house.people["asker"]
    series = make_series(team, in_days(-150), meetings=10, interval_days=14)
    url = reverse("meetings:evidence", args=[series.pk])
    first, *rest = meetings_of(series)

    def fill(meetings):
        for meeting in meetings:
            hold(meeting, asker, house.people["member"])
            meeting.park(f"Drift {meeting.pk}", by=asker)
            Commitment.objects.create(
                group=team, meeting=meeting, what="Svar", by=asker, who=team.senior_manager
            )

    fill([first])
    few = asked(house, "member", "get", url)
    fill(rest)
    for _ in range(6):
        make_user(team.organisation)
    assert asked(house, "member", "get", url) == few <= MOST
