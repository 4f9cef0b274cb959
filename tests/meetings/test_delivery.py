"""Which mail reaches whom: moved, cancelled, joined, left, rehearsed, by night."""

import threading
from collections import Counter
from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone, translation
from django.utils.formats import date_format

from meetings.reconciling import reconcile
from networks.models import Membership
from notifications import delivery, doorbell
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import (
    in_days,
    make_group,
    make_meeting,
    make_open_meeting,
    make_organisation,
    make_series,
    make_team,
    make_user,
    ordinary_day,
)
from tests.notifications.post_office import PostOffice, mailer

pytestmark = pytest.mark.django_db

CANARY = "KANARIEFUGL"
A_DAY, PATIENCE = timedelta(days=1), timedelta(minutes=5)


def minute() -> list:
    """What beat rings each minute. Answers the mails that went out."""
    mail.outbox.clear()
    reconcile()
    deliver_due()
    return list(mail.outbox)


def kinds(mails) -> Counter:
    return Counter(kind_of(one) for one in mails)


def kind_of(one) -> str:
    row = Delivery.objects.get(message_id=one.extra_headers["Message-ID"])
    return row.kind.removeprefix("meetings.")


def to(mails, kind: str) -> list[str]:
    return sorted(one.to[0] for one in mails if kind_of(one) == kind)


def everybody(group) -> list[str]:
    return sorted(group.participants().values_list("email", flat=True))


def fates(kind: str) -> set:
    rows = Delivery.objects.filter(kind=f"meetings.{kind}")
    return set(rows.values_list("state", "skip_reason"))


def spoken(moment: datetime) -> str:
    with translation.override("da"):
        return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def in_subject(moment: datetime) -> str:
    """A subject has plain spaces alone."""
    return " ".join(spoken(moment).split())


# ---- still true?


@pytest.mark.parametrize(
    ("kind", "has_agenda"), [("opening", True), ("agenda", True), ("reminder", False)]
)
def test_a_moved_meeting_earns_new_mails_and_the_old_ones_die(team, monday, kind, has_agenda):
    meeting = make_meeting(team, has_agenda=has_agenda)
    deliver_due()
    if kind == "opening":
        meeting.invite_proposals()
    else:
        meeting.compose_agenda(at=timezone.now())
        Delivery.objects.filter(kind=f"meetings.{kind}").update(due_at=timezone.now())
    meeting.move(in_days(7), by=team.senior_manager)
    assert kinds(minute())[kind] == (5 if kind == "opening" else 0)
    assert ("skipped", "moved") in fates(kind)
    monday.shift(timedelta(days=4))
    mails = minute()
    if kind != "opening":
        assert to(mails, kind) == everybody(team)
        assert all(in_subject(in_days(3)) in one.subject for one in mails if kind_of(one) == kind)
    assert kinds(minute() + minute()) == {}


def test_moved_while_its_mail_waited_and_back_again_it_still_goes_out(team, monday):
    meeting = make_open_meeting(team)
    before = meeting.starts_at
    meeting.move(in_days(1), by=team.senior_manager)
    deliver_due()
    assert fates("opening") == {("skipped", "moved")}
    meeting.move(before, by=team.senior_manager)
    assert to(minute(), "opening") == everybody(team)
    assert minute() == []


def test_a_group_without_an_agenda_is_never_asked_for_questions(team, monday):
    meeting = make_meeting(team, has_agenda=False)
    meeting.compose_agenda()
    meeting.move(in_days(7), by=team.senior_manager)
    for _ in range(9):
        assert kinds(minute())["opening"] == 0
        monday.shift(timedelta(hours=12))


def test_a_cancelled_meeting_sends_one_cancellation_and_nothing_else(team, monday):
    meeting = make_open_meeting(team)
    deliver_due()
    meeting.compose_agenda()
    meeting.cancel(by=team.senior_manager, reason="Snestorm")
    Delivery.objects.filter(kind="meetings.agenda").update(due_at=timezone.now())
    assert minute() == []
    assert fates("agenda") == {("skipped", "cancelled")}
    monday.shift(PATIENCE)
    mails = minute()
    assert to(mails, "changed") == everybody(team)
    assert len(mails) == 5
    assert all(spoken(in_days(3)) in one.body and "Snestorm" in one.body for one in mails)
    monday.shift(A_DAY * 4)
    assert minute() == []


