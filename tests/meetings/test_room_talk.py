"""Sparring inside the live room: one clock, begun by the room and closed in it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from meetings.models import Case, CaseCount, Format, Part, Room, Sparring
from tests.factories import in_days, make_group, make_series, make_user
from wellbeing.models import Guidepost, Theme

pytestmark = pytest.mark.usefixtures("monday")

BOTH_DOORS = pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}], ids=["page", "htmx"])
Role = Part.Role
KARENS = "Hvordan siger jeg det?"


@pytest.fixture
def people(organisation):
    names = ["Jonas", "Karen", "Amir", "Dorte", "Ida", "Pia"]
    return [make_user(organisation, name) for name in names]


@pytest.fixture
def group(organisation, people):
    return make_group(organisation, people, name="Fyret", status="running")


@pytest.fixture
def meeting(group, monday):
    """The second of the group, so that it has sparring; it begins just now."""
    series = make_series(group, in_days(1), meetings=3, interval_days=35)
    meeting = series.meetings.order_by("starts_at")[1]
    monday.move_to(meeting.starts_at)
    return meeting


def bring(group, person, question=KARENS) -> Case:
    return Case.objects.bring(group, by=person, question=question, wants="challenge")


def begin(meeting, jonas) -> Room:
    meeting.refresh_from_db()
    return Room.start(meeting, by=jonas)


def to_sparring(room, number=1) -> Room:
    """Step by step, until it is the time of that talk."""
    while room.talk_number != number:
        room.next(by=room.chair)
    return room


def through(room) -> Room:
    number = room.talk_number
    while room.talk_number == number:
        room.next(by=room.chair)
    return room


def here(room) -> str:
    return room.steps[room.position]["title"][0]


def the(talk) -> Sparring:
    return Sparring.objects.for_page().get(pk=talk.pk)


def page(person, meeting, name="room") -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse(f"meetings:{name}", args=[meeting.pk])).content.decode()


def post(person, meeting, data, **headers):
    client = Client()
    client.force_login(person)
    return client.post(reverse("meetings:room_talk", args=[meeting.pk]), data, headers=headers)


# ---- begin


def test_what_was_prepared_begins_when_the_room_comes_to_it(group, meeting, people):
    jonas, karen, amir, *_ = people
    bring(group, karen)
    talk = Sparring.objects.prepare(meeting, by=amir)
    talk.take(Role.FOCUS, karen)
    talk.take(Role.HOST, amir)
    room = begin(meeting, jonas)
    assert the(talk).state == "preparing"
    to_sparring(room)
    talk = the(talk)
    assert (here(room), talk.state, talk.in_room, talk.steps) == ("Vælg", "running", 1, [])
    assert talk.parts.get(role=Role.HOST).person == amir
    assert KARENS in page(jonas, meeting)


def test_there_is_one_clock_and_it_is_the_rooms(group, meeting, people, monday):
    jonas, karen, *_ = people
    bring(group, karen)
    talk = Sparring.objects.prepare(meeting, by=jonas, as_host=True)
    talk.take(Role.FOCUS, karen)
    room = to_sparring(begin(meeting, jonas))
    talk = the(talk)
    for verb in (lambda: talk.go(1, since=0), talk.pause, talk.give):
        verb()
    assert (the(talk).step, the(talk).paused_at, the(talk).extra) == (0, None, 0)
    client = Client()
    client.force_login(jonas)
    html = client.get(talk.get_absolute_url()).content.decode()
    assert "Mødet leder gennem samtalen" in html
    assert 'role="timer"' not in html
    room.next(by=jonas)
    assert here(room) == "Fortæl"


def test_in_the_room_one_says_yes_or_the_chair_says_it_for_them(group, meeting, people):
    jonas, karen, amir, dorte, *_ = people
    bring(group, karen)
    bring(group, amir, "Amirs?")
    room = to_sparring(begin(meeting, jonas))
    assert "Hvis spørgsmål er det i dag?" in page(jonas, meeting)
    assert "Hvis spørgsmål er det i dag?" not in page(dorte, meeting)
    assert post(dorte, meeting, {"do": "prepare"}).status_code == 403
    post(jonas, meeting, {"do": "prepare"})
    assert "Karen" in page(dorte, meeting)
    assert post(dorte, meeting, {"do": "yes"}).status_code == 403
    post(karen, meeting, {"do": "pass"})
    assert "Amirs?" in page(dorte, meeting)
    post(jonas, meeting, {"do": "yes"})
    talk = Sparring.objects.get()
    assert (talk.state, talk.in_room, talk.focus_person) == ("running", 1, amir)
    room.refresh_from_db()
    assert room.position == to_sparring(room).position


@BOTH_DOORS
def test_both_doors_get_ready(group, meeting, people, headers):
    jonas, karen, *_ = people
    bring(group, karen)
    to_sparring(begin(meeting, jonas))
    answer = post(jonas, meeting, {"do": "prepare"}, **headers)
    if headers:
        assert KARENS in answer.content.decode()
    else:
        assert answer.url == reverse("meetings:room", args=[meeting.pk])
    assert Sparring.objects.get().state == "preparing"
    assert post(jonas, meeting, {"do": "sing"}, **headers).status_code == 400


def test_a_yes_on_its_own_page_begins_it_too_and_the_room_hears_of_it(group, meeting, people):
    jonas, karen, *_ = people
    bring(group, karen)
    room = to_sparring(begin(meeting, jonas))
    room.prepare_talk(by=jonas)
    seen = Room.objects.get(pk=room.pk).version
    Sparring.objects.get().take(Role.FOCUS, karen)
    assert Sparring.objects.get().state == "running"
    assert Room.objects.get(pk=room.pk).version > seen


def test_without_a_question_the_phases_lead_on_all_the_same(group, meeting, people):
    jonas, *_ = people
    room = to_sparring(begin(meeting, jonas))
    room.prepare_talk(by=jonas)
    assert "Intet spørgsmål venter" in page(jonas, meeting)
    through(room)
    assert here(room) == "Et fælles spørgsmål"
    assert not Sparring.objects.get().in_room


def test_before_its_phase_it_isnt_begun_by_hand(group, meeting, people):
    jonas, karen, *_ = people
    bring(group, karen)
    talk = Sparring.objects.prepare(meeting, by=jonas, as_host=True)
    talk.take(Role.FOCUS, karen)
    begin(meeting, jonas)
    with pytest.raises(ValidationError, match="Mødet er i gang"):
        talk.start(by=jonas)
    client = Client()
    client.force_login(jonas)
    html = client.get(talk.get_absolute_url()).content.decode()
    assert "af sig selv" in html
    assert 'id="start"' not in html


def test_a_talk_that_runs_already_goes_on_by_the_clock_of_the_meeting(group, meeting, people):
    jonas, karen, *_ = people
    bring(group, karen)
    talk = Sparring.objects.prepare(meeting, by=jonas, as_host=True)
    talk.take(Role.FOCUS, karen)
    talk.start(by=jonas)
    assert the(talk).steps
    begin(meeting, jonas)
    assert (the(talk).in_room, the(talk).steps) == (1, [])


def test_the_phases_are_those_of_the_format_chosen_meanwhile(group, meeting, people):
    jonas, karen, *_ = people
    bring(group, karen)
    room = begin(meeting, jonas)
    before = sum(step["seconds"] for step in room.steps)
    talk = Sparring.objects.prepare(meeting, by=jonas, as_host=True)
    talk.follow(Format.objects.get(slug="listening-team"))
    talk.take(Role.FOCUS, karen)
    to_sparring(room)
    assert here(room) == "Ramme"
    assert sum(step["planned"] for step in room.steps) == before


# ---- the end


def test_its_end_is_offered_when_its_last_phase_is_over_and_the_room_goes_on(
    organisation, group, meeting, people
):
    jonas, karen, amir, *_ = people
    guidepost = Guidepost.objects.create(
        organisation=organisation, wording="Vi spørger", theme=Theme.GROWTH
    )
    bring(group, karen)
    talk = Sparring.objects.prepare(meeting, by=jonas, as_host=True)
    talk.take(Role.FOCUS, karen)
    room = to_sparring(begin(meeting, jonas))
    assert "Hvornår spørger vi igen?" not in page(jonas, meeting)
    through(room)
    assert here(room) == "Et fælles spørgsmål"
    assert "Hvornår spørger vi igen?" in page(jonas, meeting)
    assert "Hvornår spørger vi igen?" not in page(amir, meeting)
    assert "Giv dine noter til Karen" in page(amir, meeting)
    said = {"do": "close", "asks_again": "1", "guidepost": guidepost.pk}
    assert post(amir, meeting, said).status_code == 403
    post(jonas, meeting, {"do": "close", "asks_again": "9"})
    assert the(talk).is_running
    post(jonas, meeting, said)
    post(jonas, meeting, said)
    assert (the(talk).state, the(talk).asks_again) == ("closed", 1)
    assert CaseCount.objects.get().number == 1
    room.refresh_from_db()
    assert (here(room), room.is_open) == ("Et fælles spørgsmål", True)
    room.back(by=jonas)
    assert Sparring.objects.count() == 1


def test_what_nobody_closed_ends_with_the_meeting(group, meeting, people):
    jonas, karen, *_ = people
    bring(group, karen)
    talk = Sparring.objects.prepare(meeting, by=jonas, as_host=True)
    talk.take(Role.FOCUS, karen)
    room = to_sparring(begin(meeting, jonas))
    room.close(by=jonas)
    assert (the(talk).state, the(talk).asks_again) == ("closed", 0)


def test_three_chairs_are_three_talks(organisation, monday):
    jonas, karen, amir = (make_user(organisation, name) for name in ("Jonas", "Karen", "Amir"))
    group = make_group(organisation, [jonas, karen, amir], name="Tre", status="running")
    series = make_series(group, in_days(1), meetings=3, interval_days=35)
    meeting = series.meetings.order_by("starts_at")[1]
    for person in (jonas, karen, amir):
        bring(group, person, f"{person.first_name}s?")
    monday.move_to(meeting.starts_at)
    room = to_sparring(begin(meeting, jonas))
    room.prepare_talk(by=jonas)
    room.answer_for_talk(by=jonas, yes=True)
    for number in (1, 2, 3):
        talk = Sparring.objects.under_way().get()
        assert (talk.in_room, talk.state, here(room)) == (number, "running", "Stilhed")
        through(room)
        assert "Hvornår spørger vi igen?" in page(jonas, meeting)
        room.close_talk(by=jonas)
        if number < 3:
            assert Sparring.objects.under_way().get().state == "preparing"
            room.answer_for_talk(by=jonas, yes=True)
    focus = [talk.focus_person.first_name for talk in Sparring.objects.order_by("pk")]
    assert sorted(focus) == ["Amir", "Jonas", "Karen"]
    assert here(room) == "Ét ord"


def test_a_team_has_none(team, leader, monday):
    meeting = make_series(team, meetings=2).meetings.order_by("starts_at").first()
    monday.move_to(meeting.starts_at + timedelta(minutes=1))
    room = Room.start(meeting, by=leader)
    room.prepare_talk(by=leader)
    room.answer_for_talk(by=leader, yes=True)
    assert not Sparring.objects.exists()
    with pytest.raises(PermissionDenied):
        room.answer_for_talk(by=team.senior_manager, yes=True)
