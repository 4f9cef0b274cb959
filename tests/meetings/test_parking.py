"""Operations: parked, followed until they are done, and counted."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from meetings.models import AgendaItem, ParkedItem, Room
from meetings.reconciling import reconcile
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import make_open_meeting, make_user

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def meeting(team):
    return make_open_meeting(team)


@pytest.fixture
def parked(meeting, leader) -> ParkedItem:
    return meeting.park("Hvem har nøglen til depotet?", by=leader)


def test_parked_goes_to_the_operations_meeting_unless_its_owner_says_otherwise(parked):
    assert parked.destination == "operations"
    parked.take_to("one_to_one")
    parked.refresh_from_db()
    assert parked.destination == "one_to_one"


def letters() -> list:
    deliver_due()
    return [letter for letter in mail.outbox if "nøglen" in letter.body]


def test_forwarded_by_one_tap_it_reaches_one_person_once(parked, team, leader, monday):
    for _ in range(2):
        parked.forward(team.senior_manager)
    assert letters() == []  # a wrong tap can be taken back
    monday.shift(timedelta(minutes=6))
    letter, *others = letters()
    assert others == []
    assert letter.to == [team.senior_manager.email]
    assert letter.reply_to == [leader.email]
    assert letter.subject == "Karen Holm spørger dig om noget i driften"
    assert "Hvem har nøglen til depotet?" in letter.body
    assert letters() == [letter]


@pytest.mark.parametrize("undo", ["closed", "back on the agenda", "taken back"])
def test_what_is_undone_in_time_is_not_sent(parked, team, monday, undo):
    parked.forward(team.senior_manager)
    match undo:
        case "closed":
            parked.close()
        case "back on the agenda":
            parked.to_agenda()
        case _:
            parked.take_forward_back()
    monday.shift(timedelta(minutes=6))
    assert letters() == []


def test_forwarded_to_another_after_all(parked, team, leader, monday):
    colleague = parked.may_go_to().exclude(pk=team.senior_manager_id).first()
    parked.forward(team.senior_manager)
    parked.forward(colleague)
    monday.shift(timedelta(minutes=6))
    assert [letter.to for letter in letters()] == [[colleague.email]]


def test_it_can_go_to_the_team_and_nobody_else(parked, team, leader):
    stranger = make_user(team.organisation)
    people = set(parked.may_go_to())
    assert people == set(team.participants()) - {leader}
    assert stranger not in people


def test_nothing_is_forwarded_while_one_rehearses(parked, team, monday):
    team.begun_at = None
    team.save()
    parked.forward(team.senior_manager)
    monday.shift(timedelta(minutes=6))
    assert letters() == []
    assert Delivery.objects.get(kind="meetings.parked").skip_reason == "rehearsal"
    reconcile()
    assert Delivery.objects.get(kind="meetings.parked").skip_reason == "rehearsal"
    team.begin()
    reconcile()
    assert [one.to for one in letters()] == [[team.senior_manager.email]]


def test_done_is_done_once_and_still_counts(parked, meeting):
    parked.close()
    first = parked.closed_at
    parked.close()
    assert parked.closed_at == first
    assert meeting.building.around().parked == 1


def test_whoever_leads_parks_too_and_that_is_seen(meeting, team, leader):
    host = team.memberships.order_by("pk")[1].user
    meeting.hosting._set(host)
    item = meeting.propose("Hvem har nøglen?", by=leader)
    assert [item.may_be_parked_by(who) for who in (leader, host, team.senior_manager)] == [
        True,
        True,
        False,
    ]
    assert item.park(by=host).owner == leader
    assert [line.words for line in meeting.building.around().traces] == [
        f"{host} parkerede et spørgsmål som drift"
    ]


def test_parking_what_stands_on_the_agenda_leaves_its_time_free(meeting, leader):
    item = meeting.propose("Hvem har nøglen?", by=leader)
    meeting.compose_agenda()
    item.refresh_from_db()
    item.park(by=leader)
    assert not meeting.items.on_agenda().exists()


def test_the_senior_manager_suggests_once(meeting, team, leader):
    item = meeting.propose("Hvem har nøglen?", by=leader)
    assert item.suggest_parking(team.senior_manager)
    assert not item.suggest_parking(team.senior_manager)
    item.suggestion.decline()
    assert not item.suggest_parking(team.senior_manager)
    item.refresh_from_db()
    assert (item.status, item.suggestion.declined_at is None) == ("waiting", False)


def test_both_sides_renew_the_agreement_once_a_season(meeting, team, leader):
    for person in (leader, team.senior_manager, leader):
        meeting.series.renew(person)
    assert set(meeting.series.renewals.values_list("by", flat=True)) == {
        leader.pk,
        team.senior_manager_id,
    }


# ---- after the tap


HTMX = {"hx_request": "true"}


def test_once_parked_the_question_about_how_is_begun(client, meeting, leader):
    client.force_login(leader)
    url = reverse("meetings:questions", args=[meeting.pk])
    data = {"question": "Hvem har nøglen?", "operations": "1"}
    html = client.post(url, data, headers=HTMX).content.decode()
    assert ">Hvordan </textarea>" in html
    html = client.post(url, data, follow=True).content.decode()
    assert ">Hvordan </textarea>" in html
    answer = client.post(url, {"question": "Hvordan"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Skriv resten af spørgsmålet." in answer.content.decode()


def test_done_is_undone_with_one_tap(client, meeting, parked, leader):
    client.force_login(leader)
    html = client.post(reverse("meetings:done", args=[parked.pk]), headers=HTMX).content.decode()
    again = reverse("meetings:open_again", args=[parked.pk])
    assert (again in html, "nøglen" in html.partition('id="parked-title"')[2]) == (True, False)
    for _ in range(2):
        html = client.post(again, headers=HTMX).content.decode()
        assert "nøglen" in html.partition('id="parked-title"')[2]
    client.post(reverse("meetings:done", args=[parked.pk]))
    meeting.park(parked.question, by=leader)
    client.post(again)
    assert ParkedItem.objects.standing().count() == 1


def test_in_the_room_it_is_said_who_takes_what_where(client, meeting, parked, team, monday):
    asker = team.memberships.order_by("pk").last().user
    item = meeting.propose("Hvem bestiller taxaer?", by=asker)
    item.park(by=asker)
    meeting.compose_agenda()
    monday.move_to(meeting.starts_at)
    room = Room.start(meeting, by=asker)
    while room.steps[room.position]["kind"] != "parked":
        room.next(by=asker)
    client.force_login(team.senior_manager)
    html = client.get(reverse("meetings:room", args=[meeting.pk])).content.decode()
    assert "Hvem bestiller taxaer?" in html
    assert f"{asker} tager det med: driftsmødet" in html
    assert "nøglen" not in html  # what its owner parked alone is theirs
    assert "2 ting om drift er parkeret" in html


def test_what_rests_is_asked_about_also_when_no_meeting_is_open(client, meeting, leader, team):
    item = meeting.propose("Hvad gør vi med ferien?", by=leader)
    AgendaItem.objects.filter(pk=item.pk).update(status="resting", meeting=None)
    url = reverse("meetings:resting")
    colleague = team.memberships.exclude(user=leader).first().user
    client.force_login(colleague)
    assert "ferien" not in client.get(url, headers=HTMX).content.decode()
    client.force_login(leader)
    assert "Hvad gør vi med ferien?" in client.get(url, headers=HTMX).content.decode()
    assert url in client.get(reverse("meetings:list")).content.decode()
    client.post(reverse("meetings:life", args=[item.pk]), {"alive": "0"})
    assert "ferien" not in client.get(url).content.decode()


@pytest.mark.parametrize("many", [1, 6])
def test_asking_costs_as_much_with_many_as_with_one(
    client, meeting, leader, many, django_assert_max_num_queries
):
    for number in range(many):
        item = meeting.propose(f"Nummer {number}?", by=leader)
        AgendaItem.objects.filter(pk=item.pk).update(status="resting")
    client.force_login(leader)
    with django_assert_max_num_queries(8):
        client.get(reverse("meetings:resting"))
