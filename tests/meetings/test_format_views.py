"""Choosing a format, and a group's own: minutes, words, order."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import Format
from tests.factories import make_series
from tests.test_queries import MOST, TRANSACTIONS

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def meetings(team):
    return list(make_series(team, meetings=2).meetings.order_by("starts_at"))


@pytest.fixture
def own(team, leader):
    return Format.objects.get(slug="dialogue-meeting").copy_for(team, by=leader)


def at(name, thing) -> str:
    return reverse(f"meetings:{name}", args=[thing.pk])


def form_of(own, **changes) -> dict:
    """What the page's form sends, with `changes` by position, e.g. p2_minutes=7."""
    sent = {"name_da": own.name_da, "name_en": own.name_en, "phases-INITIAL_FORMS": 0}
    phases = list(own.phases.filter(within=None).order_by("position"))
    for number, phase in enumerate(phases):
        line = {"id": phase.pk, "ORDER": number + 1}
        for name in ("minutes", "kind", "title_da", "line_da", "title_en", "line_en"):
            line[name] = getattr(phase, name)
        sent |= {f"phases-{number}-{name}": value for name, value in line.items()}
    new = max([len(phases), *(int(name[1:].split("_")[0]) for name in changes if name[0] == "p")])
    for name, value in changes.items():
        number, _, field = name.removeprefix("p").partition("_")
        sent[f"phases-{int(number) - 1}-{field}"] = value
    return sent | {"phases-INITIAL_FORMS": len(phases), "phases-TOTAL_FORMS": new}


def shown(own) -> list[tuple]:
    fresh = Format.objects.get(pk=own.pk)
    return [(phase.title_da, phase.minutes) for phase in fresh.outline]


def test_a_meeting_may_follow_another_format_for_once(client, meetings, leader):
    client.force_login(leader)
    inquiry = Format.objects.get(slug="inquiry-meeting")
    page = client.get(at("meeting_format", meetings[0])).content.decode()
    assert ("Dialogmødet" in page, "Netværksmødet" in page) == (True, False)
    client.post(at("meeting_format", meetings[0]), {"format": inquiry.pk})
    for meeting in meetings:
        meeting.refresh_from_db()
    assert [m.followed_format.slug for m in meetings] == ["inquiry-meeting", "dialogue-meeting"]


def test_or_the_whole_season_does(client, meetings, leader):
    client.force_login(leader)
    inquiry = Format.objects.get(slug="inquiry-meeting")
    client.post(at("meeting_format", meetings[0]), {"format": inquiry.pk, "season": "1"})
    found = [type(m).objects.get(pk=m.pk).followed_format.slug for m in meetings]
    assert found == ["inquiry-meeting"] * 2


@pytest.mark.parametrize("wrong", ["", "x", "999999"])
def test_what_is_not_there_is_not_chosen(client, meetings, leader, wrong):
    client.force_login(leader)
    response = client.post(at("meeting_format", meetings[0]), {"format": wrong})
    assert response.status_code == 422
    assert "Vælg et af dem." in response.content.decode()


def test_longer_than_the_meeting_is_pointed_out(client, team, leader):
    meeting = make_series(team, minutes=45).meetings.get()
    client.force_login(leader)
    page = client.get(at("meeting_format", meeting)).content.decode()
    assert "lavet til 90 minutter, og I har 45" in page


def test_a_copy_is_made_and_opened(client, team, leader):
    client.force_login(leader)
    starter = Format.objects.get(slug="dialogue-meeting")
    response = client.post(at("formats", team), {"of": starter.pk})
    copy = Format.objects.get(group=team)
    assert response.url == at("format", copy)
    assert copy.beats == starter.beats


def test_the_secretariat_makes_one_that_every_group_can_choose(
    client, organisation, meetings, leader, secretariat, outsider
):
    client.force_login(secretariat)
    page = client.get(reverse("meetings:formats_for_all")).content.decode()
    assert "Ingen af jeres egne endnu" in page
    client.post(reverse("meetings:formats_for_all"), {"of": "dialogue-meeting"})
    of_all = Format.objects.get(organisation=organisation, group=None)
    client.post(at("format", of_all), form_of(of_all, p1_minutes=7) | {"name_da": "Havbymødet"})
    assert "Havbymødet" in client.get(reverse("meetings:formats_for_all")).content.decode()
    client.force_login(leader)
    assert "Havbymødet" in client.get(at("meeting_format", meetings[0])).content.decode()
    assert client.get(at("format", of_all)).status_code == 404
    assert client.get(reverse("meetings:formats_for_all")).status_code == 403
    outsider.is_secretariat = True
    outsider.save(update_fields=["is_secretariat"])
    client.force_login(outsider)
    assert client.get(at("format", of_all)).status_code == 404


