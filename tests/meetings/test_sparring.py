"""A talk: whose question, who does what, the clock, and its end."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config import live
from meetings.models import Case, Format, Part, Room, Sparring
from meetings.reconciling import reconcile
from tests.factories import in_days, make_group, make_series, make_user

pytestmark = pytest.mark.usefixtures("monday")

BOTH_DOORS = pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}], ids=["page", "htmx"])
Role = Part.Role


@pytest.fixture
def people(organisation):
    names = ["Jonas", "Karen", "Amir", "Dorte", "Ida", "Pia"]
    return [make_user(organisation, name) for name in names]


@pytest.fixture
def group(organisation, people):
    return make_group(organisation, people, name="Fyret", status="running")


@pytest.fixture
def meeting(group, monday):
    """It begins just now."""
    series = make_series(group, in_days(1), meetings=3, interval_days=35)
    meeting = series.meetings.order_by("starts_at").first()
    monday.move_to(meeting.starts_at)
    return meeting


def bring(group, person, question="Hvordan?") -> Case:
    return Case.objects.bring(group, by=person, question=question, wants="challenge")


def at(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(person, name, talk, data=None, **headers):
    return at(person).post(reverse(f"meetings:{name}", args=[talk.pk]), data or {}, headers=headers)


def page(person, talk) -> str:
    return at(person).get(reverse("meetings:sparring", args=[talk.pk])).content.decode()


def who(talk) -> dict[str, str]:
    standing = talk.parts.standing().select_related("person")
    return {part.role: f"{part.person} {part.state}" for part in standing}


def begin(meeting, by, focus) -> Sparring:
    talk = Sparring.objects.prepare(meeting, by=by)
    talk.take(Role.FOCUS, focus)
    talk.start(by=by)
    return talk


def again(talk) -> Sparring:
    return Sparring.objects.for_page().get(pk=talk.pk)


# ---- who does what


def test_parts_are_offered_by_turn_and_never_given(group, meeting, people):
    jonas, karen, *_ = people
    bring(group, karen)
    talk = Sparring.objects.prepare(meeting, by=jonas)
    assert who(talk) == {
        "focus": "Karen offered",
        "host": "Amir offered",
        "timekeeper": "Dorte offered",
    }
    assert Sparring.objects.prepare(meeting, by=karen) == talk
    assert Sparring.objects.count() == 1


def test_whoever_did_it_longest_ago_is_asked_first(group, meeting, people, monday):
    jonas, karen, amir, *_ = people
    bring(group, karen, "En?")
    bring(group, karen, "To?")
    talk = Sparring.objects.prepare(meeting, by=jonas)
    talk.take(Role.HOST, amir)
    talk.take(Role.FOCUS, karen)
    talk.start(by=jonas)
    talk.close()
    monday.shift(timedelta(minutes=5))
    bring(group, jonas, "Tre?")
    following = Sparring.objects.prepare(meeting, by=jonas)
    # Karen asked before Jonas, but has just had the floor; Amir has just been host.
    assert who(following) == {
        "focus": "Jonas offered",
        "host": "Dorte offered",
        "timekeeper": "Amir offered",
    }


@BOTH_DOORS
def test_one_tap_passes_a_part_on_until_nobody_is_left(group, meeting, people, headers):
    jonas, karen, amir, dorte, *_ = people
    bring(group, karen)
    talk = Sparring.objects.prepare(meeting, by=jonas)
    post(amir, "part", talk, {"role": "host", "answer": "pass"}, **headers)
    assert who(talk)["host"] == "Ida offered"
    for _time in range(6):
        asked = talk.parts.standing().filter(role="host").first()
        if asked:
            talk.pass_on("host", asked.person)
    assert "host" not in who(talk)
    assert "ingen lige nu" in page(dorte, talk)
    post(dorte, "part", talk, {"role": "host", "answer": "yes"}, **headers)
    assert who(talk)["host"] == "Dorte taken"


def test_the_focus_person_passes_and_the_next_question_is_offered(group, meeting, people):
    jonas, karen, amir, *_ = people
    bring(group, karen, "Karens?")
    bring(group, amir, "Amirs?")
    talk = Sparring.objects.prepare(meeting, by=jonas)
    assert "Karens?" in page(jonas, talk)
    talk.pass_on(Role.FOCUS, karen)
    assert who(talk)["focus"] == "Amir offered"
    assert "Amirs?" in page(jonas, talk)
    talk.pass_on(Role.FOCUS, amir)
    assert "focus" not in who(talk)
    assert "Intet spørgsmål endnu" in page(jonas, talk)
    assert {case.question for case in group.cases.waiting()} == {"Karens?", "Amirs?"}


def test_who_said_they_stay_away_isnt_asked(group, meeting, people, monday):
    jonas, karen, amir, *_ = people
    monday.shift(timedelta(hours=-1))
    meeting.answer(amir, coming=False)
    bring(group, karen)
    assert who(Sparring.objects.prepare(meeting, by=jonas))["host"] == "Dorte offered"


def test_a_part_taken_is_not_taken_from_anybody(group, meeting, people):
    jonas, karen, amir, dorte, *_ = people
    bring(group, karen)
    talk = Sparring.objects.prepare(meeting, by=jonas)
    talk.take(Role.HOST, amir)
    answer = at(dorte).post(
        reverse("meetings:part", args=[talk.pk]), {"role": "host", "answer": "yes"}, follow=True
    )
    assert "Amir har allerede sagt ja." in answer.content.decode()
    assert who(talk)["host"] == "Amir taken"


def test_the_host_may_tap_for_who_says_so_aloud_and_others_may_not(group, meeting, people):
    jonas, karen, _amir, dorte, *_ = people
    bring(group, karen)
    talk = Sparring.objects.prepare(meeting, by=jonas)
    yes = {"role": "focus", "answer": "yes", "person": karen.pk}
    assert post(dorte, "part", talk, yes).status_code == 403
    assert who(talk)["focus"] == "Karen offered"
    post(jonas, "part", talk, yes)
    assert who(talk)["focus"] == "Karen taken"


@BOTH_DOORS
def test_the_host_chooses_question_and_format(group, meeting, people, headers):
    jonas, karen, amir, dorte, *_ = people
    bring(group, karen, "Karens?")
    other = bring(group, amir, "Amirs?")
    talk = Sparring.objects.prepare(meeting, by=jonas)
    assert str(talk.format) == "Sparringsrunden"
    html = page(jonas, talk)
    fitting, others = html.split("Lavet til flere eller færre")
    assert "Det lyttende team" in fitting
    assert "Tre stole" in others
    listening = Format.objects.get(slug="listening-team")
    post(jonas, "talk_format", talk, {"format": listening.pk}, **headers)
    post(jonas, "talk_question", talk, {"case": other.pk}, **headers)
    assert who(talk)["focus"] == "Amir offered"
    assert set(who(talk)) == {"focus", "host", "timekeeper", "interviewer"}
    chairs = Format.objects.get(slug="three-chairs")
    post(jonas, "talk_format", talk, {"format": chairs.pk}, **headers)
    assert set(who(talk)) == {"focus", "host"}
    for name in ("talk_format", "talk_question", "talk_start"):
        assert post(dorte, name, talk).status_code == 403


def test_nothing_starts_before_whose_question_it_is_has_said_yes(group, meeting, people):
    jonas, karen, *_ = people
    bring(group, karen)
    talk = Sparring.objects.prepare(meeting, by=jonas)
    with pytest.raises(ValidationError):
        talk.start(by=jonas)
    answer = at(jonas).post(reverse("meetings:talk_start", args=[talk.pk]), follow=True)
    assert "siger ja først" in answer.content.decode()
    talk.take(Role.FOCUS, karen)
    talk.start(by=jonas)
    assert who(talk)["host"] == "Jonas taken"
    assert not group.cases.waiting().exists()


# ---- the clock


def test_the_script_carries_it_phase_by_phase(group, meeting, people, monday):
    jonas, karen, amir, *_ = people
    bring(group, karen)
    talk = begin(meeting, jonas, karen)
    steps = [(step["title"][0], step["seconds"] // 60) for step in talk.steps]
    assert steps == [
        ("Vælg", 5),
        ("Fortæl", 7),
        ("Opklar", 8),
        ("Åbn", 15),
        ("Erfaringer", 10),
        ("Valg", 5),
        ("Læring", 5),
        ("Rund af", 5),
    ]
    for title, minutes in steps:
        html = page(amir, talk)
        assert f">{title}</h2>" in html
        assert f'data-seconds="{minutes * 60}"' in html
        post(jonas, "talk_clock", talk, {"move": "next", "since": again(talk).step})
    assert "Giv dine noter til Karen" in page(amir, talk)
    assert "Bed de andre om deres noter" in page(karen, talk)


@BOTH_DOORS
def test_pause_two_minutes_more_and_back(group, meeting, people, monday, headers):
    jonas, karen, *_ = people
    bring(group, karen)
    talk = begin(meeting, jonas, karen)

    def move(name, since):
        post(jonas, "talk_clock", talk, {"move": name, "since": since}, **headers)

    def left() -> int:
        return again(talk).seconds_left(timezone.now())

    monday.shift(timedelta(minutes=2))
    assert left() == 180
    move("pause", 0)
    monday.shift(timedelta(minutes=10))
    assert left() == 180
    move("resume", 0)
    monday.shift(timedelta(minutes=1))
    assert left() == 120
    move("more", 0)
    assert left() == 240
    monday.shift(timedelta(minutes=9))
    assert left() == -300
    assert "Tiden er gået." in page(jonas, talk)
    move("more", 0)
    assert left() == 120
    move("next", 0)
    move("next", 0)  # a double click
    assert again(talk).step == 1
    move("back", 1)
    assert (again(talk).step, left()) == (0, 300)
    assert post(karen, "talk_clock", talk, {"move": "next", "since": "0"}).status_code == 403


def test_other_devices_hear_only_what_is_new_and_ask_no_database_for_it(
    group, meeting, people, django_assert_num_queries, django_capture_on_commit_callbacks
):
    jonas, karen, amir, _dorte, _ida, pia = people
    bring(group, karen)
    talk = begin(meeting, jonas, karen)
    url = reverse("meetings:sparring", args=[talk.pk])
    client, htmx, seen = at(amir), {"hx_request": "true"}, {"state": "running"}
    html = page(amir, talk)
    poll = reverse("live", args=[live.token("talk", talk.pk, amir.pk)])
    assert f'data-version="{again(talk).changes}"' in html
    known = {"v": again(talk).changes}
    assert client.get(poll, known).status_code == 204
    with django_assert_num_queries(0):
        assert client.get(poll, known).status_code == 204
    with django_capture_on_commit_callbacks(execute=True):
        talk.go(1, since=0)
    with django_assert_num_queries(0):
        heard = client.get(poll, known).json()
    assert heard["version"] == again(talk).changes
    group.membership_of(pia).leave()
    gone = reverse("live", args=[live.token("talk", talk.pk, pia.pk)])
    with django_capture_on_commit_callbacks(execute=True):
        talk.go(-1, since=1)
    assert client.get(gone, known).status_code == 410
    talk.go(1, since=0)
    answer = client.get(url, seen, headers=htmx).content.decode()
    assert "Fortæl" in answer
    assert "<html" not in answer
    talk.close()
    assert client.get(url, seen, headers=htmx).headers["HX-Refresh"] == "true"


# ---- the end


def test_only_the_focus_person_has_a_field_to_write_in(group, meeting, people):
    jonas, karen, amir, *_ = people
    bring(group, karen)
    talk = begin(meeting, jonas, karen)
    assert 'name="notes"' in page(karen, talk)
    for other in (jonas, amir):
        assert "<textarea" not in page(other, talk)
        assert "Her skriver kun Karen." in page(other, talk)


def test_closing_asks_when_to_ask_again(group, meeting, people):
    jonas, karen, amir, *_ = people
    bring(group, karen)
    talk = begin(meeting, jonas, karen)
    talk.go(1, since=0)
    Sparring.objects.filter(pk=talk.pk).update(step=len(talk.steps))
    assert "Hvornår spørger vi igen?" in page(jonas, talk)
    assert post(amir, "talk_close", talk, {"asks_again": "2"}).status_code == 403
    post(jonas, "talk_close", talk, {"asks_again": "9"})
    assert again(talk).is_running
    post(jonas, "talk_close", talk, {"asks_again": "2"})
    post(jonas, "talk_close", talk, {"asks_again": "0"})
    assert (again(talk).is_closed, again(talk).asks_again) == (True, 2)
    assert "Giv dine noter til Karen" in page(amir, talk)


def test_what_nobody_closed_is_over_and_what_was_only_prepared_never_was(
    group, meeting, people, monday
):
    jonas, karen, amir, *_ = people
    bring(group, karen)
    begin(meeting, jonas, karen)
    monday.move_to(meeting.ends_at + timedelta(hours=12))
    reconcile()
    assert Sparring.objects.get().is_closed
    following = meeting.series.meetings.order_by("starts_at")[1]
    monday.move_to(following.starts_at)
    bring(group, amir)
    Sparring.objects.prepare(following, by=jonas)
    monday.move_to(following.ends_at + timedelta(hours=12))
    reconcile()
    assert not Sparring.objects.under_way().exists()
    assert group.cases.waiting().get().by == amir


def test_a_talk_is_prepared_on_the_day_and_by_members(group, meeting, people, monday):
    jonas, *_ = people
    url = reverse("meetings:talks", args=[meeting.pk])
    assert "Gør klar til samtalen" in at(jonas).get(url).content.decode()
    assert at(jonas).post(url).status_code == 302
    Sparring.objects.get().let_lie(timezone.now())
    monday.move_to(meeting.ends_at + timedelta(days=1))
    assert "Gør klar til samtalen" not in at(jonas).get(url).content.decode()
    at(jonas).post(url)
    assert not Sparring.objects.exists()


# ---- in the live room of the meeting


def test_the_room_follows_the_format_that_was_chosen(group, meeting, people):
    jonas, karen, *_ = people
    bring(group, karen)
    talk = Sparring.objects.prepare(meeting, by=jonas)
    talk.follow(Format.objects.get(slug="listening-team"))
    meeting.format = Format.objects.get(slug="network-meeting")
    meeting.save(update_fields=["format"])
    room = Room.start(meeting, by=jonas)
    titles = [step["title"][0] for step in room.steps]
    assert "Teamet taler sammen" in titles
    html = at(karen).get(reverse("meetings:room", args=[meeting.pk])).content.decode()
    assert reverse("meetings:talks", args=[meeting.pk]) in html


def test_two_who_press_next_at_once_go_one_step(group, meeting, people):
    jonas, karen, *_ = people
    bring(group, karen)
    talk = begin(meeting, jonas, karen)
    mine, theirs = again(talk), again(talk)
    mine.go(1, since=0)
    theirs.go(1, since=0)
    assert again(talk).step == 1
