"""People and their organisation: order of names, one address each, working days and hours."""

import re
from datetime import date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from networks.models import ClosingPeriod, Membership, User
from notifications.models import Preference
from tests.factories import make_group, make_organisation, make_team, make_user


def test_names_stand_in_danish_order(organisation):
    names = ["Zøe", "Ægir", "Østen", "Åse", "Aage", "Anna", "Émile", "Erik", "Özlem", "anders"]
    for name in names:
        make_user(organisation, name)
    in_order = User.objects.order_by("sort_name", "name").values_list("name", flat=True)
    assert list(in_order) == [
        "anders",
        "Anna",
        "Émile",
        "Erik",
        "Zøe",
        "Ægir",
        "Østen",
        "Özlem",
        "Aage",
        "Åse",
    ]


def test_a_groups_page_keeps_that_order(client, organisation):
    people = [make_user(organisation, name) for name in ("Åse By", "Zita By", "Ærø By", "Ølby By")]
    group = make_group(organisation, people, status="running")
    client.force_login(people[0])
    page = client.get(group.get_absolute_url()).content.decode().partition("people-title")[2]
    places = [page.index(f">{name}<") for name in ("Zita By", "Ærø By", "Ølby By", "Åse By")]
    assert places == sorted(places)


def test_one_person_per_address_whatever_its_case(organisation):
    make_user(organisation, email="karen@example.org")
    with pytest.raises(ValidationError):
        make_user(organisation, email="KAREN@example.org")
    with pytest.raises(IntegrityError):
        User.objects.create(email="KAREN@example.org", organisation=organisation)


def test_a_person_belongs_to_an_organisation_unless_they_run_the_installation(db):
    with pytest.raises(ValidationError):
        User.objects.create_user("alone@example.org")
    assert User.objects.create_superuser("root@example.org").organisation is None


def test_nobody_manages_themselves(leader):
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=leader.pk).update(manager=leader)


def test_one_facilitator_and_one_membership_at_a_time(organisation, leader):
    group = make_group(organisation, 1)
    with pytest.raises(IntegrityError):
        Membership.objects.create(group=group, user=leader, role="facilitator")


def test_a_senior_manager_participates_without_membership(organisation, leader):
    team = make_team(organisation, [leader])
    assert set(team.participants()) == {leader, team.senior_manager}
    assert team.membership_of(team.senior_manager) is None
    User.objects.filter(pk=leader.pk).update(is_active=False)
    assert set(team.participants()) == {team.senior_manager}


def test_one_changes_ones_own_language_and_phone_and_nothing_else(client, leader):
    client.force_login(leader)
    sent = {"language": "en", "phone": "+45 12 34 56 78", "name": "Chef", "is_secretariat": "on"}
    response = client.post(reverse("networks:me"), sent, follow=True)
    leader.refresh_from_db()
    assert (leader.language, leader.phone) == ("en", "+45 12 34 56 78")
    assert (leader.name, leader.is_secretariat) == ("Karen Holm", False)
    assert '<html lang="en">' in response.content.decode()


# ---- working days and hours


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-09T10:00", "2026-11-09T10:00"),
        ("2026-11-09T07:00", "2026-11-09T07:00"),
        ("2026-11-09T06:59", "2026-11-09T07:00"),
        ("2026-11-09T17:00", "2026-11-10T07:00"),
        ("2026-11-13T18:00", "2026-11-16T07:00"),
        ("2026-11-14T12:00", "2026-11-16T07:00"),
        ("2026-12-24T18:00", "2026-12-28T07:00"),
        ("2027-03-24T17:30", "2027-03-30T07:00"),
    ],
)
def test_mail_keeps_working_hours(db, now, then):
    organisation = make_organisation(keeps_hours=True)
    now, then = (datetime.fromisoformat(t).replace(tzinfo=organisation.zone) for t in (now, then))
    assert organisation.mail_hour(now) == then


def test_the_working_day_before_skips_weekends_holidays_and_closing_weeks(organisation):
    ClosingPeriod.objects.create(
        organisation=organisation,
        name="Efterårsferie",
        starts_on=date(2026, 10, 12),
        ends_on=date(2026, 10, 16),
    )
    for day, before in [
        ("2026-11-10", "2026-11-09"),
        ("2026-11-09", "2026-11-06"),
        ("2027-03-30", "2027-03-24"),
        ("2026-10-19", "2026-10-09"),
    ]:
        found = organisation.working_day_before(date.fromisoformat(day))
        assert found == date.fromisoformat(before)


def test_nine_is_nine_all_year(organisation):
    winter, summer = (organisation.at(date(2027, month, 1), time(9)) for month in (1, 7))
    assert (winter.hour, summer.hour) == (9, 9)
    assert winter.utcoffset() != summer.utcoffset()


# ---- mails one can do without


def test_one_chooses_on_ones_own_page(client, leader):
    client.force_login(leader)
    page = client.get("/me/").content.decode()
    assert '<input type="radio" name="when" value="at_once"' in page
    assert re.search(r'value="at_once"[^>]* checked', page)
    assert client.post("/me/mails/", {"when": "digest", "hour": "14"}).status_code == 302
    preference = Preference.objects.get(person=leader)
    assert (preference.when, preference.hour) == ("digest", 14)
    page = client.get("/me/").content.decode()
    assert re.search(r'value="digest"[^>]* checked', page)
    assert re.search(r'value="14" selected', page)


def test_without_an_hour_the_one_chosen_before_stands(client, leader):
    client.force_login(leader)
    Preference.objects.choose(leader, "digest", 14)
    client.post("/me/mails/", {"when": "off"})
    client.post("/me/mails/", {"when": "digest", "hour": ""})
    assert Preference.objects.get().hour == 14


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"when": "sometimes"},
        {"when": "\x00"},
        {"when": "digest", "hour": "17"},
        {"when": "digest", "hour": "6"},
        {"when": "digest", "hour": "x" * 5000},
    ],
    ids=str,
)
def test_a_choice_that_is_none_comes_back(client, leader, sent):
    client.force_login(leader)
    response = client.post("/me/mails/", sent)
    assert response.status_code == 422
    assert 'class="errorlist' in response.content.decode()
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    ("now", "hour", "then"),
    [
        ("2026-11-09T08:59", 9, "2026-11-09T09:00"),
        ("2026-11-09T09:00", 9, "2026-11-10T09:00"),
        ("2026-11-13T16:30", 16, "2026-11-16T16:00"),
        ("2026-12-24T16:30", 7, "2026-12-28T07:00"),
        ("2027-03-27T10:00", 9, "2027-03-30T09:00"),
    ],
)
def test_the_digest_comes_at_that_hour_on_a_working_day(db, now, hour, then):
    organisation = make_organisation(keeps_hours=True)
    now, then = (datetime.fromisoformat(t).replace(tzinfo=organisation.zone) for t in (now, then))
    assert organisation.next_at(hour, now) == then
