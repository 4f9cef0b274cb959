"""The page "who sees what" says what the house does: each of its cells, tried on all pages.

The house of `tests/cast.py` gets neighbours here, a group, a team and an APV that are somebody
else's, so that "own group" can be told from "yes".
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from meetings import letting_go
from meetings.models import AreaFigure, TapQuestion, TapRound, area_figure, commitment, keeping, tap
from meetings.who_sees_what import THINGS, WHO, Sees, Thing
from networks.models import Ending, Group
from tests import access_table as table
from tests import factories
from tests.cast import (
    FOUND_IN_THE_APV,
    NUMBER,
    OFFERED,
    SAID_IN_THE_APV,
    SECRET_OF_THE_FOCUS_PERSON,
    SECRET_OF_THE_NETWORK,
    SECRET_OF_THE_TEAM,
    TOLD,
    get_through,
)
from tests.test_queries import asked
from tests.walk import pages_of
from wellbeing.models import (
    Apv,
    CoachOffer,
    Finding,
    Presentation,
    Seat,
    Statement,
    apv_round,
    enrolment,
)

NEXT_DOOR = "KANARIEFUGL-HOS-NABOEN"

# Who stands for a column. `asker` and `member` are in the groups, `stranger` is in none.
STANDS_FOR = {
    "member": ["asker", "member", "stranger"],
    "facilitator": ["facilitator"],
    "manager": ["manager"],
    "secretariat": ["secretariat"],
    "amo": ["amo"],
    "elsewhere": ["outsider"],
}
NETWORK, TEAM = set(table.IN_NETWORK), set(table.IN_TEAM)
THE_FACILITATORS = {"facilitator"}  # of the neighbours’ team and area
LEADERS = {"asker", "member", "stranger", "facilitator", "manager", "amo"}
NOBODYS: set[str] = set()


@dataclass(frozen=True)
class Canary:
    """Words that only those can read to whom the thing is shown."""

    words: str  # `{thing}` stands for its key
    own: set[str]  # whose group, team or area it is of
    by: str = ""
    on: tuple[str, str] = ("", "")  # only there, where the words stand elsewhere too
    listed: bool = False
    promised: bool = False


def of(secret, own, *endings):
    return [Canary(f"{secret} {ending}", own) for ending in endings]


CANARIES = {
    "networks": [
        Canary("Fyret", NETWORK, listed=True),
        Canary("Broen", NOBODYS, listed=True),
        Canary("Den stille vig", THE_FACILITATORS),
        Canary("Den lukkede vig", NOBODYS),
    ],
    "teams": [
        Canary("/groups/{team}/", TEAM),
        Canary("/groups/{team next door}/", THE_FACILITATORS),
    ],
    "names": [
        Canary("Tove Holder", NETWORK),
        Canary("Spørge Jørgensen", NETWORK | TEAM),
        Canary("Broder Bro", NOBODYS),
    ],
    "network": [
        *of(SECRET_OF_THE_NETWORK, NETWORK, "venter?", "sat?", "fast", "som vi plejer"),
        *of(SECRET_OF_THE_NETWORK, NETWORK, "bragt med?", "talt om?", "blev til noget", "aftalt"),
        Canary("Spørge Jørgensen", NETWORK, on=("meetings:ten_minutes", "network")),
        Canary(f"{NEXT_DOOR} i netværket", NOBODYS),
    ],
    "notes": [Canary(SECRET_OF_THE_FOCUS_PERSON, NETWORK, by="asker")],
    "attendance": [
        Canary("<dd>Karen Holm</dd>", NETWORK, on=("meetings:detail", "network meeting")),
        Canary("<dd>Karen Holm</dd>", TEAM, on=("meetings:detail", "team meeting")),
    ],
    "taps": [
        Canary(
            f"{SECRET_OF_THE_NETWORK} trykket på", NETWORK, on=("meetings:group_taps", "network")
        ),
        Canary(f"{SECRET_OF_THE_TEAM} trykket på", TEAM, on=("meetings:group_taps", "team")),
        Canary(
            f"{SECRET_OF_THE_TEAM} lovet", TEAM, on=("meetings:group_taps", "team"), promised=True
        ),
    ],
    "area": [Canary('class="tap-trend"', NOBODYS)],
    "team": [
        *of(SECRET_OF_THE_TEAM, TEAM, "venter?", "sat?", "fast", "under mødet?", "aftalt"),
        Canary(f"{NEXT_DOOR} i ledergruppen", THE_FACILITATORS),
    ],
    "parked": [
        Canary(f"{SECRET_OF_THE_TEAM} parkeret", TEAM, by="asker"),
        Canary(f"{SECRET_OF_THE_NETWORK} parkeret", NETWORK, by="asker"),
        Canary(f"{NEXT_DOOR} parkeret", THE_FACILITATORS, by="facilitator"),
        Canary(f"{NEXT_DOOR} lagt til side", TEAM, by="manager"),
    ],
    "outcome": [
        Canary("theme day finished siger det", NOBODYS),
        Canary("Vores hæfte", NOBODYS),
    ],
    "year": [Canary('<caption class="hidden-words">Havby, april 2026', NOBODYS)],
    "stories": [Canary(f"{TOLD} med navn.", NOBODYS), Canary(f"{TOLD} uden navn.", NOBODYS)],
    "course": [Canary("<p>Karen Holm</p>", NOBODYS, on=("wellbeing:coach_leaders", "programme"))],
    "coaches": [
        Canary(f"{OFFERED} fra Nord", LEADERS - {"manager"}),  # who leads the one it is of
        Canary(f"{OFFERED} på tværs", LEADERS),
        Canary(f"{OFFERED} ovenfra", NOBODYS),  # who leads all of them
    ],
    "statements": [
        Canary(SAID_IN_THE_APV, {"member", "manager", "amo"}),
        Canary(f"{NEXT_DOOR} sagt", THE_FACILITATORS),
    ],
    "findings": [
        Canary(FOUND_IN_THE_APV, {"member", "manager", "amo"}),
        Canary(f"{NEXT_DOOR} fundet", THE_FACILITATORS),
    ],
    "presented": [
        Canary(f"{FOUND_IN_THE_APV} forelagt", {"member", "manager", "amo"}),
        Canary(f"{NEXT_DOOR} forelagt", THE_FACILITATORS),
    ],
    "decisions": [Canary("Alle ledere bliver coaches", NOBODYS)],
}


def shows(sees: Sees, role: str, canary: Canary) -> bool:
    """What a cell says of that person and that canary."""
    own = role in canary.own
    return {
        Sees.ALL: True,
        Sees.LISTED: own or canary.listed,
        Sees.PROMISED: own and canary.promised,
        Sees.RELEASED: False,  # nothing is, until the test that releases it
        Sees.WRITER: role == canary.by,
        Sees.FOCUS_PERSON: role == canary.by,
        Sees.NUMBER: False,
        Sees.HOW_MANY: False,
        Sees.ONESELF: False,  # of others nothing; one's own is tried in test_coach_pages
        Sees.TOTALS: False,
        Sees.NO: False,
    }.get(sees, own)


def said(thing: Thing, canary: Canary) -> set[str]:
    """Who reads it if the page is right."""
    return {
        role
        for column, roles in STANDS_FOR.items()
        for role in roles
        if shows(thing.seen[column], role, canary)
    }


# ---- the house with its neighbours


@pytest.fixture(scope="module")
def made_once(made_once):
    _add_neighbours(made_once)
    _add_figures(made_once)
    for name in ("network", "team"):
        made_once.things[f"{name} meeting"].answer(made_once.people["member"], True)
    return made_once


def _add_neighbours(house) -> None:
    people, things = house.people, house.things
    havby, facilitator = people["secretariat"].organisation, people["facilitator"]
    forming = things["forming group"]
    broder = forming.memberships.get(user__name="Broder Bro").user
    by_invitation = {"join_policy": Group.JoinPolicy.INVITED}
    invited = factories.make_group(havby, [facilitator], name="Den stille vig", **by_invitation)
    closed = factories.make_group(havby, [broder], name="Den lukkede vig", **by_invitation)
    of_bridge = factories.make_meeting(forming, factories.in_days(8))
    of_bridge.invite_proposals()
    of_bridge.propose(f"{NEXT_DOOR} i netværket?", by=broder)
    team = factories.make_team(havby, [facilitator, factories.make_user(havby)], name="Naboerne")
    of_team = factories.make_meeting(team, factories.in_days(8))
    of_team.invite_proposals()
    of_team.propose(f"{NEXT_DOOR} i ledergruppen?", by=facilitator)
    of_team.park(f"{NEXT_DOOR} parkeret", by=facilitator)
    things["team meeting"].park(f"{NEXT_DOOR} lagt til side", by=people["manager"])
    syd = things["apv unit without"]
    facilitator.move_to_unit(syd)
    apv = Apv.objects.begin(syd, by=people["secretariat"], purpose="At kunne holde til det.")
    apv.appoint(facilitator, Seat.Role.LEADER)
    apv.appoint(factories.make_user(havby), Seat.Role.AMO)
    apv.consider_absence("Ikke hos os.")
    apv.go_to("act", facilitator)
    theme = apv.themes.get(heading="workload")
    Statement.objects.say(theme, f"{NEXT_DOOR} sagt")
    Finding.objects.find(theme, f"{NEXT_DOOR} fundet")
    above = factories.make_user(havby)
    for role in LEADERS - {"asker", "member"}:  # whom the manager leads
        people[role].change_manager(above)
    get_through(above)
    CoachOffer.objects.make(above, line=f"{OFFERED} ovenfra")
    things |= {
        "group by invitation": invited,
        "another group by invitation": closed,
        "meeting of the forming group": of_bridge,
        "team next door": team,
        "meeting next door": of_team,
        "apv next door": apv,
        "apv theme next door": theme,
        "presentation next door": _present(apv, theme, facilitator),
    }


def _present(apv, theme, by) -> Presentation:
    Finding.objects.find(theme, "Fundet").solve_at_once("Talt om")
    said, today = f"{NEXT_DOOR} forelagt", timezone.localdate()
    return Presentation.objects.present(by, "Direktionen", today, said, apv)


def _add_figures(house) -> None:
    """A figure of an area, and one of the team that its senior manager was promised."""
    meeting, manager = house.things["team meeting"], house.people["manager"]
    area_question = TapQuestion.objects.filter(group=None).first()
    AreaFigure.objects.create(
        organisation=manager.organisation,
        question=area_question,
        period=area_figure.period_of(timezone.localdate() - timedelta(days=70)),
        half_steps=8,
        answers=20,
    )
    TapRound.objects.create(
        meeting=meeting,
        moment="check_in",
        question=TapQuestion.objects.word(meeting.group, f"{SECRET_OF_THE_TEAM} lovet"),
        opened_on=timezone.localdate() - timedelta(days=14),
        senior_manager=manager,
        senior_manager_sees=True,
        is_open=False,
        totals=[0, 1, 1, 2, 3],
        answers=7,
    )


NEIGHBOURS = [
    ("group", "group by invitation"),
    ("group", "another group by invitation"),
    ("meetings:detail", "meeting of the forming group"),
    ("group", "team next door"),
    ("meetings:detail", "meeting next door"),
    ("wellbeing:apv", "apv next door"),
    ("wellbeing:apv_theme", "apv theme next door"),
    ("wellbeing:presentation", "presentation next door"),
]
# The page of demo people and the feed open for whoever has the address; the page says so.
OPEN_DOORS = re.compile(r"^/(demo|calendar|accounts)/")


@pytest.fixture(scope="module")
def walked_once(made_once):
    also = [reverse(url, args=[made_once.pk(thing)]) for url, thing in NEIGHBOURS]
    return {
        role: {
            url: html
            for url, html in pages_of(made_once, role, also).items()
            if not OPEN_DOORS.match(url)
        }
        for role in table.ROLES
    }


def readers(house, pages, canary: Canary) -> set[str]:
    (words,) = house.filled({"": canary.words}).values()
    url, thing = canary.on
    at = reverse(url, args=[house.pk(thing)]) if url else ""
    return {
        role
        for role, own in pages.items()
        if any(words in html for where, html in own.items() if where == at or not at)
    }


EACH = [(thing, canary) for thing in THINGS for canary in CANARIES[thing.slug]]


def label(one) -> str:
    words = one.slug if isinstance(one, Thing) else f"{one.words} {one.on[0]}"
    return words.strip().replace(" ", "-")


@pytest.mark.parametrize(("thing", "canary"), EACH, ids=label)
def test_each_thing_is_read_by_those_the_page_says(house, everybodys_pages, thing, canary):
    """Somebody new, who hasn't affirmed yet, sees no more than a member does."""
    found = readers(house, everybodys_pages, canary)
    assert found - {"newcomer"} == said(thing, canary)


