"""The pages of the guideposts, and the poster."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import factories
from tests.pdf import must_be_accessible, read_out
from wellbeing.models import Guidepost
from wellbeing.papers.poster import print_poster

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def lone(client, secretariat):
    client.force_login(secretariat)
    return client


def word(organisation, wording="Ingen leder står alene.", **values) -> Guidepost:
    return Guidepost.objects.word(organisation, wording=wording, theme="support", **values)


def at(name, guidepost) -> str:
    return reverse(f"wellbeing:{name}", args=[guidepost.pk])


def look(client, url="/guideposts/") -> str:
    return client.get(url, follow=True).content.decode()


def test_six_examples_to_start_from_until_there_are_own(lone, organisation):
    seen = look(lone)
    assert seen.count(">eksempel<") == 6
    assert "Det halvfærdige er velkomment." in seen
    started = look(lone, "/guideposts/new/?example=safety")
    assert "Det halvfærdige er velkomment.</textarea>" in started
    assert Guidepost.objects.count() == 0  # an example counts for nothing
    word(organisation)
    assert ">eksempel<" not in look(lone)


def test_the_secretariat_words_one_and_the_tenth_is_refused_with_the_words_kept(lone, organisation):
    said = {"wording": "Vi ringer først.", "theme": "support"}
    assert "Vi ringer først." in lone.post("/guideposts/new/", said, follow=True).content.decode()
    for number in range(8):
        word(organisation, f"Nummer {number}")
    refused = lone.post("/guideposts/new/", said | {"wording": "Den tiende"})
    assert refused.status_code == 422
    assert "styrer allerede efter ni" in refused.content.decode()
    assert "Den tiende</textarea>" in refused.content.decode()


def test_reworded_both_are_told(lone, organisation):
    guidepost = word(organisation)
    said = {"wording": "Vi ringer, før det brænder på.", "theme": "support"}
    seen = lone.post(at("guidepost_wording", guidepost), said, follow=True).content.decode()
    assert "Vi ringer, før det brænder på." in seen
    assert "Ingen leder står alene." in seen  # the thread tells both
    assert "Ingen leder står alene." in look(lone, "/guideposts/earlier/")


def test_retired_with_a_reason_and_brought_back(lone, organisation):
    guidepost = word(organisation, "Vi ringer først.")
    assert lone.post(at("guidepost_retirement", guidepost), {"why": ""}).status_code == 422
    lone.post(at("guidepost_retirement", guidepost), {"why": "Det er en vane nu."})
    assert "Vi ringer først." not in look(lone)
    assert "Det er en vane nu." in look(lone, "/guideposts/earlier/")
    assert (
        "Vi ringer først."
        in lone.post(at("guidepost_return", guidepost), follow=True).content.decode()
    )


def test_when_it_was_last_talked_about_at_a_leader_meeting_only(lone, team, network, monday):
    guidepost = word(team.organisation)
    for group, days in [(team, 2), (network, 4)]:
        series = factories.make_series(group, factories.in_days(days))
        meeting = series.meetings.get()
        meeting.invite_proposals()
        leader = group.memberships.first().user
        meeting.propose("Hvem ringer du til?", by=leader, guidepost=guidepost)
        meeting.compose_agenda()
    assert "Endnu ikke talt om på et ledermøde" in look(lone)
    for group in (team, network):
        meeting = group.series.get().meetings.get()
        monday.move_to(meeting.ends_at)
        meeting.end()
    # whose meeting it was knows the day, others the month
    own = Client()
    own.force_login(team.memberships.first().user)
    anew = guidepost.reword("Vi ringer først.", "support")
    for path in ("/guideposts/", f"/guideposts/{anew.pk}/"):
        assert "Sidst talt om i november 2026" in look(lone, path)
        assert "11. november 2026" not in look(lone, path)
        assert "Sidst talt om den 11. november 2026" in look(own, path)


# ---- the poster


def test_the_poster_is_a_sheet_in_either_size(lone, organisation):
    word(organisation)
    for size, width in [("a3", 841.89), ("a4", 595.276)]:
        response = lone.get("/guideposts/poster/", {"size": size})
        assert response["Content-Type"] == "application/pdf"
        page = re.search(rb"/MediaBox ?\[0 0 ([\d.]+)", response.content)
        assert float(page[1]) == pytest.approx(width, abs=0.01)
    assert lone.get("/guideposts/poster/", {"size": "a0"}).status_code == 404


@pytest.mark.parametrize(("language", "title"), [("da", "Pejlemærker"), ("en", "Guideposts")])
def test_the_poster_is_tagged_titled_and_in_its_language(organisation, language, title):
    with translation.override(language):
        pdf = print_poster(organisation, [word(organisation)], "a3", language)
    must_be_accessible(pdf, language, f"{title}: Havby")


def test_the_words_of_the_poster_can_be_read_out(organisation):
    said = 'Vi #spørger *før* "vi" svarer \\ æøå'  # words, not markup
    pdf = print_poster(organisation, [word(organisation, said)], "a4", "da")
    assert read_out(pdf).replace(" ", "").count(said.replace(" ", "")) == 1


def test_nine_long_ones_share_one_sheet(organisation):
    nine = [word(organisation, f"{n} " + "lange ord " * 19) for n in range(9)]
    for one in nine:
        one.how_we_see_it = "Sådan ser vi det i hverdagen. " * 10
    pdf = print_poster(organisation, nine, "a4", "da")
    assert pdf.count(b"/MediaBox") == 1
