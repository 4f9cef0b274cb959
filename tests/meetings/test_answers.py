"""Who comes: one tap, by name for the own group, a number for the secretariat's rooms."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.models import Answer
from meetings.reconciling import reconcile
from networks.models import Membership
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import in_days, make_meeting, make_open_meeting, make_team, make_user

pytestmark = pytest.mark.usefixtures("monday")

BOTH_DOORS = pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}], ids=["page", "htmx"])


@pytest.fixture
def meeting(team):
    return make_open_meeting(team)


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def tap(person, meeting, coming, headers=None, **data) -> str:
    url = reverse("meetings:answer", args=[meeting.pk])
    data = {"coming": coming} | data
    response = browser(person).post(url, data, headers=headers or {}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def read(person, thing) -> str:
    return browser(person).get(thing.get_absolute_url()).content.decode()


def pressed(html) -> list[str]:
    return [
        name for name in ("coming", "not-coming") if f'id="{name}" ' in html and is_on(html, name)
    ]


def is_on(html, name) -> bool:
    button = html.partition(f'id="{name}" ')[2].partition(">")[0]
    return 'aria-pressed="true"' in button


def answers(meeting) -> set:
    return set(meeting.answers.counting().values_list("user", "coming"))


# ---- the answer


@BOTH_DOORS
def test_one_tap_and_one_back_and_the_last_one_counts(leader, meeting, headers):
    assert pressed(read(leader, meeting)) == []
    seen = tap(leader, meeting, "1", headers)
    assert pressed(seen) == ["coming"]
    assert ("<html" in seen) is not bool(headers)
    tap(leader, meeting, "1", headers)
    assert answers(meeting) == {(leader.pk, True)}
    assert pressed(tap(leader, meeting, "0", headers)) == ["not-coming"]
    assert answers(meeting) == {(leader.pk, False)}
    assert Answer.objects.count() == 1


@BOTH_DOORS
@pytest.mark.parametrize("sent", ["", "yes", "2"])
def test_something_else_changes_nothing_and_is_answered_kindly(leader, meeting, headers, sent):
    assert "Tryk på en af de to." in tap(leader, meeting, sent, headers)
    assert not Answer.objects.exists()


@BOTH_DOORS
def test_a_cancelled_meeting_asks_no_more(leader, team, meeting, headers):
    meeting.cancel(by=team.senior_manager)
    assert "Mødet er aflyst" in tap(leader, meeting, "1", headers)
    assert not Answer.objects.exists()
    assert "Kommer du?" not in read(leader, meeting)


@BOTH_DOORS
def test_a_held_meeting_asks_no_more(leader, meeting, monday, headers):
    tap(leader, meeting, "1")
    monday.move_to(meeting.ends_at)
    assert "Mødet er allerede holdt" in tap(leader, meeting, "0", headers)
    assert answers(meeting) == {(leader.pk, True)}
    assert "Kommer du?" not in read(leader, meeting)


def test_a_meeting_under_way_still_takes_an_answer(leader, meeting, monday):
    monday.move_to(meeting.starts_at + timedelta(minutes=1))
    meeting.answer(leader, True)
    assert answers(meeting) == {(leader.pk, True)}


def test_a_moved_meeting_asks_anew(leader, team, meeting):
    before = meeting.starts_at
    meeting.answer(leader, True)
    meeting.move(in_days(4), by=team.senior_manager)
    assert answers(meeting) == set()
    assert pressed(read(leader, meeting)) == []
    assert "Mødet er flyttet" in tap(leader, meeting, "1", to=before.isoformat())
    assert answers(meeting) == set()
    tap(leader, meeting, "0", to=meeting.starts_at.isoformat())
    assert answers(meeting) == {(leader.pk, False)}


def test_the_page_sends_the_time_it_shows(leader, meeting):
    page = read(leader, meeting)
    to = page.partition('name="to" value="')[2].partition('"')[0]
    assert pressed(tap(leader, meeting, "1", to=to)) == ["coming"]


def test_moved_there_and_back_the_answer_holds_again(leader, team, meeting):
    before = meeting.starts_at
    meeting.answer(leader, True)
    meeting.move(in_days(4), by=team.senior_manager)
    meeting.move(before, by=team.senior_manager)
    assert answers(meeting) == {(leader.pk, True)}


def test_an_answer_is_refused_by_the_verb_too(leader, team, meeting):
    meeting.cancel(by=team.senior_manager)
    with pytest.raises(ValidationError):
        meeting.answer(leader, True)


# ---- who sees it


def test_the_own_team_and_its_senior_manager_see_who_comes(team, leader, meeting):
    other = team.participants().exclude(pk__in=[leader.pk, team.senior_manager_id]).first()
    meeting.answer(leader, True)
    meeting.answer(other, False)
    for person in (leader, other, team.senior_manager):
        region = read(person, meeting).partition('id="answers"')[2].partition("</section>")[0]
        assert "Karen Holm" in region
        assert other.name in region
        assert "3 har ikke svaret endnu" in region


def test_the_secretariat_sees_the_number_for_leader_meetings_only(
    team, network, leader, secretariat, meeting
):
    confidential = make_meeting(network)
    for one in (meeting, confidential):
        one.answer(leader, True)
        one.answer(one.group.participants().exclude(pk=leader.pk).first(), False)
    page = read(secretariat, meeting.series)
    assert "1 kommer" in page
    assert "Karen Holm" not in page
    assert "kommer" not in read(secretariat, confidential.series)
    assert browser(secretariat).get(meeting.get_absolute_url()).status_code == 404
    for person in (leader, team.senior_manager):
        assert "1 kommer" not in read(person, meeting.series)


def test_who_leaves_is_in_no_number_any_more(team, leader, secretariat, meeting):
    meeting.answer(leader, True)
    team.membership_of(leader).leave()
    region = read(team.senior_manager, meeting).partition('id="answers"')[2]
    assert "Karen Holm" not in region.partition("</section>")[0]
    reconcile()
    assert "Karen Holm" not in read(team.senior_manager, meeting)  # nor its host
    assert answers(meeting) == set()
    assert "0 kommer" in read(secretariat, meeting.series)


def test_it_says_who_sees_it_before_one_answers(leader, network, meeting):
    for one in (meeting, make_meeting(network)):
        region = read(leader, one).partition('id="answers"')[2].partition("</section>")[0]
        assert 'class="who-sees"' in region


# ---- the mails


def minute() -> list:
    mail.outbox.clear()
    reconcile()
    deliver_due()
    return list(mail.outbox)


def told(mails, kind) -> list[str]:
    ids = Delivery.objects.filter(kind=f"meetings.{kind}").values_list("message_id", flat=True)
    return sorted(one.to[0] for one in mails if one.extra_headers["Message-ID"] in set(ids))


def everybody_but(person, group) -> list[str]:
    return sorted(group.participants().exclude(pk=person.pk).values_list("email", flat=True))


@pytest.mark.parametrize(("kind", "has_agenda"), [("agenda", True), ("reminder", False)])
def test_who_is_not_coming_gets_no_agenda_unless_they_come_after_all(
    team, leader, monday, kind, has_agenda
):
    meeting = make_meeting(team, has_agenda=has_agenda)
    minute()
    meeting.answer(leader, False)
    monday.move_to(meeting.agenda_closes_at)
    assert told(minute(), kind) == everybody_but(leader, team)
    row = Delivery.objects.get(kind=f"meetings.{kind}", recipient=leader)
    assert (row.state, row.skip_reason) == ("skipped", "not coming")
    for _ in range(3):
        monday.shift(timedelta(minutes=1))
        reconcile()
        row.refresh_from_db()
        assert row.state == "skipped"
    meeting.answer(leader, True)
    assert told(minute(), kind) == [leader.email]
    meeting.answer(leader, False)
    meeting.answer(leader, True)
    assert minute() == []


def test_who_said_no_to_the_old_time_gets_the_agenda_of_the_new(team, leader, monday):
    meeting = make_open_meeting(team)
    minute()
    meeting.answer(leader, False)
    meeting.move(in_days(4), by=team.senior_manager)
    meeting.refresh_from_db()
    monday.move_to(meeting.agenda_closes_at)
    assert leader.email in told(minute(), "agenda")


def test_an_answer_sends_no_mail(team, leader, meeting):
    minute()
    meeting.answer(leader, True)
    meeting.answer(leader, False)
    assert minute() == []


def test_the_mails_lead_to_the_answer(team, leader, monday):
    meeting = make_meeting(team)
    bare = make_meeting(make_other_team(team, leader), has_agenda=False)
    mails = minute()
    for one in (meeting, bare):
        monday.move_to(one.agenda_opens_at)
        mails += minute()
    monday.move_to(meeting.agenda_closes_at)
    mails += minute()
    for kind in ("opening", "agenda", "reminder"):
        ids = Delivery.objects.filter(kind=f"meetings.{kind}").values_list("message_id", flat=True)
        found = [one for one in mails if one.extra_headers["Message-ID"] in set(ids)]
        assert found
        for one in found:
            assert f"/meetings/{(bare if kind == 'reminder' else meeting).pk}/#answers" in one.body
            assert "#answers" in one.alternatives[0].content


def make_other_team(team, leader):
    return make_team(team.organisation, [leader])


def test_who_joins_later_is_asked_too(team, organisation, meeting):
    newcomer = make_user(organisation)
    Membership.objects.create(group=team, user=newcomer, joined_at=timezone.now())
    tap(newcomer, meeting, "1")
    reconcile()
    assert answers(meeting) == {(newcomer.pk, True)}
