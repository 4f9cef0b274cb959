"""Who sees what, and how long it is kept: plain data (design.md section 4).

The page of that name shows these rows, and `tests/test_who_sees_what.py` tries each cell on all
pages of a whole house: what stands here and what the house does can't part without a red test.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Sees(TextChoices):
    """What somebody gets to see. Each says to whom the thing must belong."""

    ALL = "all", _("yes")
    LISTED = "listed", _("own, and those that can be found")
    OWN_GROUP = "own_group", _("own group")
    OWN_TEAM = "own_team", _("own team")
    OWN_AREA = "own_area", _("own area")
    ITS_OWN = "its_own", _("this APV")
    PROMISED = "promised", _("own team, if it said so before anybody tapped")
    RELEASED = "released", _("own area, once its leaders release it")
    WRITER = "writer", _("only who wrote it")
    FOCUS_PERSON = "focus_person", _("focus person only")
    NUMBER = "number", _("number only, for leader meetings")
    OFF_LINE = "off_line", _("those neither above nor below them")
    HOW_MANY = "how_many", _("how many, not who")
    ONESELF = "oneself", _("only one’s own")
    TOTALS = "totals", _("own area, numbers only")
    NO = "no", _("no")

    @property
    def measure(self) -> str:
        """How far it is open: all, some or no."""
        return self.value if self in (Sees.ALL, Sees.NO) else "some"


WHO = {
    "member": _("Member"),
    "facilitator": _("Facilitator"),
    "manager": _("Senior manager"),
    "secretariat": _("Secretariat"),
    "amo": _("AMO representative"),
    "elsewhere": _("Other organisation"),
}


@dataclass(frozen=True)
class Thing:
    slug: str
    what: Promise
    kept: Promise
    seen: dict[str, Sees]

    @property
    def cells(self) -> list[tuple[Promise, Sees]]:
        return [(who, self.seen[key]) for key, who in WHO.items()]


def thing(slug, what, kept, *cells) -> Thing:
    """`cells` in the order of WHO; whoever is of another organisation sees nothing, ever."""
    return Thing(slug, what, kept, dict(zip(WHO, (*cells, Sees.NO), strict=True)))


THREE_YEARS = _("Three years after the meeting.")

THINGS = [
    thing(
        "networks",
        _("That a network group exists, its size and its next date"),
        _("As long as the group is there; its members find it for three months after it closed."),
        Sees.LISTED,
        Sees.LISTED,
        Sees.ALL,
        Sees.ALL,
        Sees.LISTED,
    ),
    thing(
        "teams",
        _("That a leadership team exists, and its dates"),
        _("As long as the team is there."),
        Sees.OWN_TEAM,
        Sees.OWN_TEAM,
        Sees.OWN_TEAM,
        Sees.ALL,
        Sees.NO,
    ),
    thing(
        "names",
        _("Who is in a group"),
        _("As long as one is in it; its members see it for three months after the group closed."),
        Sees.OWN_GROUP,
        Sees.OWN_GROUP,
        Sees.OWN_TEAM,
        Sees.ALL,
        Sees.NO,
    ),
    thing(
        "network",
        _("A network group’s agenda, what is brought to sparring, what was agreed, ten minutes"),
        _(
            "What is brought: until 7 days after the group’s next meeting, at most 90 days."
            " Agendas and what was agreed: three years. Ten minutes: that day."
        ),
        Sees.OWN_GROUP,
        Sees.OWN_GROUP,
        Sees.NO,
        Sees.NO,
        Sees.NO,
    ),
    thing(
        "notes",
        _("A focus person’s notes"),
        _(
            "Sealed with a key; until 7 days after the group’s next meeting, at most 90 days,"
            " unless the focus person keeps them."
        ),
        Sees.FOCUS_PERSON,
        Sees.NO,
        Sees.NO,
        Sees.NO,
        Sees.NO,
    ),
    thing(
        "attendance",
        _("Who comes to a meeting"),
        _("Without a limit yet; nothing of it is deleted by itself."),
        Sees.OWN_GROUP,
        Sees.OWN_GROUP,
        Sees.OWN_TEAM,
        Sees.NUMBER,
        Sees.NO,
    ),
    thing(
        "taps",
        _("What a group tapped, when five or more did"),
        _("Who has tapped: until midnight. How many tapped what: twelve months."),
        Sees.OWN_GROUP,
        Sees.OWN_GROUP,
        Sees.PROMISED,
        Sees.NO,
        Sees.NO,
    ),
    thing(
        "area",
        _("What the areas say together"),
        _("A year after the last of its days."),
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
    ),
    thing(
        "team",
        _("A leader meeting’s agenda, and what was agreed at it"),
        THREE_YEARS,
        Sees.OWN_TEAM,
        Sees.OWN_TEAM,
        Sees.OWN_TEAM,
        Sees.NO,
        Sees.NO,
    ),
    thing(
        "parked",
        _("A matter of operations that was parked before the meeting"),
        _("Three months after it was closed."),
        Sees.WRITER,
        Sees.WRITER,
        Sees.WRITER,
        Sees.NO,
        Sees.NO,
    ),
    thing(
        "outcome",
        _("Guideposts, what came of theme days, tools"),
        _("Until the secretariat takes them away; earlier guideposts stay, with the reason."),
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
    ),
    thing(
        "year",
        _("The season map: leader meetings and network groups as numbers, the phase of an APV"),
        _("As long as what it counts is kept; nothing is stored for it."),
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
    ),
    thing(
        "stories",
        _("The stories leaders tell, with their name or without"),
        _("Until whoever told it takes it back or leaves, or the secretariat takes it down."),
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
    ),
    thing(
        "course",
        _("Coach education: who is invited, waits, is under way, is through"),
        _("A year after one is through, or after its last day; then only how many were."),
        Sees.ONESELF,
        Sees.ONESELF,
        Sees.TOTALS,
        Sees.ALL,
        Sees.ONESELF,
    ),
    thing(
        "coaches",
        _("Who offers to coach colleagues, and how to reach them; who talks with whom is nowhere"),
        _("Until they end it, leave, or weren’t through the education after all."),
        Sees.OFF_LINE,
        Sees.OFF_LINE,
        Sees.OFF_LINE,
        Sees.HOW_MANY,
        Sees.OFF_LINE,
    ),
    thing(
        "statements",
        _("APV: what was said, as it was said"),
        _("Until it is assessed; then only the finding is left."),
        Sees.OWN_AREA,
        Sees.OWN_AREA,
        Sees.RELEASED,
        Sees.NO,
        Sees.ITS_OWN,
    ),
    thing(
        "findings",
        _("APV: findings, assessment, plan and the written APV"),
        _("Three years after a round is signed or goes on otherwise; the current round always."),
        Sees.OWN_AREA,
        Sees.OWN_AREA,
        Sees.OWN_AREA,
        Sees.ALL,
        Sees.ITS_OWN,
    ),
    thing(
        "presented",
        _("What was presented to management out of an APV"),
        _("As long as the APV. Those who head the units above read it too."),
        Sees.OWN_AREA,
        Sees.OWN_AREA,
        Sees.OWN_AREA,
        Sees.ALL,
        Sees.ITS_OWN,
    ),
    thing(
        "decisions",
        _("What was decided, why, and what became of it"),
        _("Without a limit; what is withdrawn stays, with the reason."),
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
        Sees.ALL,
    ),
]
