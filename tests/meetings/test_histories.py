"""Histories as they come, through a real mail server into two people's calendars.

What must stand in them is kept here in a few lines of its own, which know nothing of how it is
told: what is to come stands for whoever is in the group, what lies behind stays as it was told.
"""

from collections import Counter
from datetime import time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from meetings.models import Meeting, Series
from meetings.reconciling import reconcile
from notifications.delivery import deliver_due
from tests.conftest import MONDAY
from tests.factories import in_days, make_organisation, make_series, make_team, make_user
from tests.notifications.calendar_client import CalendarClient, Manner
from tests.notifications.post_office import PostOffice, mailer

PLACES = [("Rådhuset", ""), ("Kantinen, 2. sal", ""), ("", "https://video.example.org/nord")]


@pytest.fixture
def post(settings):
    with PostOffice() as office:
        settings.MAILERS = mailer(office.port)
        yield office


class World:
    """A leadership team of two, one of them comes and goes; and what ought to stand for each."""

    def __init__(self, clock, post):
        self.clock, self.post = clock, post
        organisation = make_organisation()
        stays, self.goes = make_user(organisation), make_user(organisation)
        self.team = make_team(organisation, [stays, self.goes], senior_manager=stays)
        make_series(self.team, in_days(3), meetings=5)
        self.ought = {stays.email: {}, self.goes.email: {}}
        self.calendars = {
            address: [CalendarClient(Manner.STRICT), CalendarClient(Manner.FORGETS)]
            for address in self.ought
        }
        self.read = len(post.letters)

    # ---- what may happen

    def move(self, number, days, hour):
        if meeting := self.pick(number):
            zone = self.team.organisation.zone
            day = timezone.localdate(meeting.original_start) + timedelta(days=days)
            starts_at = self.team.organisation.at(day, time(hour)).astimezone(zone)
            meeting.move(starts_at, by=self.goes, place="Biblioteket" if hour == 13 else "")

    def move_back(self, number):
        if meeting := self.pick(number):
            meeting.move(meeting.original_start, by=self.goes)

    def cancel(self, number):
        if meeting := self.pick(number):
            meeting.cancel(by=self.goes)

    def from_here_on(self, number, days, hour):
        if meeting := self.pick(number):
            heir = meeting.series.going_on_from(meeting)
            heir.starts_on += timedelta(days=days)
            heir.ends_on = max(heir.ends_on, heir.starts_on) + timedelta(days=14)
            heir.time, heir.interval_days = time(hour), 7 if hour == 13 else 14
            meeting.series.change_from(meeting, heir, by=self.goes)

    def end(self):
        if series := self.season():
            series.end(by=self.goes, reason="Vi holder inde")

    def plan(self):
        thought = Series.first_thought(self.team, by=self.goes)
        thought.ends_on = thought.starts_on + timedelta(days=28)
        thought.settle()

    def relocate(self, which):
        if series := self.season():
            series.relocate(*PLACES[which], by=self.goes)

    def leave(self):
        if membership := self.team.membership_of(self.goes):
            membership.leave()

    def join(self):
        if not self.team.membership_of(self.goes):
            self.team.appoint(self.goes)

    def wait(self, minutes):
        self.clock.shift(timedelta(minutes=minutes))
        reconcile()
        deliver_due()
        if minutes > 5:  # after PATIENCE
            self.judge()

    def do(self, step, *values):
        try:
            with transaction.atomic():
                getattr(self, step)(*values)
        except ValidationError:
            pass  # refused, and said why: nothing has happened

    def pick(self, number):
        found = Meeting.objects.filter(series__group=self.team, starts_at__gt=timezone.now())
        found = list(found.standing().for_page().order_by("starts_at"))
        return found[number % len(found)] if found else None

    def season(self):
        return self.team.series.filter(ended_at=None).order_by("starts_on").last()

    # ---- what it comes to

    def judge(self):
        for letter in self.post.letters[self.read :]:
            if any(part.get_content_type() == "text/calendar" for part in letter.walk()):
                for calendar in self.calendars[letter["To"]]:
                    calendar.receive_mail(letter)
        self.read = len(self.post.letters)
        now = timezone.now()
        for address, ought in self.ought.items():
            inside = address != self.goes.email or self.team.membership_of(self.goes)
            for meeting in Meeting.objects.filter(series__group=self.team).for_page():
                self.see(ought, meeting, inside, now)
            expected = Counter(ought.values())
            for calendar in self.calendars[address]:
                assert Counter(calendar.standing()) == expected, calendar.manner

    def see(self, ought, meeting, inside, now):
        was = ought.get(meeting.pk)
        told_to_come, comes = was and was[0] > now, meeting.starts_at > now
        if not inside:
            if told_to_come:
                del ought[meeting.pk]
        elif meeting.is_cancelled:
            if was and (told_to_come or comes):
                del ought[meeting.pk]
        elif comes or told_to_come:
            where = meeting.where or meeting.series.link
            ought[meeting.pk] = (meeting.starts_at, meeting.ends_at, where)


numbers, days, hours = st.integers(0, 4), st.integers(-3, 4), st.sampled_from([9, 11, 13])
waits = st.sampled_from([1, 6, 6, 6, 60 * 24 * 15])
steps = st.one_of(
    st.tuples(st.just("move"), numbers, days, hours),
    st.tuples(st.just("move_back"), numbers),
    st.tuples(st.just("cancel"), numbers),
    st.tuples(st.just("from_here_on"), numbers, days, hours),
    st.tuples(st.just("relocate"), st.integers(0, 2)),
    st.tuples(st.sampled_from(["end", "plan", "leave", "join"])),
)


@pytest.mark.django_db
@given(st.lists(st.tuples(steps, waits), min_size=2, max_size=6))
@example([(("move", 2, 1, 13), 6), (("from_here_on", 1, 2, 13), 6), (("move", 1, 1, 9), 6)])
@example([(("cancel", 1), 6), (("relocate", 1), 6), (("from_here_on", 3, 0, 11), 6)])
@example([(("relocate", 2), 60 * 24 * 15), (("leave",), 6), (("join",), 6)])
@example([(("from_here_on", 0, 1, 9), 1), (("from_here_on", 0, 1, 11), 6), (("end",), 6)])
@example([(("leave",), 6), (("from_here_on", 2, 1, 13), 6), (("join",), 6)])
@example([(("move", 4, 4, 13), 6), (("end",), 6), (("plan",), 6)])
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making it smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_calendar_ends_with_exactly_what_stands(post, history):
    with time_machine.travel(MONDAY, tick=False) as clock, transaction.atomic():
        world = World(clock, post)
        world.wait(6)
        for step, minutes in history:
            world.do(*step)
            world.wait(minutes)
        world.wait(6)
        transaction.set_rollback(True)
