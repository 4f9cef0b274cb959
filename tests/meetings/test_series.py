"""The dates of a season: skipped, never slid, at the same time of day all year."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from meetings.models import Meeting, Series
from meetings.models.series import end_of_half_year
from networks.calendar import public_holiday
from networks.models import ClosingPeriod
from tests.factories import in_days, make_meeting, make_series

pytestmark = pytest.mark.usefixtures("monday")


def season(team, starts_on, ends_on, **values) -> Series:
    return Series(
        group=team,
        starts_on=date.fromisoformat(starts_on),
        ends_on=date.fromisoformat(ends_on),
        **{"place": "Rådhuset"} | values,
    )


def days(series) -> list[str]:
    return [f"{one.starts_at.date()}" for one in series.dates() if not one.skipped]


def skipped(series) -> dict[str, str]:
    return {f"{one.starts_at.date()}": one.skipped for one in series.dates() if one.skipped}


def test_danish_holidays_are_skipped_with_their_name_and_the_others_keep_their_place(team):
    easter = season(team, "2027-03-15", "2027-04-12", interval_days=14)
    with translation.override("da"):
        assert skipped(easter) == {"2027-03-29": "Anden påskedag"}
    with translation.override("en"):
        assert skipped(easter) == {"2027-03-29": "Easter Monday"}
    assert days(easter) == ["2027-03-15", "2027-04-12"]
    assert [f"{one.starts_at.date()}" for one in easter.dates() if one.gap] == ["2027-04-12"]


@pytest.mark.parametrize(
    "day",
    [
        "2027-01-01",
        "2027-03-25",
        "2027-03-26",
        "2027-03-28",
        "2027-05-06",
        "2027-05-17",
        "2027-12-25",
        "2027-12-26",
    ],
)
def test_every_danish_holiday_is_known(day):
    assert public_holiday(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-05-01", "2027-04-23", "2026-06-05", "2026-12-31"])
def test_days_that_are_no_holiday_are_no_holiday(day):
    """1 May, Store Bededag (abolished from 2024), Constitution Day, New Year's Eve."""
    assert public_holiday(date.fromisoformat(day)) == ""


def test_store_bededag_was_a_holiday_once(team):
    assert public_holiday(date(2023, 5, 5))
    assert days(season(team, "2026-05-01", "2026-05-01")) == ["2026-05-01"]


def test_closing_weeks_are_skipped_with_their_name(team):
    ClosingPeriod.objects.create(
        organisation=team.organisation,
        name="Vinterferie",
        starts_on=date(2027, 2, 15),
        ends_on=date(2027, 2, 19),
    )
    winter = season(team, "2027-02-05", "2027-03-05", interval_days=7)
    assert skipped(winter) == {"2027-02-19": "Vinterferie"}
    assert days(winter) == ["2027-02-05", "2027-02-12", "2027-02-26", "2027-03-05"]


def test_nine_stays_nine_when_the_clock_changes(team):
    for first, last in [("2026-10-19", "2026-11-02"), ("2027-03-22", "2027-04-05")]:
        around = season(team, first, last, interval_days=14, time=time(9))
        moments = [one.starts_at for one in around.dates() if not one.skipped]
        assert {moment.astimezone(team.organisation.zone).time() for moment in moments} == {time(9)}
        assert len({moment.utcoffset() for moment in moments}) == 2


def test_fourteen_days_stay_fourteen_over_week_53(team):
    """2026 has a week 53: by odd weeks there would be one after seven days."""
    turn = season(team, "2026-12-14", "2027-01-25", interval_days=14)
    assert days(turn) == ["2026-12-14", "2026-12-28", "2027-01-11", "2027-01-25"]
    assert date(2026, 12, 28).isocalendar().week == 53


def test_a_long_break_is_pointed_out(team):
    summer = season(team, "2027-03-01", "2027-04-26", interval_days=14)
    ClosingPeriod.objects.create(
        organisation=team.organisation,
        name="Lukket",
        starts_on=date(2027, 3, 10),
        ends_on=date(2027, 3, 20),
    )
    after_break = [f"{one.starts_at.date()}" for one in summer.dates() if one.gap]
    assert skipped(summer).keys() == {"2027-03-15", "2027-03-29"}
    assert after_break == ["2027-04-12"]


def test_the_half_year_ends_a_season_unless_it_is_almost_over():
    assert end_of_half_year(date(2026, 8, 3)) == date(2026, 12, 31)
    assert end_of_half_year(date(2026, 11, 19)) == date(2026, 12, 31)
    assert end_of_half_year(date(2026, 11, 20)) == date(2027, 6, 30)
    assert end_of_half_year(date(2027, 5, 20)) == date(2027, 12, 31)


