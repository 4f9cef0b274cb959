"""Up to eight times, one tap each, one button: the first meeting and the season from it."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.models import DateSearch, Fit, Series
from networks.models import Group
from notifications.delivery import deliver_due
from tests.factories import in_days, make_group, make_series
from tests.test_at_once import at_once
from tests.test_queries import asked

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def group(organisation):
    return make_group(organisation, 5, name="Modet")


@pytest.fixture
def people(group):
    """The tovholder first."""
    return [m.user for m in group.memberships.order_by("pk").select_related("user")]


def search_in(group, *days, **values) -> DateSearch:
    by = group.memberships.get(role="facilitator").user
    search = DateSearch(group=group, by=by, **{"place": "Biblioteket"} | values)
    return search.offer([in_days(day) for day in days])


def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    client.get("/me/")
    return client


def best_of(search):
    return search.best(search.times_for(search.by), timezone.now())


def test_the_time_that_most_can_the_earliest_first(group, people):
    search = search_in(group, 9, 4, 16)
    early, middle, late = search.times.order_by("starts_at")
    assert best_of(search) is None
    for person in people[:3]:
        late.fits(person)
        late.fits(person)
        middle.fits(person)
    early.fits(people[0])
    assert best_of(search) == middle
    middle.fits(people[0], wanted=False)
    assert best_of(search) == late
    assert [time.fitting for time in search.times_for(people[1])] == [1, 2, 3]
    assert [time.fits_me for time in search.times_for(people[1])] == [False, True, True]


def test_who_left_is_not_counted(group, people):
    search = search_in(group, 4)
    time = search.times.get()
    time.fits(people[1])
    group.membership_of(people[1]).leave()
    assert best_of(search) is None


def test_what_has_passed_is_not_the_best(group, people, monday):
    search = search_in(group, 4, 9)
    first, second = search.times.order_by("starts_at")
    first.fits(people[0])
    first.fits(people[1])
    second.fits(people[0])
    monday.shift(timedelta(days=5))
    assert best_of(search) == second


def test_one_button_plans_the_season_and_the_group_runs(group, people):
    search = search_in(group, 4, minutes=90)
    time = search.times.get()
    season = search.choose(time, by=people[0])
    assert search.choose(time, by=people[0]) == season
    assert season.meetings.order_by("starts_at").first().starts_at == time.starts_at
    assert (season.interval_days, season.minutes, season.place) == (35, 90, "Biblioteket")
    group.refresh_from_db()
    assert group.status == "running"
    time.fits(people[1])  # too late
    assert not Fit.objects.exists()


def test_with_too_few_it_goes_on_forming(organisation):
    group = make_group(organisation, 3)
    search = search_in(group, 4)
    search.choose(search.times.get(), by=search.by)
    group.refresh_from_db()
    assert group.status == "forming"


def test_each_member_but_the_one_who_asks_gets_one_mail(group, people, mailoutbox):
    search = search_in(group, 4)
    search_in(group, 5)
    search.times.get().fits(people[1])
    deliver_due()
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(p.email for p in people[2:])
    assert DateSearch.objects.count() == 1


# ---- July and December


def test_a_network_group_rests_in_july_and_december(group, people):
    season = Series.first_thought(group, by=people[0])
    season.starts_on, season.ends_on = date(2026, 11, 12), date(2027, 9, 1)
    resting = {d.starts_at.month for d in season.dates() if str(d.skipped).startswith("gruppen")}
    met = {d.starts_at.month for d in season.dates() if not d.skipped}
    assert resting == {12, 7}
    assert not met & {12, 7}
    season.rests = False
    assert {d.starts_at.month for d in season.dates() if not d.skipped} >= {12, 7}


def test_a_first_date_in_december_was_chosen_and_stands(group):
    search = search_in(group, 23)
    season = search.choose(search.times.get(), by=search.by)
    assert season.dates()[0].skipped == ""
    assert season.meetings.count() == len([d for d in season.dates() if not d.skipped])


def test_the_next_season_does_not_begin_in_a_month_of_rest(group, people):
    make_series(group, in_days(3), rests=True, interval_days=21)
    assert Series.first_thought(group, by=people[0]).starts_on.month == 1


def test_a_team_does_not_rest(team):
    assert not Series.first_thought(team, by=team.senior_manager).rests


# ---- pages


def test_offering_tapping_and_choosing_on_the_pages(group, people):
    url = reverse("meetings:first_date", args=[group.pk])
    tovholder, member = browser(people[0]), browser(people[1])
    assert url in tovholder.get(group.get_absolute_url()).content.decode()
    form = tovholder.get(url).context["form"]
    suggested = [field.initial for field in form.time_fields if field.initial]
    assert [(t.weekday(), t.hour) for t in suggested] == [(1, 9), (3, 13)] * 2
    times = {"time_0": "2026-11-24T09:00", "time_1": "2026-11-26T13:00", "minutes": "120"}
    refused = tovholder.post(url, times)
    assert refused.status_code == 422
    assert "2026-11-26T13:00" in refused.content.decode()  # what was chosen is kept
    tovholder.post(url, times | {"place": "Kantinen"})
    assert url in member.get("/").content.decode()
    first, second = DateSearch.objects.get().times.order_by("starts_at")
    tap = reverse("meetings:fit", args=[second.pk])
    region = member.post(tap, {"wanted": "1"}, headers={"hx_request": "true"}).content.decode()
    assert "1 af 5 kan" in region
    assert "<html" not in region
    assert url not in member.get("/").content.decode()
    page = tovholder.get(url).content.decode()
    assert reverse("meetings:choose_date", args=[second.pk]) in page
    assert reverse("meetings:choose_date", args=[first.pk]) not in page
    tovholder.post(reverse("meetings:choose_date", args=[second.pk]))
    assert "26. november" in member.get(group.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "time", ["2026-11-09T09:00", "2027-12-01T09:00", "2026-12-25T09:00", "i morgen", ""]
)
def test_times_that_can_not_be_offered(group, people, time):
    url = reverse("meetings:first_date", args=[group.pk])
    data = {"time_0": time, "place": "Kantinen", "minutes": "120"}
    response = browser(people[0]).post(url, data)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["time_0"]
    assert not DateSearch.objects.exists()


def test_a_time_that_can_not_be_had_any_more_is_said_kindly(group, people):
    search = search_in(group, 4)
    make_series(group, in_days(3))
    time = search.times.get()
    choose = reverse("meetings:choose_date", args=[time.pk])
    make_series(group, in_days(5), meetings=1)
    Series.objects.update(ends_on=in_days(30).date())
    response = browser(people[0]).post(choose, follow=True)
    assert "Begynd efter den" in response.content.decode()
    assert DateSearch.objects.open().exists()


def test_other_times(group, people):
    search_in(group, 4)
    tovholder, url = browser(people[0]), reverse("meetings:first_date", args=[group.pk])
    tovholder.post(reverse("meetings:drop_dates", args=[group.pk]))
    assert tovholder.get(url).context["form"]
    assert "foreslået" in browser(people[1]).get(url).content.decode()


class House:
    def __init__(self, person):
        self.person = person

    def client(self, role) -> Client:
        return browser(self.person)


def test_the_page_asks_as_often_with_one_time_as_with_eight(group, people):
    url = reverse("meetings:first_date", args=[group.pk])
    search_in(group, 4)
    one = asked(House(people[0]), "member", "get", url)
    DateSearch.objects.get().drop()
    search = search_in(group, *range(4, 12))
    for time in search.times.all():
        time.fits(people[1])
    assert asked(House(people[0]), "member", "get", url) == one
    assert one <= 8


@pytest.mark.django_db(transaction=True)
def test_two_choose_at_once(organisation):
    group = make_group(organisation, 4)
    search = search_in(group, 4, 5)
    one, other = search.times.order_by("starts_at")
    again = DateSearch.objects.get(pk=search.pk)
    first, second = at_once(
        lambda: search.choose(one, by=search.by), lambda: again.choose(other, by=search.by)
    )
    assert first == second
    assert Series.objects.count() == 1
    assert Group.objects.get(pk=group.pk).is_running