def test_a_worker_that_was_away_until_after_the_meeting_sends_nothing_stale(team, monday):
    meeting = make_open_meeting(team)
    meeting.compose_agenda()
    monday.shift(A_DAY * 4)
    assert minute() == []
    assert fates("opening") == fates("agenda") == fates("invited") == {("skipped", "past")}


def test_a_worker_that_was_away_for_three_hours_catches_up(team, monday):
    make_series(team, in_days(7, clock=time(9)))
    minute()
    monday.move_to(in_days(6, clock=time(11)))
    assert to(minute(), "agenda") == everybody(team)


def test_who_has_left_gets_no_more_who_came_back_is_reminded_again(team, leader, monday):
    meeting = make_open_meeting(team)
    team.membership_of(leader).leave()
    assert leader.email not in to(minute(), "opening")
    monday.shift(timedelta(minutes=1))
    Membership.objects.create(group=team, user=leader)
    assert to(minute(), "opening") == [leader.email]
    meeting.refresh_from_db()
    assert "opening" not in kinds(minute())


def test_who_comes_back_hears_what_changed_meanwhile(team, leader, monday):
    meeting = make_meeting(team, in_days(10))
    deliver_due()
    team.membership_of(leader).leave()
    minute()
    meeting.move(in_days(11), by=team.senior_manager)
    monday.shift(PATIENCE)
    assert leader.email not in to(minute(), "changed")
    Membership.objects.create(group=team, user=leader)
    mails = minute()
    assert to(mails, "changed") == [leader.email]
    assert spoken(in_days(11)) in mails[0].body


def test_who_joins_after_the_opening_is_asked_too(team, organisation, monday):
    make_open_meeting(team)
    deliver_due()
    newcomer = make_user(organisation)
    Membership.objects.create(group=team, user=newcomer)
    mails = minute()
    assert to(mails, "opening") == to(mails, "invited") == [newcomer.email]
    assert len(mails) == 2


def test_reconciling_again_and_again_plans_nothing_new(team, network, monday):
    make_open_meeting(team)
    make_meeting(network)
    minute()
    rows = set(Delivery.objects.values_list("pk", "state", "due_at"))
    for _ in range(3):
        assert minute() == []
    assert set(Delivery.objects.values_list("pk", "state", "due_at")) == rows


# ---- rehearsal


@pytest.mark.parametrize("whole", [True, False], ids=["the organisation", "the team"])
def test_nothing_leaves_a_rehearsal_and_beginning_sends_what_is_still_true_once(monday, whole):
    organisation = make_organisation(begun=not whole)
    secretary = make_user(organisation, is_secretariat=True)
    team = make_team(organisation, 3, begun=whole, senior_manager=secretary)
    over, coming = make_series(team, in_days(1), meetings=2).meetings.order_by("starts_at")
    over.invite_proposals()
    minute()
    monday.shift(A_DAY * 2)
    coming.move(in_days(7), by=secretary)
    coming.invite_proposals()
    for _ in range(3):
        assert minute() == []
    assert fates("opening") == {("skipped", "rehearsal")}
    if whole:
        organisation.begin()
    else:
        team.begin(words="Her taler vi om, hvordan vi leder.")
    mails = minute()
    assert to(mails, "invited") == to(mails, "opening") == everybody(team)
    assert len(mails) == 8
    monday.shift(PATIENCE)
    assert minute() == []
    words = [one for one in mails if "Her taler vi om, hvordan vi leder." in one.body]
    assert to(words, "invited") == ([] if whole else everybody(team))


def test_a_network_group_begins_with_its_organisation(monday):
    organisation = make_organisation(begun=False)
    network = make_group(organisation, 4, status="running")
    make_meeting(network)
    assert minute() == []
    organisation.begin()
    assert to(minute(), "invited") == everybody(network)


def test_what_changed_in_rehearsal_in_a_season_they_knew_is_told_when_it_begins(monday):
    organisation = make_organisation(begun=False)
    team = make_team(organisation, 3)
    meeting = make_meeting(team, in_days(10), in_calendar_already=True)
    meeting.move(in_days(11), by=team.senior_manager)
    monday.shift(PATIENCE)
    assert minute() == []
    organisation.begin()
    mails = minute()
    assert (to(mails, "changed"), len(mails)) == (everybody(team), 4)
    assert minute() == []


# ---- hours


