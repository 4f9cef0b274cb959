"""Two people, or two fingers, at the same moment: real threads on real connections."""

from datetime import time
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from meetings import taps
from meetings.models import (
    AgendaItem,
    Cancellation,
    Case,
    Meeting,
    Series,
    Sparring,
    Support,
    TapRound,
    TenMinutes,
)
from networks.models import InviteLink, JoinRequest, Membership
from notifications.models import Delivery
from tests.factories import (
    in_days,
    make_group,
    make_meeting,
    make_open_meeting,
    make_series,
    make_team,
    make_user,
)
from tests.wellbeing.coach_cast import make_programme, people_of

pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.django_db(transaction=True)]


def at_once(*deeds) -> list:
    """What each of them answers, in order; whatever one raises is its answer."""
    start, answers = Barrier(len(deeds)), [None] * len(deeds)

    def do(place, deed):
        try:
            start.wait(timeout=20)
            answers[place] = deed()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [Thread(target=do, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return answers


def posting(person, url, data=None):
    client = Client()
    client.force_login(person)
    client.get("/me/")
    return lambda: client.post(url, data or {}).status_code


def two_posting(person, url, data=None):
    return at_once(posting(person, url, data), posting(person, url, data))


def test_questions_support_and_agendas_at_once(team, leader):
    meeting = make_open_meeting(team)
    url = reverse("meetings:questions", args=[meeting.pk])
    assert two_posting(leader, url, {"question": "Hvad nu?"}) == [302, 302]
    item = AgendaItem.objects.get()

    url = reverse("meetings:support", args=[item.pk])
    assert two_posting(team.senior_manager, url, {"wanted": "1"}) == [302, 302]
    assert Support.objects.count() == 1
    assert two_posting(team.senior_manager, url, {"wanted": "0"}) == [302, 302]
    assert Support.objects.count() == 0

    again = Meeting.objects.get(pk=meeting.pk)
    assert at_once(meeting.compose_agenda, again.compose_agenda) == [None, None]
    assert list(meeting.items.on_agenda().values_list("position", flat=True)) == [1]
    agendas = Delivery.objects.filter(kind="meetings.agenda").values_list("recipient", flat=True)
    assert sorted(agendas) == sorted(team.participants().values_list("pk", flat=True))


def test_parking_and_bringing_back_at_once(team, leader):
    meeting = make_open_meeting(team)
    url = reverse("meetings:questions", args=[meeting.pk])
    parked = {"question": "Hvem har nøglen?", "operations": "1"}
    assert two_posting(leader, url, parked) == [302, 302]
    url = reverse("meetings:parked", args=[team.parked_items.get().pk])
    answers = two_posting(leader, url)
    assert sorted(set(answers)) in ([302], [302, 404])
    assert AgendaItem.objects.waiting().count() == 1
    assert team.parked_items.count() == 0


def test_a_question_is_asked_while_the_agenda_closes(team, leader):
    meeting = make_open_meeting(team)
    url = reverse("meetings:questions", args=[meeting.pk])
    closing = Meeting.objects.get(pk=meeting.pk)
    answers = at_once(posting(leader, url, {"question": "Hvad nu?"}), closing.compose_agenda)
    assert answers == [302, None]
    item = AgendaItem.objects.get(by=leader)  # whoever is late finds the bank's on the agenda
    assert (item.status, item.meeting) in [("set", meeting), ("waiting", None)]


def test_the_last_place_is_given_once(organisation):
    group = make_group(organisation, 4, size=5)
    url = reverse("networks:membership", args=[group.pk])
    people = [make_user(organisation) for _ in range(3)]
    assert at_once(*(posting(person, url) for person in people)) == [302] * 3
    assert group.memberships.count() == 5
    assert two_posting(group.memberships.last().user, url) == [302, 302]
    assert Membership.objects.count() == 5


def test_two_last_yes_at_once(organisation):
    group = make_group(organisation, 4, size=6, status="running")
    request = group.ask(make_user(organisation))
    *others, one, other = [m.user for m in group.memberships.select_related("user")]
    for member in others:
        request.say(member, True)
    saying = [JoinRequest.objects.get(pk=request.pk) for _ in range(2)]
    answers = at_once(lambda: saying[0].say(one, True), lambda: saying[1].say(other, True))
    assert answers == [None, None]
    assert group.memberships.filter(user=request.user).count() == 1
    assert JoinRequest.objects.get().state == "joined"


def test_the_last_place_is_asked_for_by_several_and_given_once(organisation):
    group = make_group(organisation, 4, size=5, status="running")
    requests = [group.ask(make_user(organisation)) for _ in range(3)]
    members = [m.user for m in group.memberships.select_related("user")]
    for request in requests:
        for member in members[:-1]:
            request.say(member, True)
    assert at_once(*(lambda r=r: r.say(members[-1], True) for r in requests)) == [None] * 3
    assert group.memberships.standing().count() == 5
    states = sorted(JoinRequest.objects.values_list("state", flat=True))
    assert states == ["asked", "asked", "joined"]  # the newcomer is to say yes as well


def test_a_link_is_used_by_two_at_once(organisation):
    group = make_group(organisation, 3)
    link, _token = InviteLink.make(group, by=group.memberships.first().user)
    people = [make_user(organisation) for _ in range(3)]
    links = [InviteLink.objects.get(pk=link.pk) for _ in people]
    answers = at_once(*(lambda u=u, p=p: u.use(p) for u, p in zip(links, people, strict=True)))
    assert sorted(type(answer).__name__ for answer in answers) == [
        "JoinRefused",
        "JoinRefused",
        "Membership",
    ]
    assert group.memberships.count() == 4


def test_the_rope_is_taken_by_two_at_once(organisation):
    group = make_group(organisation, 4, status="running")
    first, *others = group.memberships.order_by("pk")
    first.leave()
    answers = at_once(*(lambda m=m: m.take("facilitator") for m in others))
    assert sorted(answers) == [False, False, True]
    assert group.memberships.standing().filter(role="facilitator").count() == 1


def test_a_boss_and_a_leader_join_at_once(organisation):
    group = make_group(organisation, 2)
    boss = make_user(organisation)
    url = reverse("networks:membership", args=[group.pk])
    people = [boss, make_user(organisation, manager=boss)]
    assert at_once(*(posting(person, url) for person in people)) == [302] * 2
    assert group.memberships.count() == 3


def test_leaving_and_asking_at_once(organisation):
    group = make_group(organisation, 4, size=4, status="running")
    leaving = group.memberships.last()
    person = make_user(organisation)
    at_once(leaving.leave, lambda: group.ask(person), lambda: group.ask(person))
    assert JoinRequest.objects.get().state == "asked"


def test_cancelled_and_moved_at_once(team):
    meeting, manager = make_meeting(team), team.senior_manager
    off = reverse("meetings:cancellation", args=[meeting.pk])
    assert two_posting(manager, off, {"reason": "Syg"}) == [302, 302]
    assert Cancellation.objects.count() == 1
    other = make_meeting(team, in_days(20))
    elsewhere = reverse("meetings:time", args=[other.pk])
    move = {"day": "2026-12-01", "time": "10:00"}
    answers = at_once(posting(manager, elsewhere, move), posting(manager, elsewhere, move))
    assert answers == [302, 302]


def test_a_season_is_planned_once(team, secretariat):
    url = reverse("meetings:new_series", args=[team.pk])
    season = {
        "starts_on": "2026-11-17",
        "ends_on": "2026-12-15",
        "time": "09:00",
        "place": "Rådhuset",
        "interval_days": "14",
        "minutes": "90",
    }
    assert two_posting(team.senior_manager, url, season) == [302, 302]
    assert (Series.objects.count(), Meeting.objects.count()) == (1, 3)
    later = season | {"starts_on": "2027-01-12", "ends_on": "2027-02-09"}
    across = later | {"starts_on": "2027-01-19"}
    answers = at_once(posting(team.senior_manager, url, later), posting(secretariat, url, across))
    assert sorted(answers) == [302, 422]
    assert Series.objects.count() == 2


def test_two_meetings_moved_at_once_do_not_meet_on_one_slot(team):
    season = make_series(team, in_days(3), meetings=3)
    first, second, _third = season.meetings.order_by("starts_at")
    to_there = {"day": "2026-12-01", "time": "10:00"}
    urls = [reverse("meetings:time", args=[meeting.pk]) for meeting in (first, second)]
    answers = at_once(*(posting(team.senior_manager, url, to_there) for url in urls))
    assert sorted(answers) == [302, 422]
    assert season.meetings.values("starts_at").distinct().count() == 3


def test_a_season_goes_on_once_and_ends_once(team, secretariat):
    season = make_series(team, in_days(3), meetings=4)
    second = season.meetings.order_by("starts_at")[1]
    otherwise = {
        "starts_on": "2026-12-01",
        "ends_on": "2026-12-15",
        "time": "13:00",
        "place": "Kantinen",
        "interval_days": "7",
        "minutes": "90",
    }
    url = reverse("meetings:from_here_on", args=[second.pk])
    assert two_posting(team.senior_manager, url, otherwise) == [302, 302]
    assert (Series.objects.count(), Meeting.objects.standing().count()) == (2, 4)
    off = reverse("meetings:end_series", args=[season.successor.pk])
    people = (team.senior_manager, secretariat)
    assert at_once(*(posting(one, off, {"reason": ""}) for one in people)) == [302, 302]
    assert Meeting.objects.standing().count() == 1
    assert Cancellation.objects.count() == 6


def test_one_ends_the_season_while_another_moves_its_meeting(team, secretariat):
    season = make_series(team, in_days(3), meetings=3)
    last = season.meetings.order_by("starts_at")[2]
    off = reverse("meetings:end_series", args=[season.pk])
    elsewhere = reverse("meetings:time", args=[last.pk])
    answers = at_once(
        posting(secretariat, off, {"reason": ""}),
        posting(team.senior_manager, elsewhere, {"day": "2026-12-16", "time": "10:00"}),
    )
    assert answers[0] == 302
    assert answers[1] in (302, 422)
    assert Meeting.objects.standing().count() == 0


def test_ten_minutes_asked_and_answered_at_once(network, leader):
    jonas, dorte = (one.user for one in network.memberships.exclude(user=leader)[:2])
    leader.phone = "99 31 10 00"
    leader.save(update_fields=["phone"])
    assert two_posting(leader, reverse("meetings:ten_minutes", args=[network.pk])) == [302, 302]
    asked = TenMinutes.objects.get()
    url = reverse("meetings:call", args=[asked.pk])
    assert at_once(posting(jonas, url), posting(dorte, url)) == [302, 302]
    asked.refresh_from_db()
    assert asked.caller in (jonas, dorte)


def test_a_question_brought_and_a_talk_prepared_at_once(network, leader):
    meeting = make_meeting(network, in_days(0, time(23)))
    data = {"question": "Hvordan?", "wants": "share"}
    url = reverse("meetings:cases", args=[network.pk])
    assert two_posting(leader, url, data) == [302, 302]
    assert Case.objects.count() == 1
    url = reverse("meetings:talks", args=[meeting.pk])
    assert two_posting(leader, url) == [302, 302]
    assert Sparring.objects.count() == 1


def test_a_tap_is_counted_once_and_no_tap_is_lost(organisation, monday):
    team = make_team(organisation, 6)
    people = [one.user for one in team.memberships.select_related("user").order_by("pk")]
    round = TapRound.begin(make_meeting(team), "check_in")
    url = reverse("meetings:tap", args=[round.pk])
    answers = at_once(*(posting(people[0], url, {"step": step}) for step in "15"))  # two devices
    assert answers == [302, 302]
    assert sum(taps.totals(round.pk)) == 1
    assert at_once(*(posting(one, url, {"step": "4"}) for one in people[1:])) == [302] * 5
    assert sum(taps.totals(round.pk)) == 6
    again = TapRound.objects.for_page().get(pk=round.pk)
    assert at_once(round.fall_shut, again.fall_shut) == [None, None]
    closed = TapRound.objects.get()
    assert (closed.answers, closed.totals[3] + closed.totals[4], closed.tapped) in [
        (6, 5, []),
        (6, 6, []),
    ]


def test_the_last_seat_of_a_cohort_is_one_persons(organisation, secretariat):
    programme = make_programme(secretariat, leaders=2, seats=1)
    [cohort] = programme.cohorts.all()
    url = reverse("wellbeing:coach_seat", args=[cohort.pk])
    answers = at_once(*[posting(one.leader, url) for one in people_of(programme)])
    assert answers == [302, 302]
    assert sorted(one.state for one in people_of(programme)) == ["invited", "under_way"]

    [seated] = programme.enrolments.under_way().select_related("leader")
    assert two_posting(seated.leader, url) == [302, 302]
    assert cohort.days.first().invitations.count() == 1
