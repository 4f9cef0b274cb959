"""The live room: one leads, the clock is the server's, the time adds up."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from config import live
from meetings.models import AgendaItem, Answer, Meeting, ParkedItem, Room
from meetings.reconciling import reconcile
from tests.factories import make_meeting, make_series, make_user

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def other(team, leader):
    return team.memberships.exclude(user=leader).order_by("pk").first().user


@pytest.fixture
def meeting(team, leader, other):
    """Two questions of 25 and 20 minutes on the agenda of a dialogue meeting of 90."""
    series = make_series(team, meetings=2)
    meeting = series.meetings.order_by("starts_at").first()
    meeting.invite_proposals()
    meeting.propose("Hvornår siger vi nej?", by=leader, minutes=25)
    meeting.propose("Hvem passer på os?", by=other, minutes=20)
    meeting.compose_agenda()
    return meeting


@pytest.fixture
def room(meeting, leader, monday):
    monday.move_to(meeting.starts_at)
    return Room.start(meeting, by=leader)


def titles(room) -> list[str]:
    return [step["title"][0] for step in room.steps]


def here(room) -> str:
    return room.steps[room.position]["title"][0]


def seconds(room) -> list[int]:
    return [round(step["seconds"]) for step in room.steps]


def now(meeting, **later):
    return meeting.starts_at + timedelta(**later)


def go_to(room, title) -> None:
    while here(room) != title:
        room.next(by=room.chair)


# ---- begin


def test_whoever_starts_has_the_chair_and_the_time_runs(room, meeting, leader):
    meeting.refresh_from_db()
    assert (meeting.status, room.chair, here(room), room.running) == (
        "live",
        leader,
        "Tjek ind",
        True,
    )
    assert titles(room)[:6] == [
        "Tjek ind",
        "Siden sidst",
        "Tænk selv",
        "To og to",
        "Alle sammen",
        "Saml op",
    ]
    assert sum(seconds(room)) == 90 * 60


def test_started_twice_it_is_started_once(room, meeting, other):
    again = Room.start(meeting, by=other)
    assert again == room
    assert again.chair == room.chair
    assert Room.objects.count() == 1


def test_the_senior_manager_never_leads(meeting, team, monday):
    monday.move_to(meeting.starts_at)
    with pytest.raises(PermissionDenied):
        Room.start(meeting, by=team.senior_manager)


def test_a_quarter_of_an_hour_before_it_can_be_begun_and_no_earlier(meeting, leader):
    with pytest.raises(ValidationError):
        Room.start(meeting, by=leader, at=now(meeting, minutes=-16))
    room = Room.start(meeting, by=leader, at=now(meeting, minutes=-15))
    assert room.ends_at == now(meeting, minutes=75)


def test_begun_a_little_late_it_still_ends_on_time(meeting, leader):
    room = Room.start(meeting, by=leader, at=now(meeting, minutes=10))
    assert room.ends_at == meeting.ends_at
    assert sum(seconds(room)) == 80 * 60


def test_begun_a_day_late_it_takes_as_long_as_it_was_to_take(meeting, leader):
    reconcile(at=now(meeting, days=1))
    meeting.refresh_from_db()
    assert meeting.status == "held"
    room = Room.start(meeting, by=leader, at=now(meeting, days=1))
    assert room.ends_at == now(meeting, days=1, minutes=90)
    assert room.meeting.status == "live"
    assert len([title for title in titles(room) if title == "Alle sammen"]) == 2


def test_a_week_late_another_meeting_is_planned(meeting, leader):
    with pytest.raises(ValidationError):
        Room.start(meeting, by=leader, at=now(meeting, days=7))


def test_a_cancelled_meeting_is_not_begun(meeting, leader):
    meeting.cancel(by=leader)
    with pytest.raises(ValidationError):
        Room.start(meeting, by=leader, at=meeting.starts_at)


def test_an_agenda_whose_minute_has_not_come_round_is_composed(team, leader):
    meeting = make_meeting(team)
    meeting.invite_proposals()
    meeting.propose("Hvad nu?", by=leader)
    room = Room.start(meeting, by=leader, at=meeting.starts_at)
    assert [step["item"] for step in room.steps if step["item"]] == [
        AgendaItem.objects.get().pk
    ] * 4


def test_under_way_it_can_neither_be_moved_nor_cancelled(room, meeting, leader):
    with pytest.raises(ValidationError):
        meeting.cancel(by=leader)
    with pytest.raises(ValidationError):
        meeting.move(now(meeting, days=1), by=leader)


# ---- step by step


def test_time_saved_goes_to_the_questions(room, leader, monday):
    before = dict(zip(titles(room), seconds(room), strict=True))
    monday.shift(timedelta(minutes=4))  # of ten for the check-in
    room.next(by=leader)
    after = dict(zip(titles(room), seconds(room), strict=True))
    assert here(room) == "Siden sidst"
    assert after["Siden sidst"] == before["Siden sidst"]
    assert after["Tjek ud"] == before["Tjek ud"]
    assert sum(seconds(room)[1:]) == 86 * 60
    assert after["Alle sammen"] > before["Alle sammen"]


def test_time_overdrawn_is_taken_from_everything_that_follows(room, leader, monday):
    before = seconds(room)
    monday.shift(timedelta(minutes=20))
    room.next(by=leader)
    assert sum(seconds(room)[1:]) == 70 * 60
    assert all(new <= old for new, old in zip(seconds(room)[1:], before[1:], strict=True))


def test_pressed_twice_goes_on_once(room, leader):
    seen = room.position
    other_page = Room.objects.get(pk=room.pk)
    room.next(by=leader, seen=seen)
    other_page.next(by=leader, seen=seen)
    assert (other_page.position, here(other_page)) == (1, "Siden sidst")


def test_back_again_there_are_two_minutes_at_least(room, leader, monday):
    monday.shift(timedelta(minutes=10))
    room.next(by=leader)
    room.back(by=leader)
    assert here(room) == "Tjek ind"
    assert room.left_at(now(room.meeting, minutes=10)) == 120


def test_before_the_first_step_and_after_the_last_there_is_nothing(room, leader):
    room.back(by=leader)
    assert room.position == 0
    for _ in range(40):
        room.next(by=leader)
    assert here(room) == "Tjek ud"


def test_a_pause_stops_the_clock_and_what_follows_gives_the_time(room, leader, monday):
    monday.shift(timedelta(minutes=4))
    room.pause(by=leader)
    monday.shift(timedelta(minutes=10))
    room.pause(by=leader)
    assert room.left_at(now(room.meeting, minutes=14)) == 6 * 60
    room.resume(by=leader)
    monday.shift(timedelta(minutes=1))
    assert room.left_at(now(room.meeting, minutes=15)) == 5 * 60
    assert room.done_at(now(room.meeting, minutes=15)) == room.ends_at


def test_two_minutes_more_are_taken_from_what_follows(room, leader, monday):
    monday.shift(timedelta(minutes=9))
    room.extend(by=leader, seen=0)
    assert room.left_at(now(room.meeting, minutes=9)) == 3 * 60
    assert room.done_at(now(room.meeting, minutes=9)) == room.ends_at


def test_far_beyond_its_end_nothing_is_squeezed_to_less_than_a_third(room, leader, monday):
    monday.shift(timedelta(hours=2))
    room.next(by=leader)
    assert seconds(room)[-1] >= 10 * 60 / 3 - 30


def test_the_rest_is_parked_with_its_owner_and_the_time_goes_on(room, meeting, leader, monday):
    go_to(room, "Alle sammen")
    question = AgendaItem.objects.get(pk=room.steps[room.position]["item"])
    room.park_rest(by=leader, seen=room.position)
    assert ParkedItem.objects.get().owner == question.by
    assert here(room) == "Tænk selv"
    assert room.steps[room.position]["item"] != question.pk
    assert room.done_at(now(meeting)) == room.ends_at


def test_there_is_more_to_say_next_time(room, meeting, leader):
    go_to(room, "Tænk selv")
    question = AgendaItem.objects.get(pk=room.steps[room.position]["item"])
    room.take_next_time(by=leader, seen=room.position)
    question.refresh_from_db()
    assert question.status == "waiting"
    assert question.meeting == Meeting.objects.order_by("starts_at").last()


def test_a_question_taken_away_meanwhile_is_passed_over(room, leader):
    go_to(room, "Siden sidst")
    first = AgendaItem.objects.get(pk=room.steps[room.position + 1]["item"])
    first.withdraw()
    room.next(by=leader)
    assert here(room) == "Tænk selv"
    assert room.steps[room.position]["item"] != first.pk


# ---- the chair


def test_only_the_chair_leads(room, other, team):
    for person in (other, team.senior_manager):
        for verb in (room.next, room.back, room.pause, room.extend, room.close, room.go_round):
            with pytest.raises(PermissionDenied):
                verb(by=person)


def test_the_chair_is_handed_over_to_somebody_in_the_meeting(room, leader, other, team, outsider):
    for person in (team.senior_manager, outsider):
        with pytest.raises(ValidationError):
            room.hand_over(by=leader, to=person)
    room.hand_over(by=leader, to=other)
    room.next(by=other)
    with pytest.raises(PermissionDenied):
        room.next(by=leader)


def test_a_chair_that_is_awake_is_taken_only_when_one_means_it(room, other):
    assert room.take_chair(by=other) is False
    assert room.take_chair(by=other, confirmed=True) is True
    assert room.chair == other


def test_a_chair_that_fell_asleep_is_taken_in_one_tap(room, other, monday):
    monday.shift(timedelta(minutes=3))
    assert room.take_chair(by=other) is True


def test_a_sign_of_life_from_the_device_is_enough(room, leader, other, monday):
    monday.shift(timedelta(minutes=3))
    live.seen("room", room.pk, leader.pk)
    assert room.take_chair(by=other) is False


def test_who_was_removed_leads_no_more(room, leader, other, team):
    team.memberships.get(user=leader).leave()
    assert room.take_chair(by=other) is True
    with pytest.raises(PermissionDenied):
        room.next(by=leader)


def test_the_senior_manager_and_strangers_take_no_chair(room, team, outsider):
    for person in (team.senior_manager, outsider):
        with pytest.raises(PermissionDenied):
            room.take_chair(by=person, confirmed=True)


# ---- rounds


def people(room) -> list[int]:
    return room.speaking_order()


def test_a_round_goes_person_by_person_the_senior_manager_last(room, leader, team):
    room.go_round(by=leader)
    met = []
    while (speaks := room.round["speaks"]) is not None:
        met.append(speaks)
        room.next_speaker(by=leader, after=speaks)
    assert sorted(met) == sorted(person.pk for person in team.participants())
    assert met[-1] == team.senior_manager_id


def test_who_has_not_begun_a_round_begins_the_next(room, leader):
    first = []
    for _ in range(3):
        room.go_round(by=leader)
        first.append(room.round["speaks"])
        room.end_round(by=leader)
    assert len(set(first)) == 3


def test_anyone_passes_and_may_have_the_word_later(room, leader, monday):
    room.go_round(by=leader)
    speaks = room.round["speaks"]
    room.pass_word(by=type(leader).objects.get(pk=speaks), whose=speaks)
    assert room.round["passed"] == [speaks]
    room.next_speaker(by=leader, after=room.round["speaks"], to=speaks)
    assert (room.round["speaks"], room.round["passed"]) == (speaks, [])


def test_nobody_passes_for_somebody_else_but_the_chair(room, leader, other):
    room.go_round(by=leader)
    speaks = room.round["speaks"]
    somebody = next(p for p in room.insiders() if p.pk not in (speaks, leader.pk))
    with pytest.raises(PermissionDenied):
        room.pass_word(by=somebody, whose=speaks)
    room.pass_word(by=leader, whose=speaks)
    assert room.round["speaks"] != speaks


def test_pressed_twice_nobody_is_passed_over(room, leader):
    room.go_round(by=leader)
    speaks = room.round["speaks"]
    for _ in range(2):
        room.next_speaker(by=leader, after=speaks)
    assert room.round["spoken"] == [speaks]


def test_of_a_round_nothing_is_kept(room, leader):
    room.go_round(by=leader)
    room.next(by=leader)
    assert room.round == {}
    room.close(by=leader)
    assert (room.round, room.openers) == ({}, [])


def test_who_said_they_are_not_coming_is_not_asked(room, meeting, leader, other):
    Answer.objects.create(meeting=meeting, user=other, coming=False, starts_at=meeting.starts_at)
    assert other.pk not in people(room)


# ---- end


def test_closed_it_has_been_held(room, meeting, leader, monday):
    monday.shift(timedelta(minutes=85))
    for _ in range(2):
        room.close(by=leader)
    meeting.refresh_from_db()
    assert (meeting.status, room.closed_at) == ("held", now(meeting, minutes=85))
    with pytest.raises(ValidationError):
        room.next(by=leader)


def test_forgotten_it_falls_shut_an_hour_after_its_end(room, meeting):
    reconcile(at=now(meeting, minutes=149))
    meeting.refresh_from_db()
    assert meeting.status == "live"
    reconcile(at=now(meeting, minutes=151))
    meeting.refresh_from_db()
    room.refresh_from_db()
    assert (meeting.status, room.is_open) == ("held", False)
    assert room.steps[0]["spent"] == 10 * 60


def test_how_long_was_talked_about_the_questions(room, leader, monday):
    go_to(room, "Alle sammen")
    monday.shift(timedelta(minutes=12))
    room.next(by=leader)
    assert room.seconds_on_questions == 12 * 60


# ---- network groups


def test_a_network_group_meets_by_the_same_script_among_themselves(network, leader, monday):
    meeting = make_meeting(network, has_agenda=False)
    monday.move_to(meeting.starts_at)
    room = Room.start(meeting, by=leader)
    assert titles(room)[0] == "Velkommen"
    assert room.as_board().people == {
        str(member.user_id) for member in network.memberships.standing()
    }


def test_a_newcomer_who_has_not_said_yes_follows_nothing(network, leader, stranger, monday):
    network.memberships.create(user=stranger)
    meeting = make_meeting(network)
    room = Room.start(meeting, by=leader, at=meeting.starts_at)
    assert str(stranger.pk) not in room.as_board().people
    with pytest.raises(PermissionDenied):
        room.take_chair(by=stranger, confirmed=True)


@pytest.fixture
def stranger(organisation):
    return make_user(organisation)


def test_over_time_the_end_holds_as_long_as_what_follows_can_give(room, meeting, monday):
    late = now(meeting, minutes=25)  # the check-in had ten
    assert room.done_at(late) == room.ends_at
    much_later = now(meeting, minutes=80)
    assert room.done_at(much_later) > room.ends_at
