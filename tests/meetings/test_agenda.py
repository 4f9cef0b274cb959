"""The agenda: asking, supporting, composing."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from meetings.models import AgendaItem, ParkedItem
from meetings.reconciling import reconcile
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import in_days, make_meeting, make_open_meeting, make_series

pytestmark = pytest.mark.usefixtures("monday")


def test_a_question_is_all_that_is_asked_for(team, leader):
    meeting = make_open_meeting(team)
    item = meeting.propose("Hvornår siger vi nej?", by=leader)
    assert (item.meeting, item.group, item.minutes, item.status) == (meeting, team, 20, "waiting")


def test_the_same_question_twice_is_one(team, leader):
    meeting = make_open_meeting(team)
    assert meeting.propose("Hvad nu?", by=leader) == meeting.propose("Hvad nu?", by=leader)
    assert AgendaItem.objects.count() == 1


def test_after_closing_a_question_goes_to_the_next_meeting(team, leader):
    series = make_series(team, meetings=2)
    first, second = series.meetings.order_by("starts_at")
    first.invite_proposals()
    first.compose_agenda()
    assert first.propose("Hvad nu?", by=leader).meeting == second


def test_without_a_next_meeting_it_waits_for_the_group(team, leader, monday):
    meeting = make_open_meeting(team)
    meeting.compose_agenda()
    item = meeting.propose("Hvad nu?", by=leader)
    assert item.meeting is None
    following = make_meeting(team, in_days(20))
    following.invite_proposals()
    item.refresh_from_db()
    assert item.meeting == following


def test_support_counts_once_and_can_be_taken_back(team, leader):
    other = team.participants().exclude(pk=leader.pk).first()
    item = make_open_meeting(team).propose("Hvad nu?", by=leader)
    for _ in range(2):
        item.support_by(other)
    item.support_by(leader)
    assert item.support.count() == 1
    item.support_by(other, wanted=False)
    assert item.support.count() == 0


def test_composing_fills_the_time_says_why_and_carries_the_rest_over(team, leader):
    series = make_series(team, meetings=2)
    meeting, following = series.meetings.order_by("starts_at")
    meeting.invite_proposals()
    people = list(team.participants())
    for number, question in enumerate(["Et?", "To?", "Tre?", "Fire?"]):
        item = meeting.propose(question, by=leader, at=timezone.now() + timedelta(minutes=number))
        for person in people[1 : 1 + number]:
            item.support_by(person)
    meeting.compose_agenda()
    on_agenda = meeting.items.on_agenda().values_list("question", "minutes", "why")
    assert list(on_agenda) == [
        ("Fire?", 30, "support"),
        ("Tre?", 15, "support"),
    ]
    carried = AgendaItem.objects.get(question="To?")
    assert (carried.meeting, carried.carried_from, carried.status) == (
        following,
        meeting,
        "waiting",
    )


def test_carried_over_comes_first_and_only_once(team, leader):
    series = make_series(team, meetings=3)
    first, second, third = series.meetings.order_by("starts_at")
    first.invite_proposals()
    for number in range(6):
        first.propose(f"{number}?", by=leader, at=timezone.now() + timedelta(minutes=number))
    for meeting in (first, second, third):
        meeting.compose_agenda()
    asked = AgendaItem.objects.filter(by=leader).order_by("pk")
    states = list(asked.values_list("status", "meeting", "why"))
    assert [meeting for _, meeting, _ in states[:3]] == [first.pk, first.pk, second.pk]
    assert states[2] == ("set", second.pk, "carried")
    assert [status for status, _, _ in states[4:]] == ["resting"] * 2


def test_whoever_had_the_table_least_comes_before_support(team, leader):
    series = make_series(team, meetings=2)
    first, second = series.meetings.order_by("starts_at")
    quiet = team.participants().exclude(pk=leader.pk).first()
    first.propose("Mit første?", by=leader)
    first.compose_agenda()
    mine = second.propose("Mit andet?", by=leader)
    theirs = second.propose("Mit første?", by=quiet)
    mine.support_by(quiet)
    second.compose_agenda()
    order = list(second.items.on_agenda().values_list("pk", "why"))
    assert order == [(theirs.pk, "turn"), (mine.pk, "support")]


def test_operations_are_parked_and_can_come_back(team, leader):
    meeting = make_open_meeting(team)
    item = meeting.propose("Hvem har nøglen?", by=leader)
    parked = item.park()
    assert (item.status, parked.owner, parked.closed_at) == ("parked", leader, None)
    assert parked.to_agenda() == item
    item.refresh_from_db()
    assert item.status == "waiting"
    assert not ParkedItem.objects.exists()


def test_opening_asks_every_participant_once(team, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        meeting = make_meeting(team)
        reconcile()
        reconcile()
    meeting.refresh_from_db()
    assert meeting.is_open
    opened = [message for message in mail.outbox if "?ask=1" in message.body]
    assert sorted(message.to[0] for message in opened) == sorted(
        team.participants().values_list("email", flat=True)
    )


def test_the_agenda_is_the_reminder(team, leader, monday):
    meeting = make_open_meeting(team)
    meeting.propose("Hvornår siger vi nej?", by=leader)
    monday.shift(timedelta(days=2))
    reconcile()
    deliver_due()
    mails = [m for m in mail.outbox if m.subject.startswith("Dagsordenen")]
    assert len(mails) == team.participants().count()
    assert "Rådhuset" in mails[0].body.splitlines()[0]
    assert "Hvornår siger vi nej?" in mails[0].body


def test_composing_and_opening_twice_change_nothing(team, leader):
    meeting = make_open_meeting(team)
    meeting.propose("Hvad nu?", by=leader)
    meeting.compose_agenda()
    rows = Delivery.objects.count()
    meeting.compose_agenda()
    meeting.invite_proposals()
    assert Delivery.objects.count() == rows
    assert meeting.items.on_agenda().count() == 1
