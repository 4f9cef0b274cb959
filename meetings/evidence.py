"""What a season of a team shows upward: numbers over all of them, never a name.

Few and many are said as words, so that no number singles anybody out: one leader who asked, or one
who didn't.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.models import (
    AgendaItem,
    Cancellation,
    Commitment,
    Meeting,
    ParkedItem,
    Series,
)
from networks.models import Membership
from wellbeing.models import Guidepost

LAST = 6  # meetings over which different leaders are counted
FEW = 3  # fewer than so many people aren't counted aloud
SHOWN = 8  # guideposts in the picture

# What else waits for the senior manager's answer: functions of a group that answer querysets whose
# rows say in `str()` what is asked.
_waiting_for_answer: list[Callable[..., QuerySet]] = []


def ask_of_senior_manager(waiting: Callable[..., QuerySet]) -> None:
    """Let an app below, or this one, add what waits for the senior manager's answer."""
    if waiting not in _waiting_for_answer:
        _waiting_for_answer.append(waiting)


@dataclass(frozen=True)
class Column:
    """One meeting in the picture of minutes: where it stands, how high, what it says."""

    meeting: Meeting
    minutes: int
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class Share:
    """One part of the bar of who set the items."""

    kind: str
    words: str
    number: int
    x: float
    width: float


@dataclass(frozen=True)
class Touched:
    guidepost: Guidepost
    times: int

    @property
    def marks(self) -> list[int]:
        """Where each of the marks stands, at most twelve of them."""
        return [12 * place for place in range(min(self.times, 12))]

    @property
    def width(self) -> int:
        return 12 * len(self.marks)


