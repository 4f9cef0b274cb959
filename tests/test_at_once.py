"""Two people, or two fingers, at the same moment: real threads on real connections."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from meetings.models import AgendaItem, Cancellation, Meeting, Series, Support
from networks.models import Membership
from notifications.models import Delivery
from tests.factories import in_days, make_group, make_meeting, make_open_meeting, make_user

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
    item = AgendaItem.objects.get()
    assert (item.status, item.meeting) in [("set", meeting), ("waiting", None)]


def test_the_last_place_is_given_once(organisation):
    group = make_group(organisation, 4, size=5)
    url = reverse("networks:membership", args=[group.pk])
    people = [make_user(organisation) for _ in range(3)]
    assert at_once(*(posting(person, url) for person in people)) == [302] * 3
    assert group.memberships.count() == 5
    assert two_posting(group.memberships.last().user, url) == [302, 302]
    assert Membership.objects.count() == 5


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
