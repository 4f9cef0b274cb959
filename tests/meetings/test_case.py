"""Questions for one another: bring, reword, take back, hide."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import Case
from meetings.reconciling import reconcile
from tests.factories import make_meeting

pytestmark = pytest.mark.usefixtures("monday")

BOTH_DOORS = pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}], ids=["page", "htmx"])
QUESTION = "Hvordan siger jeg nej til min chef?"


@pytest.fixture
def facilitator(network):
    return network.memberships.get(role="facilitator").user


def at(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(person, name, pk, data=None, **headers):
    return at(person).post(reverse(f"meetings:{name}", args=[pk]), data or {}, headers=headers)


def page(person, group) -> str:
    return at(person).get(reverse("meetings:cases", args=[group.pk])).content.decode()


def bring(network, person, question=QUESTION) -> Case:
    return Case.objects.bring(network, by=person, question=question, wants="share")


@BOTH_DOORS
@pytest.mark.parametrize(
    ("wants", "words"),
    [("share", "vil dele"), ("challenge", "vil udfordres"), ("test", "vil prøve en beslutning af")],
)
def test_one_field_and_one_tap_bring_a_question(
    network, leader, facilitator, wants, words, headers
):
    data = {"question": QUESTION, "wants": wants}
    assert post(leader, "cases", network.pk, data, **headers).status_code in (200, 302)
    case = Case.objects.get()
    assert (case.question, case.wants, case.by, case.group) == (QUESTION, wants, leader, network)
    seen = page(facilitator, network)
    assert QUESTION in seen
    assert f"{leader} · {words}" in seen


@BOTH_DOORS
def test_what_is_missing_is_asked_for_and_what_was_typed_stays(network, leader, headers):
    typed = {"question": QUESTION, "not_wanted": "Gode råd"}
    answer = post(leader, "cases", network.pk, typed, **headers)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Hvad ville hjælpe dig? Tryk på en af de tre." in html
    assert QUESTION in html
    assert "Gode råd" in html
    answer = post(leader, "cases", network.pk, {"question": " ", "wants": "share"}, **headers)
    assert "Skriv, hvad du gerne vil have hjælp til." in answer.content.decode()
    answer = post(leader, "cases", network.pk, {"question": "å" * 501, "wants": "share"})
    assert "Kan du sige det med 500 tegn? Du har brugt 501." in answer.content.decode()
    assert Case.objects.count() == 0


def test_the_same_question_sent_twice_is_one(network, leader):
    assert bring(network, leader) == bring(network, leader)
    assert Case.objects.count() == 1


def test_it_stands_on_the_groups_next_meeting_until_it_is_taken_up(network, leader, monday):
    first = make_meeting(network)
    bring(network, leader)
    url = reverse("meetings:talks", args=[first.pk])
    assert QUESTION in at(leader).get(url).content.decode()
    monday.shift(timedelta(days=4))
    reconcile()
    second = make_meeting(network, first.starts_at + timedelta(days=35))
    assert QUESTION not in at(leader).get(url).content.decode()
    url = reverse("meetings:talks", args=[second.pk])
    assert QUESTION in at(leader).get(url).content.decode()


@BOTH_DOORS
def test_ones_own_question_is_reworded(network, leader, facilitator, headers):
    case = bring(network, leader)
    data = {"question": "Hvordan siger jeg det?", "wants": "test", "not_wanted": "Råd"}
    post(leader, "case", case.pk, data, **headers)
    case.refresh_from_db()
    assert (case.question, case.wants, case.not_wanted) == (
        "Hvordan siger jeg det?",
        "test",
        "Råd",
    )
    answer = post(leader, "case", case.pk, {"question": "", "wants": "share"}, **headers)
    assert answer.status_code == 422
    assert post(facilitator, "case", case.pk, data).status_code == 403


def test_rewording_into_what_waits_already_is_said_kindly(network, leader):
    bring(network, leader, "En?")
    other = bring(network, leader, "To?")
    answer = at(leader).post(
        reverse("meetings:case", args=[other.pk]),
        {"question": "En?", "wants": "share"},
        follow=True,
    )
    assert "Det har du allerede spurgt om." in answer.content.decode()
    assert {case.question for case in Case.objects.all()} == {"En?", "To?"}


@BOTH_DOORS
def test_taken_back_is_gone_for_the_others_can_be_undone_and_is_really_deleted(
    network, leader, facilitator, monday, headers
):
    case = bring(network, leader)
    post(leader, "case_withdrawal", case.pk, **headers)
    assert QUESTION not in page(facilitator, network)
    post(leader, "case_return", case.pk, **headers)
    assert QUESTION in page(facilitator, network)
    post(leader, "case_withdrawal", case.pk, **headers)
    monday.shift(timedelta(hours=25))
    reconcile()
    assert Case.objects.count() == 0


@BOTH_DOORS
def test_hidden_at_once_by_who_asked_or_tends_the_group(network, leader, facilitator, headers):
    case = bring(network, leader, "Hvad gør jeg med Hanne?")
    other = network.memberships.filter(role="member").exclude(user=leader).first().user
    assert post(other, "case_hiding", case.pk).status_code == 403
    post(facilitator, "case_hiding", case.pk, **headers)
    assert "Hanne" not in page(other, network)
    assert "er skjult" in page(other, network)
    assert "Hanne" in page(leader, network)
    post(leader, "case", case.pk, {"question": "Hvad gør jeg?", "wants": "share"}, **headers)
    assert "Hvad gør jeg?" in page(other, network)


def test_who_leaves_the_group_takes_their_waiting_question_along(network, leader):
    bring(network, leader)
    network.membership_of(leader).leave()
    reconcile()
    assert Case.objects.count() == 0


def test_a_question_is_never_printed_into_a_log(network, leader):
    case = bring(network, leader)
    assert QUESTION not in f"{case} {case!r}"
