"""The pages of a leader-APV, as people meet them; and how often they ask the database."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.test_queries import MOST, TRANSACTIONS
from tests.wellbeing.apv_cast import amo_of, assess, find, leader_of, make_apv, propose
from wellbeing.models import Action, Apv, Finding, Statement

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def apv(organisation, secretariat):
    return make_apv(organisation, secretariat)


def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    client.get("/me/")
    return client


def to(name, thing) -> str:
    return reverse(f"wellbeing:{name}", args=[thing.pk])


def test_a_name_in_a_statement_is_pointed_out_and_never_stopped(apv):
    theme, client = apv.themes.first(), browser(leader_of(apv))
    words = {"text": "Karen afbryder os på hvert møde"}
    warned = client.post(to("apv_statements", theme), words)
    page = warned.content.decode()
    assert warned.status_code == 422
    assert words["text"] in page
    assert "er navnet på en her" in page
    assert not Statement.objects.exists()
    client.post(to("apv_statements", theme), words | {"sure": "1"})
    assert Statement.objects.get().text == words["text"]


def test_a_statement_posted_twice_is_said_once(apv):
    theme, client = apv.themes.first(), browser(amo_of(apv))
    page = client.get(theme.get_absolute_url())
    key = str(page.context["statement_form"].initial["key"])
    for _ in range(2):
        client.post(to("apv_statements", theme), {"text": "Vi er for få", "key": key})
    assert Statement.objects.count() == 1


def test_what_was_said_shows_to_the_senior_manager_once_released(apv):
    theme = apv.themes.first()
    theme.apv = apv
    Statement.objects.say(theme, "Vi tør ikke sige nej")
    birgitte = browser(apv.senior_manager)
    assert "Vi tør ikke" not in birgitte.get(theme.get_absolute_url()).content.decode()
    browser(leader_of(apv)).post(to("apv_release", apv))
    assert "Vi tør ikke" in birgitte.get(theme.get_absolute_url()).content.decode()


def test_from_a_finding_to_what_helped(apv):
    leader, senior = browser(leader_of(apv)), browser(apv.senior_manager)
    theme = apv.themes.first()
    leader.post(to("apv_findings", theme), {"words": "Vi bliver afbrudt", "voices": "7"})
    finding = Finding.objects.get()
    assert finding.voices == 7
    lines = {"severity": "Det slider", "extent": "Alle", "cause": "Telefonen"}
    assert leader.post(to("apv_assessment", finding), lines | {"cause": ""}).status_code == 422
    leader.post(to("apv_assessment", finding), lines)
    leader.post(to("apv_absence", apv), {"words": "Set under ét: nej."})
    proposal = {
        "action-what": "Telefonen flyttes",
        "action-who": leader_of(apv).pk,
        "action-by_when": "2026-12-01",
        "action-seen_by": "Færre opkald",
    }
    leader.post(to("apv_actions", finding), proposal)
    action = finding.assessment.actions.get()
    no = senior.post(to("apv_answer", action), {"answer": "no"})
    assert no.status_code == 422
    assert "Skriv hvorfor" in no.content.decode()
    senior.post(to("apv_answer", action), {"answer": "yes", "why": "God idé"})
    assert "God idé" in leader.get(to("apv_plan", apv)).content.decode()
    leader.post(to("apv_done", action))
    leader.post(to("apv_effect", action), {"helped": "1", "effect": "Stilhed"})
    assert "Stilhed" in leader.get(to("apv_written", apv)).content.decode()


def test_a_phase_that_is_not_ready_says_why(apv):
    find(apv)
    client = browser(leader_of(apv))
    said = client.post(to("apv_phase", apv), {"to": "act"}, follow=True).content.decode()
    assert "Et fund mangler alvor, omfang og årsag." in said
    assert Apv.objects.get().phase == "map"


def test_without_amo_it_doesnt_begin_and_who_frames_it_reads_why(organisation, secretariat):
    apv = make_apv(organisation, secretariat, "frame")
    apv.dismiss(amo_of(apv))
    for person in (secretariat, apv.senior_manager):
        assert "Udpeg AMO-repræsentanten" in browser(person).get(to("apv", apv)).content.decode()
    leader = browser(leader_of(apv))
    said = leader.post(to("apv_phase", apv), {"to": "map"}, follow=True).content.decode()
    assert "Udpeg AMO-repræsentanten" in said
    assert Apv.objects.get().phase == "frame"


def test_who_acts_before_assessing_is_told_and_keeps_what_was_written(apv):
    finding, client = find(apv), browser(leader_of(apv))
    proposal = {
        "action-what": "Telefonen flyttes til vagten",
        "action-who": leader_of(apv).pk,
        "action-by_when": "2026-12-01",
        "action-seen_by": "Færre opkald",
    }
    early = client.post(to("apv_actions", finding), proposal)
    page = early.content.decode()
    assert early.status_code == 422
    assert "Så kan I handle." in page
    assert 'value="Telefonen flyttes til vagten"' in page
    assert not Action.objects.exists()


def test_a_number_below_five_is_not_written_down_and_it_says_so(apv):
    theme, client = apv.themes.first(), browser(leader_of(apv))
    few = {"words": "Vi bliver afbrudt", "voices": "4"}
    page = client.post(to("apv_findings", theme), few, follow=True).content.decode()
    assert "Færre end fem kunne pege på nogen" in page
    assert Finding.objects.get().voices is None


def test_what_did_not_help_leads_back_to_how_serious_it_is(organisation, secretariat):
    apv = make_apv(organisation, secretariat, "act")
    finding = find(apv)
    assess(finding)
    action = propose(finding)
    action.reply("yes", "", apv.senior_manager)
    action.finish()
    no = {"helped": "0", "effect": "Telefonen ringer stadig"}
    page = browser(leader_of(apv)).post(to("apv_effect", action), no, follow=True)
    assert page.redirect_chain[-1][0] == finding.get_absolute_url()
    assert "Vurderet tidligere" in page.content.decode()
    assert Apv.objects.get().phase == "assess"


def test_how_often_a_theme_is_covered_is_three_years_at_most(apv, secretariat):
    theme, client = apv.themes.first(), browser(secretariat)
    too_many = client.post(to("apv_rhythm", theme), {"months": "37"})
    assert too_many.status_code == 422
    assert 'value="37"' in too_many.content.decode()
    client.post(to("apv_rhythm", theme), {"months": "12"})
    theme.refresh_from_db()
    assert theme.every_months == 12


def test_the_secretariat_begins_one_and_appoints(organisation, secretariat):
    head = factories.make_user(organisation, "Birgitte Aagaard")
    unit = factories.make_unit(organisation, name="Nord", head=head)
    amo = factories.make_user(organisation, "Anna Bro")
    client = browser(secretariat)
    client.post(reverse("wellbeing:apv_new"), {"unit": unit.pk, "purpose": "Ro"})
    apv = Apv.objects.get()
    client.post(to("apv_people", apv), {"person": "Anna Bro", "role": "amo"})
    assert [seat.person for seat in apv.seats.all()] == [amo]
    nobody = client.post(to("apv_people", apv), {"person": "Ingen", "role": "amo"})
    assert nobody.status_code == 422


def test_where_else_to_go_is_always_in_sight(apv):
    apv.organisation.elsewhere = "Ring til Gudrun på 1200"
    apv.organisation.save()
    finding = find(apv)
    client = browser(leader_of(apv))
    for page in (apv, apv.themes.first(), finding):
        assert "Ring til Gudrun" in client.get(page.get_absolute_url()).content.decode()


def asks(client, url) -> list[str]:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200
    return [
        query["sql"]
        for query in caught.captured_queries
        if not query["sql"].startswith(TRANSACTIONS)
    ]


def test_as_many_queries_with_one_of_each_as_with_many(organisation, secretariat):
    apv = make_apv(organisation, secretariat, "act")
    theme = apv.themes.first()
    finding = find(apv)
    assess(finding)
    action = propose(finding)
    client = browser(leader_of(apv))
    urls = [reverse("wellbeing:apvs"), theme.get_absolute_url(), finding.get_absolute_url()]
    urls += [action.get_absolute_url(), apv.get_absolute_url()]
    urls += [to(name, apv) for name in ("apv_plan", "apv_written", "apv_frame", "apv_sheet")]
    urls += [reverse("meetings:apv_theme", args=[theme.pk]), reverse("meetings:waiting")]
    before = {url: len(asks(client, url)) for url in urls}
    for number in range(12):
        apv.add_theme(words=f"Tema {number}")
        one = find(apv, f"Fund {number}")
        assess(one)
        propose(one, f"Handling {number}").reply("yes", "", apv.senior_manager)
        propose(finding, f"Også {number}")
        apv.appoint(factories.make_user(organisation, unit=leader_of(apv).unit), "leader")
        Apv.objects.create(
            organisation=organisation,
            unit=apv.unit,
            senior_manager=apv.senior_manager,
            begun_on=apv.begun_on,
            state="changed",
            state_why="Andet",
            became="Andet",
        )
    assert {url: len(asks(client, url)) for url in urls} == before
    assert {url: count for url, count in before.items() if count > MOST} == {}
