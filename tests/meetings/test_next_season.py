"""A season ends, and the next begins with what it taught."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import Series
from meetings.models.commitment import Agreed
from meetings.next_season import NextSeason, taught, to_continue
from tests.factories import in_days, make_series, make_user

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def series(team, leader, monday):
    """Two meetings, the second of which is two weeks ahead; an experiment and a standing item."""
    series = make_series(team, in_days(1), meetings=2, place="Havnen")
    first = series.meetings.order_by("starts_at").first()
    first.building.add_standing("Et pejlemærke", 10, by=leader)
    monday.move_to(first.starts_at)
    Agreed(first).agree("Korte møder", by=leader, experiment=True).learn("Vi nåede mere")
    monday.shift(timedelta(hours=3))
    return series


def today():
    return timezone.localdate()


def test_it_takes_rhythm_place_and_standing_items_along_and_begins_once(series, team, leader):
    planned = NextSeason(series).begin(by=team.senior_manager)
    assert NextSeason(series).begin(by=leader) == planned
    assert (planned.place, planned.interval_days, planned.time) == ("Havnen", 14, series.time)
    assert planned.starts_on == series.ends_on + timedelta(days=14)
    assert [item.question for item in planned.standing_items.standing()] == ["Et pejlemærke"]
    assert planned.meetings.exists()
    assert [one.lesson for one in taught(planned)] == ["Vi nåede mere"]


def test_who_plans_is_asked_near_the_end_until_the_next_is_there(series, team, leader, monday):
    senior = team.senior_manager
    assert list(to_continue(senior, today())) == [series]
    assert list(to_continue(leader, today())) == []
    assert list(to_continue(senior, series.ends_on - timedelta(days=40))) == []
    assert list(to_continue(senior, series.ends_on + timedelta(days=61))) == []
    NextSeason(series).begin(by=senior)
    assert list(to_continue(senior, today())) == []


def test_one_page_one_button_and_the_team_sees_what_was_taken_along(client, series, team, leader):
    url = reverse("meetings:next_season", args=[series.pk])
    client.force_login(team.senior_manager)
    html = client.get(url).content.decode()
    for words in ("Vi nåede mere", "Et pejlemærke", "Havnen"):
        assert words in html
    assert url in client.get(reverse("meetings:tried")).content.decode()
    assert url in client.get(series.get_absolute_url()).content.decode()
    planned = client.post(url)
    following = Series.objects.get(group=team, starts_on__gt=series.ends_on)
    assert planned.url == following.get_absolute_url()
    assert client.post(url).url == planned.url
    assert planned.url in client.get(url).content.decode()
    client.force_login(leader)
    assert "Vi nåede mere" in client.get(following.get_absolute_url()).content.decode()


def test_who_plans_without_being_in_it_reads_no_content(client, series, organisation):
    client.force_login(make_user(organisation, is_secretariat=True))
    for url in (reverse("meetings:next_season", args=[series.pk]), series.get_absolute_url()):
        html = client.get(url).content.decode()
        assert "Vi nåede mere" not in html
        assert "Et pejlemærke" not in html
