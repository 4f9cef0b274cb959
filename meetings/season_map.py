"""The organisation's year on one page: what it steers by, talked about, found, decided, learns.

For everybody in the organisation, and fit to hang on a wall. So there is nothing in it that isn't
everybody's: leader meetings and network groups are numbers, an APV is the phase it is in.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property

from django.db.models import Case, Count, DateField, F, Q, Value, When
from django.db.models.functions import Cast, TruncDate, TruncMonth
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from meetings.models import AgendaItem, Meeting
from networks.models import Group, Unit
from wellbeing.models import (
    Apv,
    ApvEvent,
    CoachProgramme,
    CourseDay,
    Decision,
    Guidepost,
    Presentation,
    ThemeDay,
)

MONTHS = 12
MOST_SIGNS = 100  # of each kind, the newest
MOST_APVS = 6
MOST_POSTS = 200
MOST_DOTS = 12
RESTS = ("paused", "changed")
MOVES = (*RESTS, "went", "resumed", "reopened")  # what leads an APV on, or back
PAGES = {  # in this order where it was one day
    "day": "wellbeing:theme_day",
    "worded": "meetings:guidepost",
    "phase": "",
    "presented": "wellbeing:presentation",
    "decided": "wellbeing:decision",
    "course": "wellbeing:programme",
}
IN_TURN = list(PAGES)


@dataclass(frozen=True)
class Sign:
    """Something of one day."""

    kind: str  # day, worded, phase, presented, decided or course
    on: date
    key: int
    words: str
    beside: str = ""

    @property
    def url(self) -> str:
        page = PAGES[self.kind]
        return reverse(page, args=[self.key]) if page and self.key else ""


@dataclass(frozen=True)
class Post:
    """A guidepost through the year, with how often each month it was talked about."""

    guidepost: Guidepost
    since: date
    until: date | None
    talked: dict[date, int]


@dataclass(frozen=True)
class Stretch:
    """A phase of an APV, from its day to the next one’s."""

    apv: Apv
    phase: str  # as in Apv.Phase, or "rests"
    begins: date
    ends: date

    @property
    def label(self) -> str:
        return _("rests") if self.phase == "rests" else str(Apv.Phase(self.phase).label)


@dataclass
class Course:
    """A unit’s APV through the year, one round after the other."""

    unit: Unit
    stretches: list[Stretch] = field(default_factory=list)
    signed: list[date] = field(default_factory=list)


@dataclass
class Month:
    first: date
    held: int = 0
    ahead: int = 0
    signs: list[Sign] = field(default_factory=list)

    @property
    def meetings(self) -> int:
        return self.held + self.ahead

    @property
    def dots(self) -> list[str]:
        """One a meeting, while they can be counted at a glance."""
        dots = ["held"] * self.held + ["coming"] * self.ahead
        return dots if len(dots) <= MOST_DOTS else []


def quarter(day: date, steps: int = 0) -> date:
    """The first day of the quarter that day is in, or of one so many away."""
    quarters = day.year * 4 + (day.month - 1) // 3 + steps
    return date(quarters // 4, 1 + 3 * (quarters % 4), 1)


def chosen(typed: str, today: date) -> date:
    """Where the year on the page begins: as asked for, else so that half of it lies behind us."""
    if re.fullmatch(r"20\d\d-(01|04|07|10)", typed):
        return date.fromisoformat(f"{typed}-01")
    return quarter(today, -2)


@dataclass
class SeasonMap:
    user: object
    unit: Unit | None
    begins: date
    now: datetime

    def __post_init__(self):
        self.organisation = self.user.organisation
        self.ends = quarter(self.begins, 4)
        self.today = self.organisation.local_date(self.now)
        self.keys = self.unit.with_all_below() if self.unit else []

    # ---- which year, of whom

    @property
    def owner(self):
        return self.unit or self.organisation

    @property
    def title(self) -> str:
        last = self.months[-1].first
        words = {
            "begins": date_format(self.begins, "F Y" if last.year != self.begins.year else "F"),
            "ends": date_format(last, "F Y"),
        }
        return _("%(begins)s to %(ends)s") % words

    @property
    def earlier(self) -> str:
        return f"{quarter(self.begins, -2):%Y-%m}"

    @property
    def later(self) -> str:
        """None beyond the year that begins now: nothing is planned there."""
        return f"{quarter(self.begins, 2):%Y-%m}" if self.begins < self.today else ""

    @property
    def is_empty(self) -> bool:
        return not (self.signs or self.posts or self.courses or self.talks)

    @property
    def talks(self) -> int:
        return sum(month.meetings for month in self.months)

    @cached_property
    def months(self) -> list[Month]:
        firsts = [date(self.begins.year + (self.begins.month - 1 + n) // 12,
                       (self.begins.month - 1 + n) % 12 + 1, 1) for n in range(MONTHS)]  # fmt: skip
        months = {first: Month(first) for first in firsts}
        for kind, _key, first, number in self._counts:
            if first in months and kind in ("held", "ahead"):
                setattr(months[first], kind, number)
        for sign in self.signs:
            months[sign.on.replace(day=1)].signs.append(sign)
        return list(months.values())

    # ---- what happened on a day

    @cached_property
    def signs(self) -> list[Sign]:
        told = [*self._dated(), *self._worded(), *self._phases()]
        within = [sign for sign in told if self.begins <= sign.on < self.ends]
        return sorted(within, key=lambda sign: (sign.on, IN_TURN.index(sign.kind), sign.key))

    def _dated(self) -> list[Sign]:
        user, here = self.user, self._here()
        sources = [
            ("day", ThemeDay.objects.visible_to(user), "starts_on", "name"),
            ("presented", Presentation.objects.visible_to(user), "presented_on", "to_whom"),
            ("decided", Decision.objects.visible_to(user).standing(), "decided_on", "what"),
        ]
        rows = [
            rows.filter(here, **{f"{on}__gte": self.begins, f"{on}__lt": self.ends})
            .order_by(f"-{on}", "-pk")
            .values_list(Value(kind), F(on), F("pk"), F(words))[:MOST_SIGNS]
            for kind, rows, on, words in sources
        ]
        rows.append(self._course_days())
        told = rows[0].union(*rows[1:], all=True)
        return [Sign(kind, on, key, capfirst(words)) for kind, on, key, words in told]

    def _course_days(self):
        """Once they were told of. Whoever may open the programme finds it from here."""
        begin, end = self._moments
        days = CourseDay.objects.standing().filter(
            self._here("cohort__programme__decision__unit"),
            cohort__programme__decision__organisation=self.organisation,
            cohort__programme__invited_at__isnull=False,
            starts_at__gte=begin,
            starts_at__lt=end,
        )
        zone, programme = self.organisation.zone, "cohort__programme"
        mine = CoachProgramme.objects.visible_to(self.user).values("pk")
        told = days.order_by("-starts_at", "-pk").values_list(
            Value("course"),
            TruncDate("starts_at", tzinfo=zone),
            Case(When(**{f"{programme}__in": mine}, then=F(programme)), default=Value(0)),
            F(f"{programme}__name"),
        )
        return told[:MOST_SIGNS]

    def _worded(self) -> list[Sign]:
        return [Sign("worded", p.since, p.guidepost.pk, p.guidepost.wording) for p in self.posts]

    def _phases(self) -> list[Sign]:
        found = []
        for course in self.courses:
            for stretch in course.stretches:
                words = f"{course.unit}: {stretch.label}"
                found.append(Sign("phase", stretch.begins, stretch.apv.pk, words))
            for on in course.signed:
                found.append(Sign("phase", on, 0, _("%(unit)s: signed") % {"unit": course.unit}))
        return found

    def _here(self, path: str = "unit") -> Q:
        """Of the unit and what lies below it, and what is the whole organisation's."""
        if not self.unit:
            return Q()
        return Q(**{path: None}) | Q(**{f"{path}__in": self.keys})

    # ---- guideposts

    @cached_property
    def posts(self) -> list[Post]:
        """Under the words of today: what was said before them is theirs."""
        rows = Guidepost.objects.visible_to(self.user).filter(self._here()).in_order()
        alive = Q(retired_on=None) | Q(retired_on__gte=self.begins) | Q(successor__isnull=False)
        found = {one.pk: one for one in rows.filter(alive, worded_on__lt=self.ends)[:MOST_POSTS]}
        since, talked = {}, defaultdict(lambda: defaultdict(int))
        for one in found.values():
            last = one
            while last.successor_id in found:
                last = found[last.successor_id]
            since[last.pk] = min(one.worded_on, since.get(last.pk, one.worded_on))
            for first, number in self._touched.get(one.pk, []):
                talked[last.pk][first] += number
        return [
            Post(found[key], on, found[key].retired_on, dict(talked[key]))
            for key, on in sorted(since.items(), key=lambda pair: list(found).index(pair[0]))
            if not found[key].retired_on or found[key].retired_on >= self.begins
        ]

    @cached_property
    def _touched(self) -> dict[int, list[tuple[date, int]]]:
        found = defaultdict(list)
        for kind, key, first, number in self._counts:
            if kind == "touched":
                found[key].append((first, number))
        return found

    # ---- numbers

    @property
    def networks(self) -> int:
        """How many network groups live in the organisation. Nothing else is told of them."""
        return sum(number for kind, _key, _on, number in self._counts if kind == "network")

    @cached_property
    def _counts(self) -> list[tuple]:
        """(kind, key, first of the month, number): all that is counted, in one question."""
        zone = self.organisation.zone
        teams = Q(series__group__organisation=self.organisation, series__group__kind="team")
        if self.unit:
            teams &= Q(series__group__unit__in=self.keys)
        begin, end = self._moments
        meetings = Meeting.objects.standing().filter(teams, starts_at__gte=begin, starts_at__lt=end)
        month = lambda name: Cast(TruncMonth(name, tzinfo=zone), DateField())  # noqa: E731
        held = Case(When(status=Meeting.Status.HELD, then=Value("held")), default=Value("ahead"))
        counted = (
            meetings.filter(Q(status=Meeting.Status.HELD) | Q(starts_at__gt=self.now))
            .order_by()
            .values_list(held, Value(0), month("starts_at"))
            .annotate(number=Count("pk"))
        )
        items = AgendaItem.objects.filter(
            meeting__in=meetings.filter(status=Meeting.Status.HELD).values("pk"),
            status=AgendaItem.Status.SET,
            guidepost__isnull=False,
        )
        touched = (
            items.order_by()
            .values_list(Value("touched"), F("guidepost"), month("meeting__starts_at"))
            .annotate(number=Count("meeting", distinct=True))
        )
        networks = Group.objects.alive().filter(
            organisation=self.organisation, kind=Group.Kind.NETWORK
        )
        quiet = (
            networks.order_by()
            .values_list(Value("network"), Value(0), Cast(Value(self.begins), DateField()))
            .annotate(number=Count("pk"))
        )
        return list(counted.union(touched, quiet, all=True))

    @property
    def _moments(self) -> list[datetime]:
        return [self.organisation.at(day, time()) for day in (self.begins, self.ends)]

    # ---- the APV

    @cached_property
    def courses(self) -> list[Course]:
        """Which phase each was in, and since when: that is everybody's, what is said in it not."""
        apvs = Apv.objects.filter(organisation=self.organisation, begun_on__lt=self.ends)
        if self.unit:
            apvs = apvs.filter(unit__in=self.keys)
        newest = apvs.order_by("-begun_on", "-pk").values("pk")[:MOST_APVS]
        events = ApvEvent.objects.filter(apv__in=newest).exclude(what=ApvEvent.What.RELEASED)
        told = defaultdict(list)
        for event in events.select_related("apv__unit").order_by(
            "apv__begun_on", "apv", "at", "pk"
        ):
            told[event.apv].append(event)
        courses: dict[Unit, Course] = {}
        for apv, its in told.items():
            self._sail(apv, its, courses.setdefault(apv.unit, Course(apv.unit)))
        return [course for course in courses.values() if course.stretches]

    def _sail(self, apv: Apv, events: list[ApvEvent], course: Course) -> None:
        """Add the stretches of one round, as far as they are in this year."""
        phase, since, until = Apv.Phase.FRAME.value, apv.begun_on, self.today
        stretches = []
        for event in events:
            on = self.organisation.local_date(event.at)
            if event.what == ApvEvent.What.SIGNED and apv.is_locked:
                until = on
            if event.what not in MOVES:
                continue
            _sail_on(stretches, Stretch(apv, phase, since, on))
            since = on
            if event.what in RESTS:
                before, phase = phase, "rests"
            elif event.what == ApvEvent.What.RESUMED:
                phase = before
            else:
                phase = event.words if event.what == ApvEvent.What.WENT else Apv.Phase.ASSESS.value
        _sail_on(stretches, Stretch(apv, phase, since, until))
        course.stretches += [
            one for one in stretches if one.ends > self.begins and one.begins < self.ends
        ]
        if apv.is_locked and self.begins <= until < self.ends:
            course.signed.append(until)


def _sail_on(stretches: list[Stretch], new: Stretch) -> None:
    """What took no day isn’t told; the same phase again within the day goes on."""
    if new.begins >= new.ends:
        return
    if stretches and stretches[-1].phase == new.phase:
        new = replace(stretches.pop(), ends=new.ends)
    stretches.append(new)
