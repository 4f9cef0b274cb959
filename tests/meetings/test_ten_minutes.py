"""Ten minutes? One tap to ask, one to call."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.models import TenMinutes
from meetings.reconciling import reconcile
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import make_group

pytestmark = pytest.mark.usefixtures("monday")

BOTH_DOORS = pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}], ids=["page", "htmx"])


@pytest.fixture
def karen(leader):
    leader.phone = "99 31 10 00"
    leader.save(update_fields=["phone"])
    return leader


@pytest.fixture
def others(network, karen):
    return [m.user for m in network.memberships.order_by("pk") if m.user_id != karen.pk]


def at(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person, group) -> str:
    return at(person).get(reverse("meetings:ten_minutes", args=[group.pk])).content.decode()


def post(person, name, pk, data=None, **headers):
    return at(person).post(reverse(f"meetings:{name}", args=[pk]), data or {}, headers=headers)


@BOTH_DOORS
def test_one_tap_asks_and_one_tap_calls(network, karen, others, headers):
    jonas, dorte, _third = others
    post(karen, "ten_minutes", network.pk, **headers)
    asked = TenMinutes.objects.get()
    assert f"{karen} spørger: har du ti minutter?" in page(jonas, network)
    assert karen.phone not in page(jonas, network)

    post(jonas, "call", asked.pk, **headers)
    assert karen.phone in page(jonas, network)
    assert f"{jonas} ringer til dig." in page(karen, network)
    assert karen.name not in page(dorte, network)
    assert karen.phone not in page(dorte, network)

    post(karen, "end_ten_minutes", asked.pk, **headers)
    assert karen.phone not in page(jonas, network)


def test_the_second_who_wants_to_call_is_told_so_kindly(network, karen, others):
    jonas, dorte, _third = others
    asked = TenMinutes.objects.ask(network, by=karen)
    assert asked.call(by=jonas)
    answer = at(dorte).post(reverse("meetings:call", args=[asked.pk]), follow=True)
    assert f"{jonas} var hurtigere" in answer.content.decode()
    assert karen.phone not in answer.content.decode()
    assert asked.call(by=jonas)  # a double click
    assert TenMinutes.objects.get().caller == jonas


def test_asking_twice_is_asking_once(network, karen):
    assert TenMinutes.objects.ask(network, by=karen) == TenMinutes.objects.ask(network, by=karen)
    assert TenMinutes.objects.count() == 1


def test_it_goes_after_a_day_and_can_be_asked_anew(network, karen, others, monday):
    TenMinutes.objects.ask(network, by=karen)
    monday.shift(timedelta(hours=23))
    assert karen.name in page(others[0], network)
    monday.shift(timedelta(hours=1))
    assert karen.name not in page(others[0], network)
    again = TenMinutes.objects.ask(network, by=karen)
    reconcile()
    assert list(TenMinutes.objects.all()) == [again]


def test_what_is_taken_back_needs_no_call(network, karen, others):
    asked = TenMinutes.objects.ask(network, by=karen)
    post(karen, "end_ten_minutes", asked.pk)
    answer = at(others[0]).post(reverse("meetings:call", args=[asked.pk]), follow=True)
    assert "Det er ikke nødvendigt længere" in answer.content.decode()
    assert TenMinutes.objects.get().caller is None


def test_without_a_number_one_is_asked_for_it_first(network, leader):
    with pytest.raises(ValidationError):
        TenMinutes.objects.ask(network, by=leader)
    answer = post(leader, "ten_minutes", network.pk)
    assert answer.status_code == 422
    assert "Hvilket nummer skal de ringe til?" in answer.content.decode()
    answer = post(leader, "ten_minutes", network.pk, {"phone": "min mobil"})
    assert answer.status_code == 422
    assert "min mobil" in answer.content.decode()
    assert TenMinutes.objects.count() == 0
    assert post(leader, "ten_minutes", network.pk, {"phone": "40 11 22 33"}).status_code == 302
    leader.refresh_from_db()
    assert (leader.phone, TenMinutes.objects.count()) == ("40 11 22 33", 1)


def test_each_of_the_others_gets_one_mail_that_names_nobody(network, karen, others, mailoutbox):
    asked = TenMinutes.objects.ask(network, by=karen)
    deliver_due()
    assert {mail.to[0] for mail in mailoutbox} == {person.email for person in others}
    for mail in mailoutbox:
        words = mail.subject + mail.body + mail.alternatives[0].content
        assert karen.name not in words
        assert karen.phone not in words
        assert reverse("meetings:ten_minutes", args=[network.pk]) in words
    assert mailoutbox[0].subject == "En i Fyret beder om ti minutter"
    asked.end()


def test_no_mail_once_somebody_calls(network, karen, others, mailoutbox):
    TenMinutes.objects.ask(network, by=karen).call(by=others[0])
    deliver_due()
    assert mailoutbox == []
    assert set(Delivery.objects.values_list("skip_reason", flat=True)) == {"answered"}


def test_it_is_asked_and_seen_in_ones_own_groups_only(organisation, network, karen, others):
    elsewhere = make_group(organisation, [karen], name="Broen")
    asked = TenMinutes.objects.ask(elsewhere, by=karen)
    assert post(others[0], "call", asked.pk).status_code == 404
    assert karen.name not in page(others[0], network)
    assert post(others[0], "ten_minutes", elsewhere.pk).status_code == 404
    assert post(karen, "call", asked.pk).status_code == 403
    assert timezone.now() < asked.gone_at


def test_a_leadership_team_is_not_asked(team, karen):
    assert post(karen, "ten_minutes", team.pk).status_code == 404


def test_today_asks_and_shows_it(network, karen, others):
    TenMinutes.objects.ask(network, by=karen)
    assert f"{karen} spørger: har du ti minutter?" in at(others[0]).get("/").content.decode()
    assert "Du har bedt Fyret om ti minutter." in at(karen).get("/").content.decode()
