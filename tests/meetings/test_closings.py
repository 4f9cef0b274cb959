"""Closing weeks: what is usual, what a later one touches, and nothing changes without a yes."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from meetings.models import Series
from meetings.reconciling import reconcile
from networks.calendar import day_away, usually_away
from networks.models import ClosingPeriod
from notifications.delivery import deliver_due
from tests.cast import make_house
from tests.factories import in_days, make_group, make_series, make_user
from tests.notifications.calendar_client import CalendarClient, Manner
from tests.test_queries import MOST, asked

pytestmark = pytest.mark.usefixtures("monday")

LIST = "/closing-weeks/"


@pytest.fixture
def season(team):
    """Thursdays from 12 November to 7 January; Christmas Eve is one of them."""
    return make_series(team, meetings=5)


@pytest.fixture
def here(client, secretariat):
    client.force_login(secretariat)
    return client


def minutes_pass(clock) -> list:
    before = len(mail.outbox)
    clock.shift(timedelta(minutes=6))
    reconcile()
    deliver_due()
    return mail.outbox[before:]


def page(response) -> str:
    return " ".join(response.content.decode().split())


def days(season) -> list[str]:
    found = season.meetings.standing().order_by("starts_at")
    return [f"{meeting.starts_at:%d.%m.}" for meeting in found]


def close(client, first, last, name="Lukkeuge"):
    return client.post(LIST, {"name": name, "starts_on": first, "ends_on": last})


# ---- what is usual


def test_the_usual_weeks_and_days_of_a_year():
    with translation.override("da"):
        usual = usually_away(date(2027, 1, 11), date(2027, 12, 31))
        said = [(one.name, f"{one.starts_on:%d.%m.}", f"{one.ends_on:%d.%m.}") for one in usual]
    assert said == [
        ("Vinterferie", "15.02.", "21.02."),
        ("Vinterferie", "22.02.", "28.02."),
        ("Påskeuge", "22.03.", "28.03."),
        ("fredagen efter Kristi himmelfart", "07.05.", "07.05."),
        ("Sommerferie", "19.07.", "08.08."),
        ("Efterårsferie", "18.10.", "24.10."),
        ("Jul og nytår", "20.12.", "02.01."),
        ("juleaftensdag", "24.12.", "24.12."),
        ("nytårsaftensdag", "31.12.", "31.12."),
    ]  # 5 June is a Saturday


def test_christmas_of_2026_reaches_into_week_53():
    christmas = next(
        one for one in usually_away(date(2026, 12, 1), date(2026, 12, 31)) if not one.is_a_day
    )
    assert christmas.weeks == [52, 53]
    assert christmas.ends_on == date(2027, 1, 3)


@pytest.mark.parametrize("day", ["2026-06-05", "2026-12-24", "2026-12-31", "2026-05-15"])
def test_days_when_most_are_away_have_a_name(day):
    assert day_away(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-05-14", "2026-05-01", "2026-12-25", "2027-04-23"])
def test_other_days_have_none(day):
    """A holiday itself is said as such; Store Bededag is an ordinary Friday from 2024."""
    assert day_away(date.fromisoformat(day)) == ""


def test_one_tap_takes_what_is_usual_and_one_winter_break_is_enough(here, organisation):
    before = page(here.get(LIST))
    assert before.count("Vinterferie</p>") == 2
    assert close(here, "2027-02-15", "2027-02-21", "Vinterferie").status_code == 302
    assert close(here, "2027-02-15", "2027-02-21", "Vinterferie").status_code == 302
    assert ClosingPeriod.objects.count() == 1
    after = page(here.get(LIST))
    assert after.count("Vinterferie</p>") == 1  # among the chosen
    assert "Det her" not in after


def test_a_day_when_many_are_away_is_said_in_the_preview(client, team):
    client.force_login(team.senior_manager)
    url = reverse("meetings:new_series", args=[team.pk])
    fields = {"starts_on": "2026-12-10", "ends_on": "2026-12-24", "time": "09:00"}
    preview = client.post(url, fields | {"interval_days": "14", "preview": "1"})
    assert page(preview).count("Juleaftensdag: mange er væk") == 1


# ---- added later


def test_nothing_changes_without_a_yes(here, season, monday):
    minutes_pass(monday)
    response = close(here, "2026-12-21", "2027-01-03", "Juleferie")
    period = ClosingPeriod.objects.get()
    assert response["Location"] == reverse("meetings:closing", args=[period.pk])
    shown = page(here.get(response["Location"]))
    assert "Torsdag den 24. december kl. 9.00" in shown
    assert "5 personer får én mail hver" in shown
    assert here.post(response["Location"], {}).status_code == 302
    assert len(days(season)) == 5
    assert minutes_pass(monday) == []
    standing = page(here.get(season.get_absolute_url()))
    assert "Sprunget over" not in standing


def test_with_a_yes_it_is_skipped_with_one_mail_and_the_others_keep_their_place(
    here, season, leader, monday
):
    box = CalendarClient(Manner.STRICT)
    waits = season.meetings.get(original_start__month=12, original_start__day=24)
    asked_there = waits.propose("Hvad nu?", by=leader)
    mails = minutes_pass(monday)
    close(here, "2026-12-21", "2027-01-03", "Juleferie")
    url = reverse("meetings:closing", args=[ClosingPeriod.objects.get().pk])
    for _twice in range(2):
        assert here.post(url, {"seasons": [season.pk]}).status_code == 302
    mails += minutes_pass(monday)
    for one in mails:
        if one.to == [leader.email] and any("calendar" in p.mimetype for p in one.alternatives):
            box.receive_mail(one.message())
    assert days(season) == ["12.11.", "26.11.", "10.12.", "07.01."]
    assert sorted(start for start, _, _ in box.standing()) == list(
        season.meetings.standing().order_by("starts_at").values_list("starts_at", flat=True)
    )
    assert [one.subject[:6] for one in mails if one.to == [leader.email]][-1] == "Aflyst"
    asked_there.refresh_from_db()
    assert f"{asked_there.meeting.starts_at:%d.%m.}" == "07.01."
    assert "længe siden sidst" in page(here.get(season.get_absolute_url()))


def test_only_the_seasons_that_are_ticked(here, season, organisation):
    other = make_series(make_group(organisation, 3), in_days(3), meetings=2)
    close(here, "2026-11-09", "2026-11-15")
    url = reverse("meetings:closing", args=[ClosingPeriod.objects.get().pk])
    here.post(url, {"seasons": [other.pk, "x", "9" * 30]})
    assert (len(days(other)), len(days(season))) == (1, 5)


# ---- removed later


def test_removed_what_was_skipped_at_planning_comes_back_if_asked(here, team, leader, monday):
    period = team.organisation.close("Juleferie", date(2026, 12, 21), date(2027, 1, 3))
    team.refresh_from_db()
    season = make_series(Series(group=team).group, meetings=5)
    assert days(season) == ["12.11.", "26.11.", "10.12.", "07.01."]
    box = CalendarClient(Manner.FORGETS)
    mails = minutes_pass(monday)
    url = reverse("meetings:closing_removal", args=[period.pk])
    assert "Torsdag den 24. december kl. 9.00" in page(here.get(url))
    assert here.post(url, {"seasons": [season.pk]}).status_code == 302
    assert here.post(url, {"seasons": [season.pk]}).status_code == 404
    mails += minutes_pass(monday)
    for one in mails:
        if one.to == [leader.email] and any("calendar" in p.mimetype for p in one.alternatives):
            box.receive_mail(one.message())
    assert days(season) == ["12.11.", "26.11.", "10.12.", "24.12.", "07.01."]
    assert len(box.standing()) == 5
    assert "Ny" in [one.subject[:2] for one in mails if one.to == [leader.email]]


def test_removed_without_a_tick_nothing_comes_back_and_skipped_later_comes_back(here, season):
    close(here, "2026-12-21", "2027-01-03", "Juleferie")
    first = ClosingPeriod.objects.get()
    here.post(reverse("meetings:closing", args=[first.pk]), {"seasons": [season.pk]})
    here.post(reverse("meetings:closing_removal", args=[first.pk]), {})
    assert len(days(season)) == 4
    close(here, "2026-12-21", "2027-01-03", "Juleferie")
    again = ClosingPeriod.objects.get()
    here.post(reverse("meetings:closing_removal", args=[again.pk]), {"seasons": [season.pk]})
    assert len(days(season)) == 5


def test_what_somebody_cancelled_for_another_reason_stays_cancelled(here, season, leader):
    season.meetings.get(original_start__month=12, original_start__day=24).cancel(by=leader)
    period = season.group.organisation.close("Jul", date(2026, 12, 21), date(2027, 1, 3))
    url = reverse("meetings:closing_removal", args=[period.pk])
    here.post(url, {"seasons": [season.pk]})
    assert len(days(season)) == 4


# ---- bad input


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2027-02-21", "2027-02-15"),
        ("2025-02-15", "2025-02-21"),
        ("2027-01-01", "2027-12-31"),
        ("9999-12-31", "9999-12-31"),
        ("0001-01-01", "9999-12-31"),
        ("", ""),
        ("\x00", "i går"),
    ],
)
def test_days_that_can_not_be_come_back_with_words(here, organisation, first, last):
    response = close(here, first, last, "<b>Vinter</b>")
    assert response.status_code == 422
    assert 'class="errorlist' in response.content.decode()
    assert "&lt;b&gt;Vinter&lt;/b&gt;" in response.content.decode()
    assert not ClosingPeriod.objects.exists()


def test_a_closing_week_of_others_is_not_to_be_found(here, outsider):
    period = outsider.organisation.close("Deres", date(2027, 2, 15), date(2027, 2, 21))
    for name in ("closing", "closing_removal"):
        assert here.post(reverse(f"meetings:{name}", args=[period.pk])).status_code == 404
    assert "Deres" not in page(here.get(LIST))
    assert ClosingPeriod.objects.count() == 1


def test_as_many_queries_with_one_as_with_many(db):
    house = make_house()

    def counted():
        period = house.pk("closing week")
        looked = [reverse(f"meetings:{n}", args=[period]) for n in ("closing", "closing_removal")]
        return [asked(house, "secretariat", "get", url) for url in [LIST, *looked]]

    few = counted()
    havby = house.things["team"].organisation
    for number in range(6):
        group = make_group(havby, [make_user(havby), make_user(havby)])
        make_series(group, in_days(4 + 7 * 3), meetings=2)
        make_series(make_group(havby, 2), in_days(4), meetings=2)
        havby.close(f"Uge {number}", date(2027, 3, 1 + number), date(2027, 3, 1 + number))
    assert counted() == few
    assert max(few) <= MOST