def test_by_night_only_what_must_reach_goes_out(monday):
    organisation = make_organisation(keeps_hours=True)
    team = make_team(organisation, 3)
    friday, opening = in_days(4, clock=time(22)), in_days(7, clock=time(7))
    monday.move_to(friday)
    make_open_meeting(team, first=in_days(5))
    mails = minute()
    assert (to(mails, "invited"), len(mails)) == (everybody(team), 4)
    for moment in (
        friday + timedelta(hours=14),
        friday + A_DAY * 2,
        opening - timedelta(minutes=1),
    ):
        monday.move_to(moment)
        assert minute() == []
    monday.move_to(opening)
    assert to(minute(), "opening") == everybody(team)


def test_a_meeting_without_an_agenda_is_reminded_of_at_the_hour_of_the_agenda(team, monday):
    meeting = make_meeting(team, has_agenda=False)
    deliver_due()
    monday.move_to(meeting.agenda_closes_at - timedelta(seconds=1))
    assert minute() == []
    monday.shift(timedelta(seconds=1))
    mails = minute()
    assert to(mails, "reminder") == everybody(team)
    assert all(in_subject(meeting.starts_at) in one.subject for one in mails)
    assert len(mails) == 5


# ---- moved and cancelled


def test_one_mail_five_minutes_after_the_last_edit_with_old_and_new_time(team, monday):
    meeting = make_meeting(team, in_days(10))
    deliver_due()
    for hours in (1, 2, 3):
        meeting.move(in_days(11) + timedelta(hours=hours), by=team.senior_manager)
        monday.shift(timedelta(minutes=4))
        assert minute() == []
    monday.shift(timedelta(seconds=59))
    assert minute() == []
    monday.shift(timedelta(seconds=1))
    mails = minute()
    assert (to(mails, "changed"), len(mails)) == (everybody(team), 5)
    for one in mails:
        assert spoken(in_days(10)) in one.body
        assert spoken(in_days(11) + timedelta(hours=3)) in one.body
        assert spoken(in_days(11) + timedelta(hours=1)) not in one.body
    monday.shift(A_DAY)
    assert minute() == []


def test_two_meetings_of_a_season_changed_is_one_mail(team, monday):
    first, second, third = make_series(team, in_days(10), meetings=3).meetings.order_by("starts_at")
    deliver_due()
    first.move(in_days(11), by=team.senior_manager)
    second.cancel(by=team.senior_manager)
    monday.shift(PATIENCE)
    mails = minute()
    assert len(mails) == 5
    for moment in (in_days(10), in_days(11), second.starts_at):
        assert all(spoken(moment) in one.body for one in mails)
    assert not any(spoken(third.starts_at) in one.body for one in mails)


def test_moved_there_and_back_is_silence(team, monday):
    meeting = make_meeting(team, in_days(10))
    deliver_due()
    before = meeting.starts_at
    meeting.move(in_days(11), by=team.senior_manager)
    monday.shift(timedelta(minutes=3))
    meeting.move(before, by=team.senior_manager)
    monday.shift(PATIENCE)
    assert minute() == []
    assert fates("changed") == {("skipped", "no difference")}


def test_moved_again_after_the_mail_is_another_mail(team, monday):
    meeting = make_meeting(team, in_days(10))
    deliver_due()
    for day in (11, 12):
        meeting.move(in_days(day), by=team.senior_manager)
        monday.shift(PATIENCE)
        mails = minute()
        assert to(mails, "changed") == everybody(team)
        assert all(spoken(in_days(day - 1)) in one.body for one in mails)


def test_who_was_never_told_hears_of_the_new_time_only(team, network, monday):
    meeting = make_meeting(team, in_days(10))
    make_meeting(network, in_days(10))
    meeting.move(in_days(11), by=team.senior_manager)
    mails = [one for one in minute() if str(team) in one.subject]
    assert (to(mails, "invited"), len(mails)) == (everybody(team), 5)
    assert all(spoken(in_days(11)) in one.body for one in mails)
    assert not any(spoken(in_days(10)) in one.body for one in mails)
    monday.shift(PATIENCE)
    assert minute() == []


def test_a_season_in_their_calendars_already_is_not_invited_to_but_told_of_changes(team, monday):
    season = make_series(team, in_days(10), meetings=2, in_calendar_already=True)
    assert minute() == []
    meeting, other = season.meetings.order_by("starts_at")
    meeting.move(in_days(11), by=team.senior_manager)
    monday.shift(PATIENCE)
    mails = minute()
    assert (to(mails, "changed"), len(mails)) == (everybody(team), 5)
    assert all(spoken(in_days(10)) in one.body for one in mails)
    assert not any(spoken(other.starts_at) in one.body for one in mails)