def test_planning_again_adds_nothing(team):
    series = make_series(team, meetings=4)
    rows = list(Meeting.objects.order_by("pk").values_list("pk", "starts_at"))
    assert series.plan() == []
    assert list(Meeting.objects.order_by("pk").values_list("pk", "starts_at")) == rows


def test_planning_again_brings_back_neither_moved_nor_cancelled_nor_left_out(team):
    series = make_series(team, meetings=4)
    first, second, third, last = series.meetings.order_by("starts_at")
    first.move(in_days(4), by=team.senior_manager)
    second.cancel(by=team.senior_manager)
    Meeting.objects.filter(pk=third.pk).delete()
    series.plan()
    assert set(series.meetings.values_list("pk", flat=True)) == {first.pk, second.pk, last.pk}


def test_a_longer_season_gets_the_meetings_that_are_missing(team):
    series = make_series(team, meetings=2)
    series.ends_on += timedelta(days=14)
    series.save()
    assert len(series.plan()) == 1
    assert series.meetings.count() == 3


def test_no_meeting_is_planned_in_the_past(team):
    series = make_series(team, meetings=1)
    series.ends_on += timedelta(days=28)
    series.save()
    series.plan(at=timezone.now() + timedelta(days=20))
    assert [m.starts_at for m in series.meetings.order_by("starts_at")][1] > in_days(20)


def test_a_season_that_begins_with_a_holiday_begins_after_it(team):
    series = season(team, "2026-12-25", "2027-01-22").settle()
    assert series.meetings.order_by("starts_at").first().original_start.date() == date(2027, 1, 8)


def test_an_agenda_opens_a_week_before_and_closes_the_working_day_before(team):
    meeting = make_meeting(team, in_days(7))  # a Monday
    zone = team.organisation.zone
    assert f"{meeting.agenda_opens_at.astimezone(zone):%d.%m. %H:%M}" == "09.11. 08:00"
    assert f"{meeting.agenda_closes_at.astimezone(zone):%d.%m. %H:%M}" == "13.11. 08:00"


def test_two_seasons_at_the_same_time_are_refused(team):
    make_series(team, meetings=4)
    with pytest.raises(ValidationError):
        make_series(team, in_days(10))


# ---- on the page


def test_the_preview_shows_the_dates_and_plans_nothing(client, team):
    client.force_login(team.senior_manager)
    url = reverse("meetings:new_series", args=[team.pk])
    fields = {"starts_on": "2026-12-11", "ends_on": "2027-01-08", "time": "09:00"}
    fields |= {"interval_days": "14", "preview": "1"}
    response = client.post(url, fields, headers={"hx_request": "true"})
    html = response.content.decode()
    assert response.status_code == 200
    assert html.lstrip().startswith('<section id="preview"')
    assert html.count("<li") == 3
    assert html.count('class="skipped"') == 1
    assert not Series.objects.exists()
    page = client.post(url, fields).content.decode()
    assert "<html" in page
    assert 'value="2026-12-11"' in page
    assert not Series.objects.exists()


def test_a_planned_season_shows_its_dates_its_skipped_days_and_its_changes(client, team):
    series = season(team, "2026-12-11", "2027-01-22").settle()
    first, second, third = series.meetings.order_by("starts_at")
    second.move(second.starts_at + timedelta(days=3), by=team.senior_manager, place="Kantinen")
    third.cancel(by=team.senior_manager, reason="Alle er på kursus")
    client.force_login(team.senior_manager)
    html = client.get(series.get_absolute_url()).content.decode()
    assert "Kantinen" in html
    assert "Alle er på kursus" in html
    assert public_holiday(date(2026, 12, 25)) in html
    assert first.get_absolute_url() in html
    assert reverse("meetings:time", args=[third.pk]) not in html


def test_the_next_season_is_thought_of_from_the_last(client, team):
    make_series(team, meetings=2, interval_days=21, place="Kantinen")
    client.force_login(team.senior_manager)
    html = client.get(reverse("meetings:new_series", args=[team.pk])).content.decode()
    assert 'value="Kantinen"' in html
    assert 'value="21"' in html


def test_dates_come_in_the_organisations_own_time(client, team):
    team.organisation.timezone = "America/Godthab"
    team.organisation.save()
    series = make_series(team, in_days(3, time(12)))
    assert series.time == series.meetings.get().starts_at.astimezone(team.organisation.zone).time()
    client.force_login(team.senior_manager)
    page = client.get(reverse("meetings:time", args=[series.meetings.get().pk]))
    assert f'value="{series.time:%H:%M}"' in page.content.decode()