@dataclass
class Evidence:
    series: Series
    meetings: list[Meeting]
    items: list[AgendaItem]
    now: datetime
    members: int = 0
    asked_lately: int = 0
    parked: int = 0
    asks_of_him: list = field(default_factory=list)

    @classmethod
    def of(cls, series: Series, now: datetime) -> "Evidence":
        # what goes on on other dates is one season still
        seasons = [series.pk, series.continues_id]
        rows = Meeting.objects.filter(series__in=seasons).select_related("room", "cancellation")
        meetings = list(rows.order_by("starts_at", "pk"))
        held = [one for one in meetings if one.status == Meeting.Status.HELD]
        items = AgendaItem.objects.on_agenda().filter(meeting__in=held)
        group = series.group
        found = cls(series, meetings, list(items.select_related("guidepost")), now)
        found.members, found.asked_lately = _members(series)
        found.parked = _parked(meetings)
        found.asks_of_him = _asks_of(group)
        return found

    # ---- meetings

    @property
    def began_on(self) -> date:
        return (self.series.continues or self.series).starts_on

    @cached_property
    def held(self) -> list[Meeting]:
        return [one for one in self.meetings if one.status == Meeting.Status.HELD]

    @cached_property
    def planned(self) -> list[Meeting]:
        """What was to be: what went with the rest of a season or fell in a closing week isn't."""
        return [
            one
            for one in self.meetings
            if not one.is_cancelled or one.cancellation.why == Cancellation.Why.ALONE
        ]

    @cached_property
    def due(self) -> list[Meeting]:
        """Of those, the ones whose day has come."""
        return [one for one in self.planned if one.ends_at <= self.now or one in self.held]

    # ---- questions

    @cached_property
    def minutes_by_meeting(self) -> dict[int, float]:
        """By the clock where the meeting ran in its room, else as the agenda gave it."""
        by_leaders = {item.pk for item in self.items if self._is_leaders(item)}
        minutes: Counter = Counter()
        for meeting in self.held:
            if room := getattr(meeting, "room", None):
                spent = (step["spent"] for step in room.steps if step["item"] in by_leaders)
                minutes[meeting.pk] += sum(spent) / 60
        timed = {one.pk for one in self.held if hasattr(one, "room")}
        for item in self.items:
            if item.pk in by_leaders and item.meeting_id not in timed:
                minutes[item.meeting_id] += item.minutes
        return minutes

    @property
    def minutes(self) -> int:
        return round(sum(self.minutes_by_meeting.values()))

    @cached_property
    def set_by(self) -> Counter:
        return Counter(self._set_by(item) for item in self.items)

    @property
    def percent_by_leaders(self) -> int:
        asked = self.set_by["leaders"] + self.set_by["senior"]
        return round(100 * self.set_by["leaders"] / asked) if asked else 0

    def _set_by(self, item: AgendaItem) -> str:
        if item.why in AgendaItem.NOBODYS or item.by_id is None:
            return "shared"
        return "senior" if item.by_id == self.series.group.senior_manager_id else "leaders"

    def _is_leaders(self, item: AgendaItem) -> bool:
        return self._set_by(item) == "leaders"

    @property
    def different_leaders(self) -> str:
        """How many had an item lately, in words that single nobody out."""
        number, others = self.asked_lately, self.members - self.asked_lately
        if number == 0:
            return _("nobody yet")
        if others <= 0:
            return _("all of them")
        if number < FEW:
            return _("fewer than three")
        return _("almost all of them") if others < FEW else str(number)

    @cached_property
    def guideposts(self) -> list[Touched]:
        times = Counter(item.guidepost for item in self.items if item.guidepost_id)
        ranked = sorted(times.items(), key=lambda pair: (-pair[1], pair[0].pk))
        return [Touched(guidepost, number) for guidepost, number in ranked]

    # ---- pictures

    @property
    def shown_guideposts(self) -> list[Touched]:
        return self.guideposts[:SHOWN]

    @property
    def dots(self) -> list[tuple[int, str]]:
        """The season as a line: where each meeting stands, and what became of it."""
        states = {Meeting.Status.HELD: "held", Meeting.Status.CANCELLED: "cancelled"}
        return [
            (20 + 40 * place, states.get(one.status, "coming"))
            for place, one in enumerate(self.planned)
        ]

    @property
    def width(self) -> int:
        return max(40 * len(self.planned), 240)

    @property
    def last_dot(self) -> int:
        return self.dots[-1][0]

    @property
    def columns(self) -> list[Column]:
        most = max([*self.minutes_by_meeting.values(), 30])
        columns = []
        for place, meeting in enumerate(self.held):
            minutes = self.minutes_by_meeting.get(meeting.pk, 0)
            height = round(96 * minutes / most, 1)
            columns.append(
                Column(meeting, round(minutes), 6 + 40 * place, round(120 - height, 1), height)
            )
        return columns

    @property
    def columns_width(self) -> int:
        return max(40 * len(self.held), 240)

    @property
    def shares(self) -> list[Share]:
        names = [
            ("leaders", _("the leaders")),
            ("senior", _("the senior manager")),
            ("shared", _("standing items and the bank")),
        ]
        whole, x, shares = sum(self.set_by.values()), 0.0, []
        for kind, words in names:
            if number := self.set_by[kind]:
                width = round(100 * number / whole, 2)
                shares.append(Share(kind, words, number, round(x, 2), width))
                x += width
        return shares

    # ---- words

    @property
    def aloud(self) -> list[str]:
        """The season in a minute, as somebody would say it."""
        held, due = len(self.held), len(self.due)
        said = [
            ngettext(
                "We have met %(held)s of the %(due)s time we meant to.",
                "We have met %(held)s of the %(due)s times we meant to.",
                due,
            )
            % {"held": held, "due": due},
        ]
        if not held:
            return said
        hours = _("%(minutes)s minutes went to the leaders’ own questions.")
        said.append(hours % {"minutes": self.minutes})
        if self.set_by["leaders"] + self.set_by["senior"]:
            share = _("The leaders set %(percent)s percent of what somebody put on the agenda.")
            said.append(share % {"percent": self.percent_by_leaders})
        lately = _("In the last six meetings this many different leaders had a question: %(who)s.")
        said.append(lately % {"who": self.different_leaders})
        said.append(
            ngettext(
                "%(number)s matter of operations was parked and got handled elsewhere.",
                "%(number)s matters of operations were parked and got handled elsewhere.",
                self.parked,
            )
            % {"number": self.parked}
        )
        said.append(self._guideposts_aloud())
        said.append(self._asks_aloud())
        return said

    def _guideposts_aloud(self) -> str:
        if not self.guideposts:
            return _("No guidepost has been touched on yet.")
        number = len(self.guideposts)
        touched = ngettext(
            "We have touched on %(number)s guidepost, most of all “%(most)s”",
            "We have touched on %(number)s guideposts, most of all “%(most)s”",
            number,
        )
        return touched % {"number": number, "most": self.guideposts[0].guidepost.wording}

    def _asks_aloud(self) -> str:
        number = len(self.asks_of_him)
        if not number:
            return _("Nothing waits for the senior manager just now.")
        return ngettext(
            "%(number)s thing waits for the senior manager.",
            "%(number)s things wait for the senior manager.",
            number,
        ) % {"number": number}


def _members(series: Series) -> tuple[int, int]:
    """How many they are, and how many of them had an item in the group's last six meetings held."""
    last = (
        Meeting.objects.filter(series__group=series.group_id, status=Meeting.Status.HELD)
        .filter(starts_at__date__lte=series.ends_on)
        .order_by("-starts_at")
        .values("pk")[:LAST]
    )
    own = AgendaItem.objects.filter(status=AgendaItem.Status.SET, by=OuterRef("user"))
    asked = own.filter(meeting__in=last).exclude(why__in=AgendaItem.NOBODYS)
    standing = Membership.objects.standing().filter(group=series.group_id)
    counted = standing.aggregate(all=Count("pk"), asked=Count("pk", filter=Exists(asked)))
    return counted["all"], counted["asked"]


def _parked(meetings: list[Meeting]) -> int:
    there = ParkedItem.objects.filter(meeting__in=meetings).count()
    return there + sum(meeting.parked_gone for meeting in meetings)


def _asks_of(group) -> list:
    """What the leaders ask of the senior manager, and hasn't been done or answered."""
    asked = Commitment.objects.open().filter(group=group, who=group.senior_manager_id)
    found = list(asked.order_by("made_at", "pk"))
    for waiting in _waiting_for_answer:
        found += waiting(group)
    return found
