"""The season map: a year as a picture, the same for everybody, with nothing of anybody's in it."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings.models import AgendaItem
from meetings.season_map import SeasonMap, chosen
from tests import factories
from tests.meetings.test_thread import carry_on, talk
from tests.test_queries import MOST, TRANSACTIONS
from tests.wellbeing.apv_cast import leader_of, make_apv
from tests.wellbeing.coach_cast import make_cohort
from wellbeing.models import CoachProgramme, Decision, Guidepost, Presentation, Statement, ThemeDay

pytestmark = pytest.mark.usefixtures("monday")
MAP = "/season-map/"


@pytest.fixture
def apv(organisation, secretariat):
    return make_apv(organisation, secretariat)


@pytest.fixture
def year(organisation, secretariat, apv):
    """A theme day in May, a guidepost in two wordings, talks, an APV, a decision in October."""
    day = ThemeDay.objects.plan(
        secretariat, name="Temadag i Nord", unit=apv.unit, starts_on=date(2026, 5, 5)
    )
    day.word(wording="Vi ringer først.", theme="support")
    day.finish()
    guidepost = Guidepost.objects.get(origin=day)
    people = [leader_of(apv), *[factories.make_user(organisation) for _ in range(3)]]
    team = factories.make_team(
        organisation, people, senior_manager=apv.senior_manager, unit=apv.unit, name="Holdet Nord"
    )
    talk(team, guidepost, "Hvem ringer vi til?", -175)
    later = guidepost.reword("Vi ringer, før det brænder på.", "support", on=date(2026, 6, 1))
    talk(team, later, "Hvem ringede?", -42)
    network = factories.make_group(organisation, [leader_of(apv)], name="Fyret", status="running")
    talk(network, later, "I fortrolighed?", -35)
    Statement.objects.say(apv.themes.first(), "Sagt i fortrolighed.")
    carry_on(apv, later, timezone.now() - timedelta(days=30))
    Decision.objects.decide(
        apv.senior_manager, "Alle bliver coachet.", guideposts=[later], unit=apv.unit,
        decided_on=date(2026, 10, 20),
    )  # fmt: skip
    return later


def of(user, begins=date(2026, 4, 1), unit=None) -> SeasonMap:
    return SeasonMap(user, unit, begins, timezone.now())


def test_a_year_is_what_happened_in_it_and_numbers_of_the_rest(organisation, apv, year):
    season = of(factories.make_user(organisation))
    assert [(sign.kind, sign.on, sign.words) for sign in season.signs] == [
        ("day", date(2026, 5, 5), "Temadag i Nord"),
        ("worded", date(2026, 5, 5), "Vi ringer, før det brænder på."),
        ("decided", date(2026, 10, 20), "Alle bliver coachet."),
    ]
    # both wordings are one guidepost, and what the network group talks about is not counted
    [post] = season.posts
    assert post.talked == {date(2026, 5, 1): 1, date(2026, 9, 1): 1}
    held = {month.first: month.held for month in season.months if month.meetings}
    assert held == {date(2026, 5, 1): 1, date(2026, 9, 1): 1}
    assert season.networks == 1
    assert chosen("", date(2026, 11, 9)) == date(2026, 4, 1)
    assert chosen("2026-02", date(2026, 11, 9)) == date(2026, 4, 1)
    assert (season.earlier, season.later) == ("2025-10", "2026-10")


def test_an_apv_is_the_phase_it_was_in(organisation, apv, monday):
    monday.shift(timedelta(days=10))
    apv.pause("Omlægning", leader_of(apv))
    monday.shift(timedelta(days=5))
    apv.resume(leader_of(apv))
    monday.shift(timedelta(days=5))
    [course] = of(leader_of(apv), date(2026, 7, 1)).courses
    told = [(one.phase, one.begins.day, one.ends.day) for one in course.stretches]
    assert told == [("map", 9, 19), ("rests", 19, 24), ("map", 24, 29)]


def test_the_page_draws_it_and_says_nothing_that_is_somebodys(
    client, organisation, secretariat, apv, year
):
    programme = CoachProgramme.objects.start(Decision.objects.get(), secretariat, "Uddannelsen")
    make_cohort(programme)
    programme.invite()
    Presentation.objects.present(leader_of(apv), "Direktionen", date(2026, 10, 12), apv=apv)
    client.force_login(factories.make_user(organisation))
    page = client.get(MAP).content.decode()
    svg = page[page.index('<svg viewBox="0 0 1200') : page.index("</svg>", page.index("0 0 1200"))]
    root = ElementTree.fromstring(f"{svg}</svg>")
    assert root.find("title").text == "Havby, april 2026 til marts 2027"
    assert root.find("desc").text
    for words in ("Temadag i Nord", "Vi ringer, før det brænder på.", "Alle bliver coachet.",
                  "Uddannelsen"):  # fmt: skip
        assert page.count(words) >= 3  # in the picture, in the list, in the table
    for secret in ("Holdet Nord", "Fyret", "Hvem ringede?", "I fortrolighed?", "Sagt i",
                   "Vagttelefonen", "Direktionen", "/coaching/", "style="):  # fmt: skip
        assert secret not in page
    client.force_login(leader_of(apv))
    assert "Direktionen" in client.get(MAP).content.decode()


def test_of_one_unit_and_of_nobody_elses(client, organisation, apv, year, outsider):
    syd = factories.make_unit(organisation, name="Område Syd")
    factories.make_unit(organisation, parent=syd)
    client.force_login(leader_of(apv))
    assert "Temadag i Nord" in client.get(MAP, {"unit": apv.unit.pk}).content.decode()
    page = client.get(MAP, {"unit": syd.pk, "from": "2026-04"})
    assert "Temadag i Nord" not in page.content.decode()
    assert client.get(MAP, {"unit": "x"}).status_code == 404
    assert client.get(MAP, {"from": "1999-13; drop"}).status_code == 200
    client.force_login(outsider)
    assert client.get(MAP, {"unit": apv.unit.pk}).status_code == 404
    assert "Der er ikke noget i det år endnu" in client.get(MAP).content.decode()


def test_as_many_queries_with_many_as_with_one(client, secretariat, apv, year):
    organisation = apv.organisation
    url = f"{MAP}?unit={apv.unit.pk}"
    client.force_login(secretariat)
    client.get(url)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return sum(not one["sql"].startswith(TRANSACTIONS) for one in asked)

    few = queries()
    for number in range(9):
        below = factories.make_unit(organisation, parent=apv.unit)
        Guidepost.objects.word(
            organisation,
            below,
            wording=f"Pejlemærke {number}",
            theme="support",
            on=date(2026, 5, 5),
        )
        team = factories.make_team(organisation, 2, unit=below)
        factories.make_series(team, factories.in_days(-100), meetings=9).meetings.update(
            status="held"
        )
        ThemeDay.objects.plan(
            secretariat, name=f"Dag {number}", starts_on=date(2026, 9, 1 + number)
        )
        Decision.objects.decide(
            apv.senior_manager, f"Besluttet {number}.", decided_on=date(2026, 10, 1)
        )
        AgendaItem.objects.create(
            group=team, meeting=team.series.get().meetings.first(), by=secretariat,
            question="Hvad nu?", guidepost=year, status="set", position=1,
        )  # fmt: skip
    assert queries() == few <= MOST
