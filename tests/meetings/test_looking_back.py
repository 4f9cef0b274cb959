"""Looking back: earlier meetings, and search in Danish over what is one's own."""

from datetime import timedelta

import pytest
from django.urls import reverse

from meetings.models import AgendaItem, Commitment
from meetings.models.commitment import Agreed
from tests.cast import SECRETS, make_house
from tests.factories import in_days, make_open_meeting, make_series, make_user
from tests.test_queries import MOST, asked
from wellbeing.models import Guidepost, Theme

pytestmark = pytest.mark.usefixtures("monday")
SEARCH, EARLIER = "/search/", "/meetings/earlier/"


@pytest.fixture
def meeting(team):
    return make_open_meeting(team)


def look(client, user, words, **headers):
    client.force_login(user)
    return client.get(SEARCH, {"q": words}, headers=headers)


def found(client, user, words) -> list[str]:
    response = look(client, user, words)
    return [str(one.thing) for one in response.context.get("found", [])]


@pytest.mark.parametrize(
    "words",
    ["møde", "møder", "mødet", "MØDERNE", "mødeleder", "mødeleder ny", "  nye  møder ", "ny & mød"],
)
def test_danish_is_understood(client, meeting, leader, words):
    meeting.propose("Hvordan bruger vi vores nye mødeledere på møderne?", by=leader)
    meeting.propose("Hvad fylder?", by=leader)
    assert found(client, leader, words) == ["Hvordan bruger vi vores nye mødeledere på møderne?"]


def test_ae_oe_aa_in_either_case_and_long_words_by_their_beginning(client, meeting, leader):
    meeting.propose("Hvem har ÆBLERNE på ØEN i ÅRHUS?", by=leader)
    meeting.propose("Hvor hænger nøgleboksene?", by=leader)
    for words in ("æble", "øen", "århus"):
        assert found(client, leader, words) == ["Hvem har ÆBLERNE på ØEN i ÅRHUS?"]
    assert found(client, leader, "nøgle") == ["Hvor hænger nøgleboksene?"]
    assert found(client, leader, "boks") == []


@pytest.mark.parametrize("words", ["", "   ", "& | !", "'", "a" * 5000, "_", "og", "\\", "';--"])
def test_whatever_is_typed_the_page_answers(client, meeting, leader, words):
    meeting.propose("Hvad fylder?", by=leader)
    response = look(client, leader, words)
    assert response.status_code == 200
    assert response.context.get("found", []) == []


def test_agreements_lessons_and_guideposts_are_found_and_marked(client, meeting, leader, monday):
    Guidepost.objects.create(
        organisation=leader.organisation, wording="Pauser er <arbejde>", theme=Theme.REFLECTION
    )
    monday.move_to(meeting.starts_at)
    one = Agreed(meeting).agree("Korte ture", by=leader, experiment=True)
    one.learn("Pausen gjorde forskellen")
    html = look(client, leader, "pause").content.decode()
    assert "<mark>Pauser</mark> er &lt;arbejde&gt;" in html
    assert "<mark>Pausen</mark> gjorde forskellen" in html
    assert "2 fundet" in html


def test_what_is_hidden_taken_back_parked_or_taken_off_is_found_by_nobody(
    client, meeting, leader, monday
):
    shown, hidden, withdrawn, parked, resting = (
        meeting.propose(f"Kanarie {number}?", by=leader) for number in range(5)
    )
    hidden.hide(by=leader)
    withdrawn.withdraw()
    parked.park()
    AgendaItem.objects.filter(pk=resting.pk).update(status="resting")
    monday.move_to(meeting.starts_at)
    Agreed(meeting).agree("Kanarie aftalt", by=leader).remove()
    other = meeting.group.memberships.exclude(user=leader).first().user
    assert sorted(found(client, leader, "kanarie")) == [shown.question, resting.question]
    assert found(client, other, "kanarie") == [shown.question]


@pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}], ids=["page", "htmx"])
def test_nobody_finds_what_is_not_their_own(db, headers):
    house = make_house()
    readers = {"network": set(), "team": set()}
    for role in ("asker", "member", "newcomer", "facilitator", "manager", "secretariat", "stranger",
                 "outsider", "superuser"):  # fmt: skip
        page = house.client(role).get(SEARCH, {"q": "kanariefugl"}, headers=headers)
        html = page.content.decode().replace("<mark>", "").replace("</mark>", "")
        for name, secret in SECRETS.items():
            if secret in html:
                readers[name].add(role)
    assert readers == {
        "network": {"asker", "member", "facilitator"},
        "team": {"asker", "member", "manager"},
    }


def test_earlier_meetings_are_ones_own_the_latest_first(client, team, leader, monday):
    series = make_series(team, in_days(1), meetings=3)
    first, second, third = series.meetings.order_by("starts_at")
    for meeting in (first, second):
        meeting.propose("Hvad fylder?", by=leader)
        meeting.compose_agenda()
        meeting.end()
    monday.move_to(second.ends_at + timedelta(hours=1))
    Agreed(second).agree("Vi ringer", by=leader)
    client.force_login(leader)
    response = client.get(EARLIER)
    assert list(response.context["page"]) == [second, first]
    assert "1 spørgsmål · 1 aftale" in response.content.decode()
    assert third not in response.context["page"]
    client.force_login(make_user(team.organisation))
    assert list(client.get(EARLIER).context["page"]) == []


def test_a_page_at_a_time_and_as_few_queries_as_with_one(db):
    house = make_house()
    team, asker = house.things["team"], house.people["asker"]
    series = make_series(team, in_days(-400), meetings=26, interval_days=14)
    meetings = list(series.meetings.order_by("starts_at"))
    find = f"{SEARCH}?q=fylder"

    def fill(chosen, number):
        for meeting in chosen:
            series.meetings.filter(pk=meeting.pk).update(status="held")
            Commitment.objects.create(
                group=team, meeting=meeting, what=f"Det fylder {number}", by=asker
            )
        AgendaItem.objects.bulk_create(
            AgendaItem(
                group=team, meeting=meetings[0], by=asker, question=f"Hvad fylder {number} {n}?"
            )
            for n in range(number)
        )
        for n in range(number):
            Guidepost.objects.create(
                organisation=team.organisation,
                unit=None,
                wording=f"Det fylder {number} {n}",
                theme=Theme.SAFETY,
            )

    fill(meetings[:1], 1)
    few = [asked(house, "member", "get", url) for url in (find, EARLIER)]
    fill(meetings[1:], 8)
    many = [asked(house, "member", "get", url) for url in (find, EARLIER)]
    # With many, one page may hold a single kind, which is fetched in fewer queries.
    assert [more <= less <= MOST for more, less in zip(many, few, strict=True)] == [True, True]
    client = house.client("member")
    assert len(client.get(EARLIER).context["page"]) == 20
    second = client.get(f"{find}&page=2")
    assert 0 < len(second.context["found"]) <= 20
    assert reverse("meetings:search") in second.content.decode()
