"""Composed groups start in one step: dates that fit, one mail each, all or none, once."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from meetings import starting
from meetings.models import Meeting, Series
from networks.models import ClosingPeriod, Composition, Group, KeptApart
from notifications import delivery
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

WEEK = date(2026, 11, 30)  # a Monday, in an ordinary week


@pytest.fixture
def proposal(organisation, secretariat):
    people = [factories.make_user(organisation) for _ in range(12)]
    return factories.make_proposal(secretariat, people, groups=3)


def offered(proposal, week=WEEK) -> list[tuple[date, time, int]]:
    return [(one.day, one.clock, one.busy) for one in starting.offer(proposal, week)]


def dates_of(proposal, **values) -> dict[int, dict]:
    return {
        one.proposed.pk: {"starts_on": one.day, "time": one.clock, "place": "Biblioteket"} | values
        for one in starting.offer(proposal, WEEK)
    }


def sent(proposal, **changed) -> dict[str, str]:
    """What the form sends when one takes what is offered."""
    fields = {}
    for one in starting.offer(proposal, WEEK):
        values = {"day": one.day, "time": one.clock, "place": "Biblioteket"} | changed
        fields |= {f"group-{one.proposed.pk}-{name}": value for name, value in values.items()}
    return fields


# ---- the dates that are offered


def test_in_five_weeks_from_tuesday_on_a_day_each(proposal, organisation):
    week = starting.usual_week(organisation, date(2026, 10, 28))
    assert week == WEEK
    tuesday, wednesday, thursday = (WEEK + timedelta(days=day) for day in (1, 2, 3))
    assert offered(proposal) == [(day, time(13), 0) for day in (tuesday, wednesday, thursday)]


def test_a_closed_week_is_passed_over(organisation):
    ClosingPeriod.objects.create(
        organisation=organisation, name="Jul", starts_on=WEEK, ends_on=WEEK + timedelta(days=6)
    )
    week = starting.usual_week(organisation, date(2026, 10, 28))
    assert week == WEEK + timedelta(weeks=1)


def test_closed_days_are_not_offered(proposal, organisation):
    ClosingPeriod.objects.create(
        organisation=organisation,
        name="Temadage",
        starts_on=WEEK + timedelta(days=1),
        ends_on=WEEK + timedelta(days=2),
    )
    days = [day for day, _clock, _busy in offered(proposal)]
    assert days == [WEEK + timedelta(days=day) for day in (3, 0, 4)]


def test_nobody_is_offered_a_time_at_which_they_meet_already(proposal, organisation):
    first = proposal.groups.first()
    busy = proposal.seats.filter(group=first).first().user
    at = datetime.combine(WEEK + timedelta(days=1), time(14), tzinfo=organisation.zone)
    factories.make_meeting(factories.make_team(organisation, [busy]), at)
    chosen = offered(proposal)
    assert chosen[0] == (WEEK + timedelta(days=2), time(13), 0)
    assert chosen[1] == (WEEK + timedelta(days=1), time(13), 0)


# ---- the start


def test_all_start_with_date_invitation_and_rhythm(proposal, secretariat, mailoutbox):
    proposal.keep_apart(*[seat.user for seat in proposal.seats.all()[:2]])
    dates = offered(proposal)
    made = starting.start(proposal, dates_of(proposal), by=secretariat)
    assert [group.status for group in made] == [Group.Status.RUNNING] * 3
    for group, (day, clock, _busy) in zip(made, dates, strict=True):
        season = group.series.get()
        assert (season.starts_on, season.time, season.interval_days) == (day, clock, 35)
        assert (season.minutes, season.place, season.planned_by) == (
            120,
            "Biblioteket",
            secretariat,
        )
        assert season.meetings.order_by("starts_at").first().starts_at.date() == day
        assert season.invitations.standing().count() == 4
    assert not KeptApart.objects.exists()
    delivery.deliver_due()
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(
        seat.user.email for seat in proposal.seats.all()
    )


def test_started_twice_is_started_once(proposal, secretariat):
    made = starting.start(proposal, dates_of(proposal), by=secretariat)
    later = dates_of(proposal, starts_on=WEEK + timedelta(days=21))
    assert starting.start(proposal, later, by=secretariat) == made
    assert (Group.objects.count(), Series.objects.count()) == (3, 3)


def test_all_or_none(proposal, secretariat):
    dates = dates_of(proposal)
    dates[proposal.groups.last().pk]["starts_on"] = timezone.localdate() - timedelta(days=1)
    with pytest.raises(ValidationError):
        starting.start(proposal, dates, by=secretariat)
    assert not Group.objects.exists()
    assert not Meeting.objects.exists()
    proposal.refresh_from_db()
    assert proposal.state == Composition.State.PROPOSED


# ---- the page


def test_the_page_offers_and_starts(client, proposal, secretariat):
    client.force_login(secretariat)
    url = reverse("meetings:start_groups", args=[proposal.pk])
    page = client.get(url, {"week": "2026-12-02", "place": "Biblioteket"}).content.decode()
    assert page.count('value="Biblioteket"') == 4
    assert 'value="2026-12-01"' in page
    for _twice in range(2):
        assert client.post(url, sent(proposal))["Location"] == proposal.get_absolute_url()
    assert Group.objects.count() == 3
    board = client.get(proposal.get_absolute_url()).content.decode()
    for group in Group.objects.all():
        assert group.get_absolute_url() in board


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"day": "2026-11-09"}, "Vælg en dag fra i morgen."),
        ({"day": "2028-11-09"}, "mere end et år frem"),
        ({"day": "2026-12-25"}, "Den dag mødes ingen"),
        ({"day": "i morgen"}, "errorlist"),
        ({"place": ""}, "Hvor mødes I?"),
        ({"place": "https://"}, "errorlist"),
        ({"time": "25:00"}, "errorlist"),
    ],
)
def test_a_date_that_can_not_be_is_said_and_nothing_starts(
    client, proposal, secretariat, changed, words
):
    client.force_login(secretariat)
    url = reverse("meetings:start_groups", args=[proposal.pk])
    answer = client.post(url, sent(proposal, **changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Group.objects.exists()


def test_a_link_in_place_of_a_place_is_a_link(client, proposal, secretariat):
    client.force_login(secretariat)
    link = "https://video.example.org/fyret"
    url = reverse("meetings:start_groups", args=[proposal.pk])
    client.post(url, sent(proposal, place=link))
    assert set(Series.objects.values_list("place", "link")) == {("", link)}


def test_a_week_that_can_not_be_offers_the_usual_one(client, proposal, secretariat):
    client.force_login(secretariat)
    url = reverse("meetings:start_groups", args=[proposal.pk])
    for week in ("2020-01-01", "på mandag", "2030-01-01"):
        answer = client.get(url, {"week": week})
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
