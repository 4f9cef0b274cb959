"""What is around the questions, as a person meets it: by page and by fragment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import AgendaItem, Trace
from tests.factories import make_open_meeting, make_series
from tests.meetings.test_views import BOTH_DOORS, browser, read, send
from wellbeing.models import Guidepost

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def meeting(team):
    return make_open_meeting(team)


@pytest.fixture
def karen(leader):
    """The first of the team: host of its first meeting."""
    return browser(leader)


@pytest.fixture
def colleague(team, leader):
    return team.memberships.exclude(user=leader).order_by("pk").first().user


@pytest.fixture
def guidepost(team):
    return Guidepost.objects.create(
        organisation=team.organisation, wording="Ingen leder står alene.", theme="support"
    )


@BOTH_DOORS
def test_a_guidepost_by_one_tap_and_off_again(karen, leader, meeting, guidepost, headers):
    item = meeting.propose("Hvem ringer du til?", by=leader)
    seen = send(karen, "touch", item, {"guidepost": guidepost.pk}, headers)
    link = f'<a class="guidepost" href="{guidepost.get_absolute_url()}">Ingen leder står alene.</a>'
    assert link in seen
    item.refresh_from_db()
    assert (item.guidepost, item.theme) == (guidepost, "support")
    send(karen, "touch", item, {"guidepost": ""}, headers)
    item.refresh_from_db()
    assert (item.guidepost, item.theme) == (None, "")


def test_chips_stand_under_what_one_just_asked_and_then_make_room(
    karen, leader, meeting, guidepost, monday
):
    seen = send(karen, "questions", meeting, {"question": "Hvem ringer du til?"})
    item = AgendaItem.objects.get()
    chips, change = (seen.find(f'id="{name}-{item.pk}"') for name in ("touches", "change"))
    assert -1 < chips < change
    monday.shift(timedelta(minutes=20))
    page = read(karen, meeting.get_absolute_url())
    assert page.find(f'id="touches-{item.pk}"') > page.find(f'id="change-{item.pk}"') > -1


def test_a_guidepost_of_another_organisation_is_no_guidepost(karen, leader, meeting, outsider):
    theirs = Guidepost.objects.create(
        organisation=outsider.organisation, wording="Deres", theme="safety"
    )
    item = meeting.propose("Hvad nu?", by=leader)
    for wrong in (theirs.pk, "x", "9" * 40):
        assert karen.post(f"/questions/{item.pk}/touch/", {"guidepost": wrong}).status_code == 404


@BOTH_DOORS
def test_the_bank_offers_lends_and_says_so(karen, meeting, headers):
    offered = meeting.building.offered()
    assert f'<p class="voice">{offered.text_da}</p>' in read(karen, meeting.get_absolute_url())
    another = read(karen, f"{meeting.get_absolute_url()}?bank=1")
    assert f'<p class="voice">{offered.text_da}</p>' not in another
    seen = send(karen, "bank", meeting, {"question": offered.pk}, headers)
    assert "fra spørgsmålsbanken" in seen
    assert "Ingen har spurgt om noget endnu" not in seen


@BOTH_DOORS
def test_minutes_are_a_choice_beside_the_question(karen, leader, meeting, headers):
    item = meeting.propose("Hvad nu?", by=leader)
    changed = {"question": "Hvad nu?", "seen": "Hvad nu?", "minutes": "30"}
    assert "30 min" in send(karen, "question", item, changed, headers)


@BOTH_DOORS
def test_what_another_device_changed_is_told_and_what_was_typed_is_kept(
    karen, leader, meeting, headers
):
    item = meeting.propose("Hvad nu?", by=leader)
    item.reword("Hvad så?")
    changed = {"question": "Hvad mon?", "seen": "Hvad nu?"}
    response = karen.post(f"/questions/{item.pk}/", changed, headers=headers)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Det er blevet ændret et andet sted imens: ”Hvad så?”" in page
    assert ">Hvad mon?</textarea>" in page
    assert 'name="seen" value="Hvad så?"' in page


@BOTH_DOORS
def test_the_host_orders_and_everybody_sees_it(karen, team, leader, meeting, colleague, headers):
    for number, person in enumerate((colleague, leader)):
        meeting.propose(f"{number}?", by=person, at=timezone.now() + timedelta(minutes=number))
    meeting.compose_agenda()
    first, second = meeting.items.on_agenda()
    sends = {"item": second.pk, "place": 1, "seen": f"{first.pk},{second.pk}"}
    seen = send(karen, "order", meeting, sends, headers)
    assert seen.index(f'id="item-{second.pk}"') < seen.index(f'id="item-{first.pk}"')
    theirs = read(browser(colleague), meeting.get_absolute_url())
    assert f"Karen Holm flyttede ”{second}” til plads 1" in theirs
    assert "Flyt op" not in theirs
    again = send(karen, "order", meeting, sends, headers)
    assert "Dagsordenen er blevet ændret imens." in again
    assert Trace.objects.filter(what="placed").count() == 1


@BOTH_DOORS
@pytest.mark.parametrize("wrong", [{}, {"item": "x", "place": "1", "seen": "1"}])
def test_nonsense_orders_nothing(karen, leader, meeting, headers, wrong):
    meeting.propose("Hvad nu?", by=leader)
    meeting.compose_agenda()
    assert "Dagsordenen er blevet ændret imens." in send(karen, "order", meeting, wrong, headers)


@BOTH_DOORS
def test_hidden_at_once_and_shown_in_other_words(karen, leader, meeting, colleague, headers):
    item = meeting.propose("Hvad gør vi ved Jens?", by=leader)
    seen = send(karen, "hiding", item, headers=headers)
    assert "Skjult: det er kun dig, der kan læse det" in seen
    theirs = read(browser(colleague), meeting.get_absolute_url())
    assert "Jens" not in theirs
    assert "Karen Holm skjulte et spørgsmål" in theirs
    url = f"/questions/{item.pk}/showing/"
    same = karen.post(url, {"question": "Hvad gør vi ved Jens?"}, headers=headers)
    assert same.status_code == 422
    send(karen, "showing", item, {"question": "Hvad gør vi ved uro?"}, headers)
    assert "Hvad gør vi ved uro?" in read(browser(colleague), meeting.get_absolute_url())


@BOTH_DOORS
def test_standing_items_say_who_added_them(karen, meeting, colleague, headers):
    seen = send(karen, "standing", meeting, {"question": "Ét pejlemærke"}, headers)
    assert "tilføjet af Karen Holm" in seen
    item = AgendaItem.objects.get()
    theirs = browser(colleague)
    assert "tilføjet af" not in send(theirs, "end_standing", item, {"on": meeting.pk}, headers)
    empty = karen.post(f"/meetings/{meeting.pk}/standing/", {"question": " "}, headers=headers)
    assert empty.status_code == 422


@BOTH_DOORS
def test_still_alive_is_asked_of_its_asker_where_they_stand(karen, team, leader, headers):
    first, second = make_series(team, meetings=2).meetings.order_by("starts_at")
    item = first.propose("Lever jeg?", by=leader)
    for _ in range(2):
        item.carry_over(first, first)
    second.invite_proposals()
    assert "Lever det stadig?" in read(karen, second.get_absolute_url())
    seen = send(karen, "life", item, {"alive": "0", "on": second.pk}, headers)
    assert "Lever det stadig?" not in seen
    assert "Væk det" in seen
    send(karen, "life", item, {"alive": "1", "on": second.pk}, headers)
    item.refresh_from_db()
    assert item.status == "waiting"


@BOTH_DOORS
def test_the_host_passes_it_on(karen, meeting, colleague, headers):
    assert "Du er vært denne gang." in read(karen, meeting.get_absolute_url())
    assert f"Vært denne gang: {colleague}" in send(karen, "host", meeting, {"pass": "1"}, headers)


@BOTH_DOORS
def test_parked_is_sent_on_taken_back_and_done(karen, team, leader, meeting, headers):
    parked = meeting.park("Hvem har nøglen?", by=leader)
    seen = send(karen, "destination", parked, {"destination": "mail"}, headers)
    assert f'id="to-mail-{parked.pk}" name="destination" value="mail" aria-pressed="true"' in seen
    senior = {"to": team.senior_manager_id, "on": meeting.pk}
    assert f"Sendt videre til {team.senior_manager}." in send(
        karen, "forward", parked, senior, headers
    )
    assert "Sendt videre til" not in send(karen, "forward", parked, {"to": ""}, headers)
    url = f"/parked/{parked.pk}/forward/"
    for wrong in (leader.pk, "x", 2**70):
        assert karen.post(url, {"to": wrong}, headers=headers).status_code == 404
    seen = send(karen, "done", parked, {"on": meeting.pk}, headers)
    assert "Hvem har nøglen?" not in seen
    assert "1 ting om drift er parkeret til dette møde." in seen


@BOTH_DOORS
def test_the_quiet_word_is_answered_by_keeping_or_parking(karen, team, leader, meeting, headers):
    item = meeting.propose("Hvem har nøglen?", by=leader)
    birgitte = browser(team.senior_manager)
    for _ in range(2):
        send(birgitte, "suggestion", item, headers=headers)
    assert "er i tvivl, om det her er drift" in read(karen, meeting.get_absolute_url())
    assert "er i tvivl" not in send(karen, "doubt", item, {"on": meeting.pk}, headers)
    send(birgitte, "suggestion", item, headers=headers)
    assert "er i tvivl" not in read(karen, meeting.get_absolute_url())


@BOTH_DOORS
def test_both_sides_renew_the_agreement(karen, team, meeting, headers):
    seen = send(karen, "agreement", meeting, headers=headers)
    assert "Sagt ja til for denne møderække af Karen Holm." in " ".join(seen.split())
    page = send(browser(team.senior_manager), "agreement", meeting, headers=headers)
    assert "Karen Holm" in page
    assert str(team.senior_manager) in page
    assert 'id="renew"' not in page


def test_forty_people_at_the_table_add_up(karen, team, leader, meeting):
    for number in range(40):
        meeting.propose(f"{number}?", by=leader)
    meeting.compose_agenda()
    page = read(karen, meeting.get_absolute_url())
    assert "45 minutter i alt" in page
    assert page.count('<li id="item-') == 2
