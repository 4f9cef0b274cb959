"""The pages, as a person meets them: with and without htmx."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import AgendaItem, ParkedItem
from meetings.reconciling import reconcile
from networks.models import Membership
from notifications.delivery import deliver_due
from tests.factories import (
    in_days,
    make_group,
    make_meeting,
    make_open_meeting,
    make_series,
    make_team,
    make_user,
)

pytestmark = pytest.mark.usefixtures("monday")

HTMX = {"hx_request": "true"}
BOTH_DOORS = pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])


def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def meeting(team):
    return make_open_meeting(team)


@pytest.fixture
def karen(leader):
    return browser(leader)


@pytest.fixture
def birgitte(team):
    """The senior manager."""
    return browser(team.senior_manager)


def send(client, name, thing, data=None, headers=None) -> str:
    """What the person sees afterwards."""
    url = reverse(f"meetings:{name}", args=[thing.pk])
    response = client.post(url, data or {}, headers=headers or {}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def read(client, url) -> str:
    return client.get(url).content.decode()


# ---- the agenda


@BOTH_DOORS
def test_a_question_is_put_on_the_agenda(karen, birgitte, meeting, headers):
    seen = send(karen, "questions", meeting, {"question": "Hvad  fylder\nlige nu?"}, headers)
    assert ">Hvad fylder lige nu?</p>" in seen
    assert 'class="toast success"' in seen
    assert ("<html" in seen) is not bool(headers)
    if headers:
        assert seen.lstrip().startswith('<div id="agenda"')
        assert 'id="toasts" role="status" aria-live="polite" hx-swap-oob="innerHTML"' in seen
    assert ">Hvad fylder lige nu?</p>" in read(birgitte, meeting.get_absolute_url())


@BOTH_DOORS
def test_me_too_is_one_tap_and_one_back(karen, team, meeting, headers):
    item = meeting.propose("Hvad fylder?", by=team.senior_manager)
    seen = send(karen, "support", item, {"wanted": "1"}, headers)
    assert f'id="support-{item.pk}" aria-pressed="true"' in seen
    seen = send(karen, "support", item, {"wanted": "0"}, headers)
    assert f'id="support-{item.pk}" aria-pressed="false"' in seen


@BOTH_DOORS
def test_taken_back_and_undone(karen, leader, meeting, headers):
    item = meeting.propose("Hvad fylder?", by=leader)
    seen = send(karen, "withdrawal", item, headers=headers)
    assert ">Hvad fylder?</p>" not in seen
    assert reverse("meetings:return", args=[item.pk]) in seen
    assert ">Hvad fylder?</p>" in send(karen, "return", item, headers=headers)


@BOTH_DOORS
def test_operations_are_parked_seen_by_their_owner_and_brought_back(
    karen, birgitte, meeting, headers
):
    asked = {"question": "Hvem har nøglen?", "operations": "1"}
    seen = send(karen, "questions", meeting, asked, headers)
    assert ">Hvem har nøglen?</p>" in seen
    assert not AgendaItem.objects.exists()
    assert "Hvem har nøglen?" not in read(birgitte, meeting.get_absolute_url())
    seen = send(karen, "parked", ParkedItem.objects.get(), headers=headers)
    assert ">Hvem har nøglen?</p>" in seen
    assert AgendaItem.objects.waiting().count() == 1


@BOTH_DOORS
def test_a_question_is_said_otherwise(karen, leader, meeting, headers):
    item = meeting.propose("Hvad fylder?", by=leader)
    seen = send(karen, "question", item, {"question": "Hvad tynger?"}, headers)
    assert ">Hvad tynger?</p>" in seen
    assert ">Hvad fylder?</p>" not in seen


def test_one_changes_ones_own_only(karen, team, meeting):
    item = meeting.propose("Hvad fylder?", by=team.senior_manager)
    meeting.hosting.pass_on(meeting.host)  # the host may park it
    page = read(karen, meeting.get_absolute_url())
    for name in ("question", "withdrawal", "parking"):
        assert f'action="{reverse(f"meetings:{name}", args=[item.pk])}"' not in page


def test_who_sees_it_stands_beside_the_field(karen, meeting, network):
    confidential = make_open_meeting(network)
    pages = [read(karen, m.get_absolute_url()) for m in (meeting, confidential)]
    notices = [page.partition('id="question-seen">')[2].partition("</div>")[0] for page in pages]
    assert all(notices)
    assert notices[0] != notices[1]
    for page in pages:
        assert page.index('id="question-seen"') < page.index('id="ask"')
    assert 'id="operations"' in pages[0]
    assert 'id="operations"' not in pages[1]


def test_too_late_is_on_to_the_next(karen, leader, team):
    series = make_series(team, meetings=2)
    first, second = series.meetings.order_by("starts_at")
    first.compose_agenda()
    send(karen, "questions", first, {"question": "Hvad fylder?"})
    assert "Hvad fylder?" not in read(karen, first.get_absolute_url())
    assert "Hvad fylder?" in read(karen, second.get_absolute_url())


def test_the_agenda_says_why_each_question_stands_where_it_stands(karen, leader, meeting):
    item = meeting.propose("Hvad fylder?", by=leader)
    meeting.compose_agenda()
    item.refresh_from_db()
    page = read(karen, meeting.get_absolute_url())
    agenda = page.partition('<ol class="agenda"')[2].partition("</ol>")[0]
    assert "Hvad fylder?" in agenda
    assert item.get_why_display() in agenda


def test_a_cancelled_meeting_says_so_and_why(karen, meeting, team):
    meeting.cancel(by=team.senior_manager, reason="Alle er på kursus")
    page = read(karen, meeting.get_absolute_url())
    assert "Alle er på kursus" in page
    assert 'name="question"' not in page


def test_from_the_mail_straight_into_the_field(karen, meeting):
    assert "autofocus" in read(karen, meeting.get_absolute_url() + "?ask=1")
    assert "autofocus" not in read(karen, meeting.get_absolute_url())


# ---- Today and the lists


def test_today_is_my_next_meeting_with_its_one_field(karen, meeting, leader):
    later = make_meeting(make_team(leader.organisation, [leader], name="Rådet"), in_days(5))
    page = read(karen, "/")
    assert reverse("meetings:questions", args=[meeting.pk]) in page
    assert page.count("<textarea") == 1
    assert later.get_absolute_url() in page


def test_today_without_anything_says_where_to_begin(client, leader, secretariat):
    assert reverse("networks:list") in read(browser(leader), "/").partition("<main")[2]
    assert reverse("office") in read(browser(secretariat), "/").partition("<main")[2]


def test_a_cancelled_meeting_is_not_todays(karen, meeting, team):
    meeting.cancel(by=team.senior_manager)
    assert "<textarea" not in read(karen, "/")


def test_my_meetings_to_come_and_nobody_elses(karen, meeting, organisation):
    other = make_meeting(make_team(organisation, 2, name="Område Syd"))
    page = read(karen, reverse("meetings:list"))
    assert meeting.get_absolute_url() in page
    assert other.get_absolute_url() not in page
    assert "Område Syd" not in page


def test_who_plans_is_shown_what_lacks_dates(birgitte, karen, team):
    new = reverse("meetings:new_series", args=[team.pk])
    assert new in read(birgitte, reverse("meetings:list"))
    assert new not in read(karen, reverse("meetings:list"))
    make_series(team)
    assert new not in read(birgitte, reverse("meetings:list"))


def test_the_secretariat_sees_which_groups_lack_a_date(secretariat, team, network):
    make_series(team)
    page = read(browser(secretariat), reverse("office"))
    assert team.name in page
    assert network.name in page
    assert reverse("meetings:new_series", args=[network.pk]) in page
    assert reverse("meetings:new_series", args=[team.pk]) not in page


# ---- rehearsal


def test_nothing_is_sent_in_rehearsal_and_the_secretariat_sees_what_would_have_been(
    organisation, secretariat, team, leader, mailoutbox
):
    organisation.begun_at = None
    organisation.save()
    meeting = make_open_meeting(team)
    meeting.propose("Hvad fylder?", by=leader)
    deliver_due()
    assert mailoutbox == []
    office = browser(secretariat)
    page = read(office, reverse("rehearsal"))
    assert leader.name in page
    assert "Hvad fylder?" not in page
    office.post(reverse("networks:begin"))
    reconcile()
    deliver_due()
    assert {message.to[0] for message in mailoutbox} == set(
        team.participants().values_list("email", flat=True)
    )


def test_a_team_begins_when_its_senior_manager_says_so(organisation, leader, mailoutbox):
    team = make_team(organisation, [leader], begun=False)
    make_open_meeting(team)
    deliver_due()
    assert mailoutbox == []
    url = reverse("networks:begin_team", args=[team.pk])
    boss = browser(team.senior_manager)
    assert url in read(boss, team.get_absolute_url())
    assert url not in read(browser(leader), team.get_absolute_url())
    boss.post(url, {"words": "Jeg glæder mig til at høre jer."})
    reconcile()
    deliver_due()
    invited = [m for m in mailoutbox if "Jeg glæder mig til at høre jer." in m.body]
    assert leader.email in {message.to[0] for message in invited}


# ---- planning


def test_a_move_is_said_and_shown(birgitte, karen, meeting):
    url = reverse("meetings:time", args=[meeting.pk])
    sent = {"day": "2026-11-13", "time": "13:30", "place": "Kantinen"}
    page = birgitte.post(url, sent, follow=True).content.decode()
    assert 'class="toast success"' in page
    assert "13.30" in page
    assert "Kantinen" in page
    page = read(karen, meeting.get_absolute_url())
    assert "13.30" in page
    assert "Kantinen" in page


def test_a_facilitator_plans_their_network_group(organisation, network):
    facilitator = network.memberships.get(role="facilitator").user
    other = make_group(organisation, 2)
    client = browser(facilitator)
    assert client.get(reverse("meetings:new_series", args=[network.pk])).status_code == 200
    assert client.get(reverse("meetings:new_series", args=[other.pk])).status_code == 404


def test_a_newcomer_sees_dates_but_no_door_to_content(organisation, network):
    meeting = make_open_meeting(network)
    person = make_user(organisation)
    Membership.objects.create(group=network, user=person, joined_at=meeting.starts_at)
    client = browser(person)
    assert meeting.get_absolute_url() not in read(client, meeting.series.get_absolute_url())
    response = client.get(meeting.get_absolute_url())
    assert response.headers["Location"] == network.get_absolute_url()
    assert network.agreement.lines[0] in read(client, network.get_absolute_url())
    client.post(reverse("networks:affirmation", args=[network.pk]))
    assert client.get(meeting.get_absolute_url()).status_code == 200


def test_a_past_meeting_can_be_read_but_not_moved(birgitte, meeting, monday):
    monday.shift(timedelta(days=4))
    reconcile()
    page = read(birgitte, meeting.get_absolute_url())
    assert reverse("meetings:time", args=[meeting.pk]) not in page
    assert reverse("meetings:time", args=[meeting.pk]) not in read(
        birgitte, meeting.series.get_absolute_url()
    )


def test_the_mail_leads_to_the_empty_field_and_parking_to_one_that_is_begun(karen, meeting):
    url = meeting.get_absolute_url()
    assert ">Hvordan </textarea>" not in read(karen, f"{url}?ask=1")
    assert ">Hvordan </textarea>" in read(karen, f"{url}?how=1")