def test_many_formats_of_all_cost_no_more_queries_than_one(client, organisation, secretariat):
    client.force_login(secretariat)
    client.get(reverse("meetings:formats_for_all"))
    starter, asked = Format.objects.get(slug="dialogue-meeting"), []
    for more in (1, 9):
        for _ in range(more):
            starter.copy_for(organisation, by=secretariat)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("meetings:formats_for_all"))
        asked.append([q["sql"] for q in queries if not q["sql"].startswith(TRANSACTIONS)])
    assert len(asked[0]) == len(asked[1]) <= MOST


def test_minutes_words_and_order_are_ones_own(client, own, leader):
    client.force_login(leader)
    changes = {"p1_minutes": 7, "p1_title_da": "Kaffe", "p1_ORDER": 9, "p5_DELETE": "on"}
    response = client.post(at("format", own), form_of(own, **changes))
    assert response.status_code == 302
    assert shown(own) == [
        ("Siden sidst", 5),
        ("Første spørgsmål", 30),
        ("Andet spørgsmål", 15),
        ("Parkeret drift", 5),
        ("Det aftaler vi", 5),
        ("Tjek ud", 10),
        ("Kaffe", 7),
    ]


def test_a_phase_is_added(client, own, leader):
    client.force_login(leader)
    new = {"p9_minutes": 3, "p9_title_da": "Sang", "p9_kind": "plain", "p9_line_da": ""}
    client.post(at("format", own), form_of(own, **new))
    assert shown(own)[-1] == ("Sang", 3)


def test_the_parts_of_a_question_fill_it_again(client, own, leader):
    client.force_login(leader)
    client.post(at("format", own), form_of(own, p3_minutes=15))
    question = Format.objects.get(pk=own.pk).outline[2]
    assert [part.minutes for part in question.parts.all()] == [1, 5, 8, 1]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"p1_minutes": 0}, "1"),
        ({"p1_minutes": "mange"}, "heltal"),
        ({"p1_title_da": "", "p1_title_en": ""}, "Hvad gør I i denne fase?"),
        ({f"p{n}_DELETE": "on" for n in range(1, 9)}, "Der er mindst én fase."),
    ],
)
def test_what_can_not_be_is_said_and_nothing_is_lost(client, own, leader, wrong, words):
    client.force_login(leader)
    before = shown(own)
    response = client.post(at("format", own), form_of(own, p2_line_da="Skrevet før", **wrong))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "Skrevet før" in response.content.decode()
    assert shown(own) == before


def test_a_phase_of_somebody_elses_is_not_touched(client, own, leader, network):
    client.force_login(leader)
    starter = Format.objects.get(slug="dialogue-meeting").outline[0]
    client.post(at("format", own), form_of(own) | {"phases-0-id": starter.pk})
    starter.refresh_from_db()
    assert starter.format.slug == "dialogue-meeting"


def test_offered_no_more(client, own, team, leader):
    client.force_login(leader)
    client.post(at("format_retirement", own))
    assert client.get(at("format", own)).status_code == 404
    assert own not in Format.objects.open_to(team)
    assert timezone.now() >= Format.objects.get(pk=own.pk).retired_at


def test_the_pages_of_formats_ask_as_often_with_many_as_with_one(
    client, team, leader, meetings, own
):
    def asked(url) -> int:
        client.get(reverse("account_inactive"))  # the session is in the cache, as it usually is
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return sum(not query["sql"].startswith(TRANSACTIONS) for query in queries)

    client.force_login(leader)
    urls = [at("meeting_format", meetings[0]), at("format", own)]
    client.get(urls[0])
    few = [asked(url) for url in urls]
    for _ in range(5):
        Format.objects.get(slug="dialogue-meeting").copy_for(team, by=leader)
    assert [asked(url) for url in urls] == few
    assert max(few) <= MOST