def as_read(sees: Sees) -> Sees:
    """What a page can show of it: until something is released, and names where a number is."""
    apart = (Sees.RELEASED, Sees.NUMBER, Sees.HOW_MANY, Sees.ONESELF, Sees.TOTALS)
    return Sees.NO if sees in apart else sees


@pytest.mark.parametrize("thing", THINGS, ids=label)
def test_a_cell_that_says_otherwise_is_noticed(thing):
    """Nobody can change a cell to yes or no, and every test above still holds."""
    canaries = CANARIES[thing.slug]
    for column, sees in thing.seen.items():
        for other in {Sees.ALL, Sees.NO} - {as_read(sees)}:
            changed = replace(thing, seen=thing.seen | {column: other})
            assert [said(changed, one) for one in canaries] != [
                said(thing, one) for one in canaries
            ], (column, other)


def test_every_thing_has_its_canaries_and_every_column_its_people():
    assert [thing.slug for thing in THINGS] == list(CANARIES)
    assert list(WHO) == list(STANDS_FOR)
    for thing in THINGS:
        assert list(thing.seen) == list(WHO)
        assert thing.seen["elsewhere"] == Sees.NO


def test_statements_are_the_senior_managers_once_they_are_released(house):
    url = reverse("wellbeing:apv_theme", args=[house.pk("apv theme")])
    client = house.client("manager")
    assert SAID_IN_THE_APV not in client.get(url).content.decode()
    Apv.objects.get(pk=house.pk("apv")).release(house.people["member"])
    assert SAID_IN_THE_APV in client.get(url).content.decode()


