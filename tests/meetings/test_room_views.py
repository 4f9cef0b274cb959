"""The room's pages: what the chair, a follower and the wall show, both doors, few queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.models import AgendaItem, Room
from tests.factories import make_meeting
from tests.test_queries import TRANSACTIONS

pytestmark = pytest.mark.usefixtures("monday")
HTMX = {"hx_request": "true"}


@pytest.fixture
def other(team, leader):
    return team.memberships.exclude(user=leader).order_by("pk").first().user


@pytest.fixture
def meeting(team, leader, other, monday):
    meeting = make_meeting(team)
    meeting.invite_proposals()
    meeting.propose("Hvornår siger vi nej?", by=leader)
    meeting.propose("Hvem passer på os?", by=other)
    meeting.compose_agenda()
    monday.move_to(meeting.starts_at)
    return meeting


@pytest.fixture
def room(meeting, leader):
    return Room.start(meeting, by=leader)


def at(name, meeting) -> str:
    return reverse(f"meetings:{name}", args=[meeting.pk])


def look(client, user, url, **headers) -> str:
    client.force_login(user)
    return client.get(url, headers=headers).content.decode()


def test_it_is_begun_by_one_button_on_the_meetings_page(client, meeting, leader):
    assert 'id="begin"' in look(client, leader, meeting.get_absolute_url())
    response = client.post(at("room", meeting))
    assert response.url == at("room", meeting)
    assert 'id="next"' in look(client, leader, at("room", meeting))


def test_today_leads_into_the_meeting_when_it_is_time(client, meeting, leader, monday):
    into = f'href="{at("room", meeting)}"'
    assert into in look(client, leader, "/")
    Room.start(meeting, by=leader)
    assert into in look(client, leader, "/")
    Room.objects.get().close(by=leader)
    assert into not in look(client, leader, "/")


def test_before_its_time_the_page_says_when_and_how_it_will_go(client, meeting, leader, monday):
    monday.shift(timedelta(hours=-1))
    html = look(client, leader, at("room", meeting))
    assert "I kan begynde fra" in html
    assert 'id="begin"' not in html
    assert "Hvem passer på os?" in html
    client.post(at("room", meeting))
    assert not Room.objects.exists()


def test_the_senior_manager_is_offered_nothing_to_begin_or_lead(client, meeting, team, leader):
    html = look(client, team.senior_manager, meeting.get_absolute_url())
    assert 'id="begin"' not in html
    Room.start(meeting, by=leader)
    html = look(client, team.senior_manager, at("room", meeting))
    assert "Læg gerne telefonen. Værten holder tiden." in html
    assert 'id="take"' not in html


def test_whoever_leads_has_the_buttons_the_others_may_put_the_phone_away(
    client, room, meeting, leader, other
):
    led, followed = (look(client, person, at("room", meeting)) for person in (leader, other))
    assert ('id="next"' in led, 'id="next"' in followed) == (True, False)
    assert "Læg gerne telefonen" in followed
    assert 'http-equiv="refresh"' in followed
    assert 'http-equiv="refresh"' not in led


def test_both_doors_go_on(client, room, meeting, leader):
    client.force_login(leader)
    response = client.post(at("room_step", meeting), {"go": "next", "seen": "0"}, headers=HTMX)
    assert 'data-version="2"' in response.content.decode()
    assert "<html" not in response.content.decode()
    response = client.post(at("room_step", meeting), {"go": "next", "seen": "1"})
    assert response.url == at("room", meeting)
    room.refresh_from_db()
    assert room.position == 2


def test_on_the_wall_there_is_nothing_to_press(client, room, meeting, leader):
    html = look(client, leader, at("room_wall", meeting))
    assert "<form" not in html.partition("<main")[2].partition("</main>")[0]
    assert "Tjek ind" in html
    fragment = look(client, leader, at("room_wall", meeting), **HTMX)
    assert 'data-refresh="' + at("room_wall", meeting) in fragment


def test_the_time_left_is_the_servers(client, room, meeting, other, monday):
    monday.shift(90)
    html = look(client, other, at("room", meeting), **HTMX)
    assert f'data-left="{room.steps[0]["seconds"] - 90:.1f}"' in html


def test_over_time_is_said_not_only_coloured(client, room, meeting, other, monday):
    monday.shift(timedelta(minutes=11))
    html = look(client, other, at("room", meeting), **HTMX)
    assert "+01:00" in html
    assert '<span data-when="over">over tiden</span>' in html


def test_a_question_hidden_meanwhile_is_not_shown(client, room, meeting, leader, other):
    room.next(by=leader)
    room.next(by=leader)
    item = AgendaItem.objects.get(pk=room.steps[2]["item"])
    item.withdraw()
    html = look(client, other, at("room", meeting), **HTMX)
    assert "taget af dagsordenen" in html


def test_taking_the_chair_from_somebody_awake_is_asked_about(client, room, meeting, leader, other):
    client.force_login(other)
    response = client.post(at("room_chair", meeting), {}, headers=HTMX)
    assert "Karen Holm leder mødet lige nu" in response.content.decode()
    response = client.post(at("room_chair", meeting), {"confirmed": "1"}, headers=HTMX)
    assert 'id="next"' in response.content.decode()
    client.force_login(leader)
    assert client.post(at("room_step", meeting), {"go": "next"}).status_code == 403


def test_the_chair_goes_to_nobody_else(client, room, meeting, leader, outsider, team):
    client.force_login(leader)
    for wrong in (outsider.pk, team.senior_manager_id, "x", "9" * 40, ""):
        client.post(at("room_chair", meeting), {"to": wrong}, headers=HTMX)
        room.refresh_from_db()
        assert room.chair == leader


def test_parked_from_the_room_it_is_in_its_owners_hand(client, room, meeting, leader):
    client.force_login(leader)
    for seen in (0, 1):
        client.post(at("room_step", meeting), {"go": "next", "seen": seen})
    client.post(at("room_question", meeting), {"do": "park", "seen": 2}, headers=HTMX)
    parked = meeting.group.parked_items.get()
    assert AgendaItem.objects.get(question=parked.question).status == "parked"


def test_one_passes_for_oneself(client, room, meeting, leader):
    room.go_round(by=leader)
    speaks = room.insiders().get(pk=room.round["speaks"])
    assert 'id="pass"' in look(client, speaks, at("room", meeting), **HTMX)
    client.post(at("room_round", meeting), {"do": "pass", "whose": speaks.pk}, headers=HTMX)
    room.refresh_from_db()
    assert room.round["passed"] == [speaks.pk]


def test_ended_it_says_thank_you_and_follows_no_more(client, room, meeting, leader, other):
    client.force_login(leader)
    client.post(at("room_end", meeting), headers=HTMX)
    html = look(client, other, at("room", meeting))
    assert "Tak for i dag." in html
    assert "data-live=" not in html


def asked(client, url, method="get", data=None) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert getattr(client, method)(url, data, headers=HTMX).status_code == 200
    return sum(not q["sql"].startswith(TRANSACTIONS) for q in queries)


@pytest.mark.parametrize("questions", [1, 12])
def test_as_many_queries_with_many_questions_as_with_one(client, team, leader, monday, questions):
    meeting = make_meeting(team, minutes=300)
    meeting.invite_proposals()
    for number in range(questions):
        meeting.propose(f"Nummer {number}?", by=leader, minutes=10)
    meeting.compose_agenda()
    monday.move_to(meeting.starts_at)
    Room.start(meeting, by=leader)
    client.force_login(leader)
    client.get(reverse("account_inactive"))
    assert asked(client, at("room", meeting)) == 5
    assert asked(client, at("room_wall", meeting)) == 5