def test_what_was_asked_in_a_network_group_never_travels_by_mail(network, team, leader, monday):
    for group in (network, team):
        meeting = make_open_meeting(group)
        meeting.propose(f"{CANARY}?", by=leader)
        following = make_meeting(group, in_days(20))
        following.propose(f"{CANARY} 2?", by=leader)
        deliver_due()
        meeting.compose_agenda()
        meeting.move(in_days(3) + timedelta(hours=2), by=leader)
        following.cancel(by=leader)
    monday.shift(A_DAY * 2 + PATIENCE)
    reconcile()
    deliver_due()
    told = {kind for kind in ("invited", "opening", "agenda", "changed") if fates(kind)}
    assert told == {kind_of(one) for one in mail.outbox}
    with_canary = [one for one in mail.outbox if CANARY in one.message().as_string()]
    assert to(with_canary, "agenda") == everybody(team)
    assert len(with_canary) == 5
    in_network = {one.to[0] for one in mail.outbox if kind_of(one) == "agenda"}
    assert in_network == {*everybody(team), *everybody(network)}


@pytest.mark.django_db(transaction=True)
def test_a_meeting_moved_while_its_mail_is_being_sent_is_told_of_again(settings, monkeypatch):
    monkeypatch.setattr(doorbell, "_away_until", float("inf"))
    organisation = make_organisation()
    team = make_team(organisation, [make_user(organisation)])
    first = ordinary_day(organisation)
    meeting = make_meeting(team, first)
    moves = [first + timedelta(hours=2)]

    def move(letter):
        if moves:
            meeting.move(moves.pop(), by=team.senior_manager)
        connections.close_all()

    with PostOffice() as post:
        settings.MAILERS = mailer(post.port)
        assert deliver_due() == 2
        meeting.move(first + timedelta(hours=1), by=team.senior_manager)
        Delivery.objects.filter(state="due").update(due_at=timezone.now())
        moves, post.at_data = [first + timedelta(hours=2)], move
        assert deliver_due() == 2
        Delivery.objects.filter(state="due").update(due_at=timezone.now())
        deliver_due()
    for person in team.participants():
        last = [letter for letter in post.letters if letter["To"] == person.email][-1]
        words = last.get_body(("plain",)).get_content()
        assert spoken(first + timedelta(hours=2)) in words


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_tell_one_person_the_same_change(settings, monkeypatch):
    monkeypatch.setattr(doorbell, "_away_until", float("inf"))
    monkeypatch.setattr(delivery, "BATCH", 1)
    organisation = make_organisation()
    team = make_team(organisation)
    first = ordinary_day(organisation)
    meeting = make_meeting(team, first)

    def work():
        deliver_due()
        connections.close_all()

    with PostOffice() as post:
        settings.MAILERS = mailer(post.port)
        assert deliver_due() == 1
        meeting.move(first + timedelta(hours=1), by=team.senior_manager)
        Delivery.objects.filter(state="due").update(state="sent")  # as if it were on its way
        meeting.move(first + timedelta(hours=2), by=team.senior_manager)
        Delivery.objects.filter(kind="meetings.changed").update(state="due", due_at=timezone.now())
        second = threading.Thread(target=work)
        post.at_data = lambda letter: second.ident or (second.start(), second.join(0.5))
        deliver_due()
        second.join()
    assert [letter["To"] for letter in post.letters] == [team.senior_manager.email] * 2
    assert fates("changed") == {("sent", ""), ("skipped", "no difference")}


def test_an_answer_to_a_mail_reaches_a_person(team, monday):
    """About a meeting its host, about the dates whoever planned them; never nobody's address."""
    senior = team.senior_manager
    meeting = make_open_meeting(team, planned_by=senior)
    deliver_due()
    assert answered_at() == {senior.email, meeting.host.email}
    mail.outbox.clear()
    meeting.move(meeting.starts_at + timedelta(hours=2), by=senior)
    monday.shift(PATIENCE)
    deliver_due()
    assert answered_at() == {senior.email}


def answered_at() -> set[str]:
    return {address for letter in mail.outbox for address in letter.reply_to}
