"""What a screen shows of taps: a round for one person, and what areas have said over time."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings.models import AreaFigure, Meeting, TapChoice, TapRound
from meetings.models.area_figure import after
from meetings.models.tap import STEPS, why_not_tap
from networks.models import User

ROW = 14  # of the drawing: from one dot to the one above it
ACROSS, UP = 96, 14  # of the drawing: from one period to the next, from one half step to the next


@dataclass(frozen=True)
class Column:
    """How many tapped one step, and where the dots of it stand."""

    step: str
    number: int
    most: int

    @property
    def height(self) -> int:
        return ROW * self.most

    @property
    def dots(self) -> list[int]:
        return [self.height - ROW * place - ROW // 2 for place in range(self.number)]


def columns(round: TapRound) -> list[Column]:
    figure = round.figure
    most = max((number for _step, number in figure), default=0)
    return [Column(step, number, most) for step, number in figure]


@dataclass
class Tapping:
    """A meeting's taps as one person sees them just now."""

    meeting: Meeting
    user: User
    rounds: list[TapRound]

    @classmethod
    def of(cls, meeting: Meeting, user: User) -> "Tapping":
        rounds = TapRound.objects.for_page().filter(meeting=meeting).order_by("moment")
        return cls(meeting, user, list(rounds))

    @cached_property
    def room(self):
        room = getattr(self.meeting, "room", None)
        return room if room and room.is_open else None

    @property
    def moment(self) -> str:
        """Check-in or check-out, if that is what they are at."""
        kind = self.room.steps[self.room.position]["kind"] if self.room else ""
        return kind if kind in TapRound.Moment.values else ""

    @property
    def leads(self) -> bool:
        return bool(self.room) and self.user.pk in (self.room.chair_id, self.meeting.host_id)

    @cached_property
    def open(self) -> TapRound | None:
        return next((one for one in self.rounds if one.is_open), None)

    @cached_property
    def is_asked(self) -> bool:
        return bool(self.open) and self.open.asks(self.user)

    @property
    def has_tapped(self) -> bool:
        return self.user.pk in self.open.tapped

    @property
    def closed(self) -> list[TapRound]:
        return [one for one in self.rounds if not one.is_open]

    @property
    def is_done(self) -> bool:
        """At this moment of the meeting they have tapped."""
        return any(one.moment == self.moment for one in self.closed)

    @cached_property
    def choice(self) -> TapChoice:
        return TapChoice.objects.for_season(self.meeting.series)

    @property
    def may_open(self) -> bool:
        return self.leads and bool(self.moment) and not self.open and not self.is_done

    @cached_property
    def why_not(self) -> str:
        there = {one.moment: one for one in self.rounds}
        return why_not_tap(self.meeting.group, there, self.moment, self.choice.question)

    @property
    def is_manager(self) -> bool:
        return self.user.pk == self.meeting.group.senior_manager_id

    @property
    def promise(self):
        """Who will see it: of the open round what was promised, else what is chosen."""
        return self.open or self.choice

    @property
    def figures(self) -> list[tuple]:
        """Each closed round with its columns, and whether they are promised to this person."""
        promised = {one: one.is_promised_to(self.user) for one in self.closed}
        return [(one, columns(one) if may else [], may) for one, may in promised.items()]


# ---- areas


def period_name(period: date) -> str:
    last = date(period.year, period.month + 1, 1)
    return f"{date_format(period, 'F')}–{date_format(last, 'F')} {period.year}"


def in_words(half_steps: int) -> str:
    lower, odd = divmod(half_steps, 2)
    if not odd:
        return str(STEPS[lower - 1])
    around = {"lower": STEPS[lower - 1], "higher": STEPS[lower]}
    return _("between “%(lower)s” and “%(higher)s”") % around


@dataclass
class Trend:
    """One question in one area: its figures in order of time, and how they are drawn."""

    place: str
    figures: list[AreaFigure] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, str]]:
        return [(period_name(one.period), in_words(one.half_steps)) for one in self.figures]

    @cached_property
    def places(self) -> list[int]:
        """How many periods after the first each of them is; a period without a figure is a gap."""
        found, period, number = [], self.figures[0].period, 0
        for one in self.figures:
            while period < one.period:
                period, number = after(period), number + 1
            found.append(number)
        return found

    @property
    def points(self) -> list[tuple[int, int]]:
        return [
            (ACROSS // 2 + ACROSS * place, UP * (11 - one.half_steps))
            for place, one in zip(self.places, self.figures, strict=True)
        ]

    @property
    def lines(self) -> list[tuple]:
        """Between neighbours only."""
        pairs = zip(self.points, self.points[1:], strict=False)
        return [(*a, *b) for a, b in pairs if b[0] - a[0] == ACROSS]

    @property
    def width(self) -> int:
        return ACROSS * (self.places[-1] + 1)

    @property
    def grid(self) -> list[tuple[int, str]]:
        return [(UP * (11 - 2 * number), str(step)) for number, step in enumerate(STEPS, 1)]


def trends(user) -> list[tuple]:
    """By question, then by area in order of name; never by figure."""
    found: dict[str, dict[str, Trend]] = {}
    rows = AreaFigure.objects.visible_to(user).select_related("question", "unit", "organisation")
    for one in rows.order_by("question_id", "unit__name", "period"):
        across = _("Groups across %(organisation)s") % {"organisation": one.organisation}
        place = str(one.unit or across)
        of_question = found.setdefault(str(one.question), {})
        of_question.setdefault(place, Trend(place)).figures.append(one)
    return [(question, list(places.values())) for question, places in found.items()]