def test_the_secretariat_sees_how_many_come_to_a_leader_meeting_and_to_no_other(house):
    for name, number in [("team", 1), ("network", 0)]:
        url = reverse("meetings:series", args=[house.pk(f"{name} season")])
        with translation.override("da"):
            page = house.client("secretariat").get(url).content.decode()
        assert page.count("1 kommer") == number
        assert "Karen Holm" not in page


def test_a_number_is_for_the_one_who_calls_and_the_list_of_people(house, everybodys_pages):
    """Whoever has asked for ten minutes is called: nobody reads the number before saying so."""
    assert readers(house, everybodys_pages, Canary(NUMBER, NOBODYS)) == {"asker", "secretariat"}


def test_it_is_kept_as_long_as_the_page_says():
    """Whoever changes one of these changes the words of `kept`, too."""
    assert (timedelta(days=7), timedelta(days=90)) == (keeping.AFTER_NEXT, keeping.AT_MOST)
    assert (timedelta(days=3 * 365), 3) == (letting_go.AGENDAS, commitment.KEPT_YEARS)
    assert timedelta(days=90) == letting_go.PARKED
    assert timedelta(days=3 * 365) == apv_round.KEPT
    assert tap.KEPT == area_figure.KEPT == timedelta(days=365)
    assert timedelta(days=365) == enrolment.KEPT
    assert timedelta(days=92) == Ending.SEEN
    assert tap.FEWEST == 5


# ---- the page


def test_the_page_says_all_of_it_to_everybody(house):
    url = reverse("meetings:who_sees_what")
    for role in ("member", "secretariat", "outsider", "amo"):
        page = house.client(role).get(url).content.decode()
        for thing in THINGS:
            row = page.split(f'<tr id="{thing.slug}">')[1].split("</tr>")[0]
            with translation.override("da"):
                cells = [str(sees.label) for sees in thing.seen.values()]
            assert re.findall(r'class="it">(.*?)</span>', row) == cells


def test_every_page_leads_to_it_once_one_is_signed_in(house):
    url = reverse("meetings:who_sees_what")
    assert f'href="{url}"' in house.client("member").get(reverse("networks:me")).content.decode()
    assert f'href="{url}"' not in house.client("anonymous").get("/accounts/login/").content.decode()


def test_it_asks_the_database_for_nothing_of_its_own(house):
    assert asked(house, "member", "get", reverse("meetings:who_sees_what")) <= 2
