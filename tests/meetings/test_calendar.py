"""What calendars are told, judged by a client that reads the mails with another library."""

from datetime import timedelta

import pytest
from django.core import mail

from meetings.models import Invitation
from meetings.reconciling import reconcile
from networks.models import Membership
from notifications.delivery import deliver_due
from tests.factories import in_days, make_series, make_user
from tests.notifications.calendar_client import CalendarClient, Manner

pytestmark = pytest.mark.usefixtures("monday")


class Mailbox:
    """One person's mails, read by two calendars: a strict one, and one that forgets exceptions."""

    def __init__(self, person):
        self.person, self.read = person, 0
        self.calendars = [CalendarClient(Manner.STRICT), CalendarClient(Manner.FORGETS)]

    def holds(self):
        """What stands in this person's calendars, which must agree."""
        mine = [m for m in mail.outbox if m.to == [self.person.email]]
        for message in mine[self.read :]:
            if any("text/calendar" in part.mimetype for part in message.alternatives):
                for calendar in self.calendars:
                    calendar.receive_mail(message.message())
        self.read = len(mine)
        strict, forgets = (calendar.standing() for calendar in self.calendars)
        assert strict == forgets
        return strict


def standing(series):
    return {
        (meeting.starts_at, meeting.ends_at, meeting.where)
        for meeting in series.meetings.standing()
    }


@pytest.fixture
def season(team):
    return make_series(team, meetings=5)


def minutes_pass(clock, minutes=6):
    clock.shift(timedelta(minutes=minutes))
    reconcile()
    deliver_due()


def test_everybody_holds_what_was_planned(season, leader, monday):
    minutes_pass(monday)
    assert Mailbox(leader).holds() == standing(season)


def test_one_moved_is_one_moved_and_back_again(season, leader, monday):
    box = Mailbox(leader)
    minutes_pass(monday)
    third = season.meetings.order_by("starts_at")[2]
    was = third.starts_at
    third.move(was + timedelta(days=1, hours=2), by=leader)
    minutes_pass(monday)
    assert box.holds() == standing(season)
    third.move(was, by=leader)
    minutes_pass(monday)
    assert box.holds() == standing(season)
    sequence = Invitation.objects.get(series=season, user=leader).entry.sequence
    assert sequence == 3


def test_cancelling_the_third_and_moving_the_fourth_leaves_the_others(season, leader, monday):
    box = Mailbox(leader)
    minutes_pass(monday)
    third, fourth = season.meetings.order_by("starts_at")[2:4]
    third.cancel(by=leader)
    minutes_pass(monday)
    fourth.move(fourth.starts_at + timedelta(hours=3), by=leader, place="Biblioteket")
    minutes_pass(monday)
    assert box.holds() == standing(season)
    assert len(standing(season)) == 4


def test_two_changes_within_five_minutes_are_one_mail(season, leader, monday):
    minutes_pass(monday)
    sent = len(mail.outbox)
    second, third = season.meetings.order_by("starts_at")[1:3]
    second.cancel(by=leader)
    monday.shift(timedelta(minutes=3))
    third.move(third.starts_at + timedelta(days=1), by=leader)
    minutes_pass(monday, 3)
    assert len(mail.outbox) == sent
    minutes_pass(monday, 3)
    assert len(mail.outbox) == sent + Invitation.objects.filter(series=season).count()


def test_who_leaves_loses_what_is_to_come_and_who_comes_back_gets_it(network, leader, monday):
    season = make_series(network, in_days(3), meetings=4)
    box = Mailbox(leader)
    minutes_pass(monday)
    planned = standing(season)
    assert box.holds() == planned
    monday.shift(timedelta(days=4))
    network.membership_of(leader).leave()
    minutes_pass(monday)
    first = min(planned)
    assert box.holds() == {first}
    Membership.objects.create(group=network, user=leader, joined_at=monday_now())
    minutes_pass(monday)
    assert box.holds() == planned


def monday_now():
    from django.utils import timezone

    return timezone.now()


def test_who_joins_gets_the_future_only(team, season, organisation, monday):
    minutes_pass(monday)
    monday.shift(timedelta(days=10))
    newcomer = make_user(organisation)
    team.appoint(newcomer)
    minutes_pass(monday)
    planned = sorted(standing(season))
    assert Mailbox(newcomer).holds() == set(planned[1:])


def test_a_network_group_is_private_and_neutral(network, leader, monday):
    make_series(network, meetings=2)
    minutes_pass(monday)
    message = next(m for m in mail.outbox if m.to == [leader.email])
    calendar = next(p.content for p in message.alternatives if "calendar" in p.mimetype)
    assert "CLASS:PRIVATE" in calendar
    assert network.name not in calendar.replace("\r\n ", "")


def test_whoever_keeps_the_dates_already_gets_no_invitation(team, leader, monday):
    season = make_series(team, meetings=3, in_calendar_already=True)
    minutes_pass(monday)
    assert not [m for m in mail.outbox if "text/calendar" in str(m.alternatives)]
    assert Invitation.objects.get(series=season, user=leader).entry.was_told
