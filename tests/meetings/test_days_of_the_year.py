"""The days on which calendars go wrong, planned for real and read in a calendar of its own."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.core import mail

from meetings.models import Series
from meetings.reconciling import reconcile
from notifications.delivery import deliver_due
from tests.factories import make_organisation, make_team, make_user
from tests.notifications.calendar_client import CalendarClient, Manner

pytestmark = pytest.mark.django_db

NINE = time(9)


def held(today: str, starts_on: str, ends_on: str, interval_days: int, change=None) -> list[str]:
    """What somebody's calendar shows, in local time, of a season planned on that day."""
    box = CalendarClient(Manner.FORGETS)
    with time_machine.travel(f"{today}T10:00:00+01:00", tick=False) as clock:
        organisation = make_organisation()
        leader = make_user(organisation)
        series = Series(
            group=make_team(organisation, [leader]),
            starts_on=date.fromisoformat(starts_on),
            ends_on=date.fromisoformat(ends_on),
            interval_days=interval_days,
            time=NINE,
            place="Rådhuset",
        ).settle()
        deliver_due()
        if change:
            change(series, leader)
            clock.shift(timedelta(minutes=6))
            reconcile()
            deliver_due()
    for one in mail.outbox:
        if one.to == [leader.email] and any("calendar" in p.mimetype for p in one.alternatives):
            box.receive_mail(one.message())
    zone = organisation.zone
    return [f"{start.astimezone(zone):%Y-%m-%d %H:%M}" for start, _, _ in sorted(box.standing())]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "days"),
    [
        ("2026-10-19", "2026-11-02", ["2026-10-19 09:00", "2026-10-26 09:00", "2026-11-02 09:00"]),
        ("2027-03-15", "2027-04-05", ["2027-03-15 09:00", "2027-03-22 09:00", "2027-04-05 09:00"]),
    ],
    ids=["back to winter time", "to summer time, Easter Monday skipped"],
)
def test_nine_is_nine_on_both_sides_of_the_clock_change(starts_on, ends_on, days):
    assert held("2026-10-01", starts_on, ends_on, 7) == days


def test_moved_over_the_clock_change_it_stands_at_the_hour_that_was_chosen():
    def over_it(series, leader):
        first = series.meetings.order_by("starts_at").first()
        there = series.group.organisation.at(date(2026, 10, 27), time(13))
        first.move(there, by=leader)

    assert held("2026-10-01", "2026-10-19", "2026-11-02", 14, over_it) == [
        "2026-10-27 13:00",
        "2026-11-02 09:00",
    ]


def test_from_here_on_over_the_clock_change():
    def later(series, leader):
        second = series.meetings.order_by("starts_at")[1]
        heir = series.going_on_from(second)
        heir.time, heir.ends_on = time(13), date(2027, 4, 12)
        series.change_from(second, heir, by=leader)

    assert held("2027-03-01", "2027-03-08", "2027-04-05", 14, later) == [
        "2027-03-08 09:00",
        "2027-03-22 13:00",
        "2027-04-05 13:00",
    ]


def test_fourteen_days_are_fourteen_days_over_week_53():
    assert held("2026-12-01", "2026-12-07", "2027-01-18", 14) == [
        "2026-12-07 09:00",
        "2026-12-21 09:00",
        "2027-01-04 09:00",
        "2027-01-18 09:00",
    ]


def test_store_bededag_is_an_ordinary_friday_and_was_a_holiday_until_2023():
    assert held("2026-04-01", "2026-05-01", "2026-05-08", 7) == [
        "2026-05-01 09:00",
        "2026-05-08 09:00",
    ]
    assert held("2023-04-03", "2023-04-28", "2023-05-12", 7) == [
        "2023-04-28 09:00",
        "2023-05-12 09:00",
    ]


def test_easter_2027_and_what_depends_on_it():
    """25, 26 and 29 March, Ascension 6 May, Whit Monday 17 May."""
    thursdays = held("2027-03-01", "2027-03-18", "2027-05-13", 7)
    assert [day[5:10] for day in thursdays] == [
        "03-18", "04-01", "04-08", "04-15", "04-22", "04-29", "05-13",
    ]  # fmt: skip
    mondays = held("2027-03-01", "2027-05-10", "2027-05-24", 7)
    assert [day[5:10] for day in mondays] == ["05-10", "05-24"]


def test_the_29th_of_february_is_a_day_like_others():
    assert held("2028-02-01", "2028-02-15", "2028-03-14", 14) == [
        "2028-02-15 09:00",
        "2028-02-29 09:00",
        "2028-03-14 09:00",
    ]
    yearly = held("2028-02-01", "2028-02-29", "2029-02-27", 91)
    assert yearly[0] == "2028-02-29 09:00"
    assert yearly[-1] == "2029-02-27 09:00"
