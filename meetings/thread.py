"""A guidepost's thread: why something happened, told in the order in which it did."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meetings.knots import Knot, knots
from meetings.models import AgendaItem, CaseCount, Meeting
from networks.models import Group
from wellbeing.models import Guidepost

LEAST_TALKS = 5  # of sparring, before their number is told
AT_ONCE = 3  # questions of a half-year that stand open; the others unfold


@dataclass(frozen=True)
class Next:
    """What to do about it now: one thing."""

    words: str
    label: str = ""
    url: str = ""
    meeting: Meeting | None = None  # whose agenda one tap puts it on


@dataclass
class Chapter:
    """A half-year of the thread."""

    begins_on: date
    knots: list[Knot]

    @property
    def title(self) -> str:
        first = self.begins_on.month == 1
        words = _("First half of %(year)s") if first else _("Second half of %(year)s")
        return words % {"year": self.begins_on.year}

    @cached_property
    def folded(self) -> list[Knot]:
        """The earlier questions, where there are many."""
        asked = [knot for knot in self.knots if knot.kind == "asked"]
        return asked[:-AT_ONCE] if len(asked) > AT_ONCE + 1 else []

    @property
    def parts(self) -> list[Knot | list[Knot]]:
        """In time order; what is folded away stands together where it began."""
        told = []
        for knot in self.knots:
            if knot not in self.folded:
                told.append(knot)
            elif knot is self.folded[0]:
                told.append(self.folded)
        return told


@dataclass
class Thread:
    line: list[Guidepost]  # its wordings, the first first
    user: object
    now: datetime
    knots: list[Knot] = field(default_factory=list)

    @classmethod
    def of(cls, user, pk: int, now: datetime) -> "Thread | None":
        """None: not this person's to see."""
        spoken = CaseCount.objects.filter(guidepost=OuterRef("pk")).values("number")
        visible = Guidepost.objects.visible_to(user).of_one_line(pk)
        visible = visible.annotate(spoken=Coalesce(Subquery(spoken[:1]), 0))
        line = list(visible.select_related("organisation", "unit", "origin", "successor"))
        here = next((one for one in line if one.pk == pk), None)
        if here is None:
            return None
        line = [one for one in line if one.pk != pk] + [here]
        if here.successor:
            return cls(line, user, now)
        return cls(line, user, now, knots(line, user, now))

    @property
    def guidepost(self) -> Guidepost:
        return self.line[-1]

    @property
    def earlier(self) -> list[Guidepost]:
        return self.line[:-1]

    # ---- the story

    @cached_property
    def told(self) -> list[Knot]:
        """Everything, in the order of time."""
        talked = {knot.on for knot in self.knots if knot.kind == "asked"}
        kept = [knot for knot in self.knots if knot.kind != "covered"]
        covered = {knot.on: knot for knot in self.knots if knot.kind == "covered"}  # in each round
        kept += [knot for on, knot in covered.items() if on not in talked]
        return sorted([*self._wordings(), *kept], key=lambda knot: knot.turn)

    def _wordings(self) -> list[Knot]:
        found = []
        for number, one in enumerate(self.line):
            kind = "reworded" if number else "worded"
            if one.origin and (number == 0 or one.origin_id != self.line[number - 1].origin_id):
                found.append(Knot("day", one.origin.starts_on, one.origin.name, one.origin_id))
            found.append(Knot(kind, one.worded_on, one.wording, beside=one.how_we_see_it))
        last = self.guidepost
        if last.retired_on:
            found.append(Knot("retired", last.retired_on, "", beside=last.retired_why))
        return found

    @property
    def chapters(self) -> list[Chapter]:
        half = lambda knot: (knot.on.year, 1 if knot.on.month < 7 else 7)  # noqa: E731
        return [
            Chapter(date(*key, 1), list(told))
            for key, told in groupby((k for k in self.told if k.kind != "coming"), half)
        ]

    def of_kind(self, *kinds: str) -> list[Knot]:
        return [knot for knot in self.told if knot.kind in kinds]

    @property
    def several_teams(self) -> bool:
        """Whether it has to be said at whose meeting something was asked."""
        return len({knot.beside for knot in self.of_kind("asked")}) > 1

    # ---- numbers

    @property
    def coming(self) -> Knot | None:
        return next(iter(self.of_kind("coming")), None)

    @property
    def last_talked(self) -> date | None:
        """The day; of other teams' meetings the first of the month."""
        return max((knot.on for knot in self.of_kind("asked", "elsewhere")), default=None)

    @property
    def last_in_month(self) -> bool:
        """Whether only the month is known of that."""
        return all(knot.on != self.last_talked for knot in self.of_kind("asked"))

    @property
    def times_talked(self) -> int:
        """Leader meetings, one's own and those of others."""
        own = {knot.key for knot in self.of_kind("asked")}
        return len(own) + sum(knot.number for knot in self.of_kind("elsewhere"))

    @property
    def talks(self) -> int:
        """Sparring talks of the whole organisation that touched it; none where they are few."""
        number = sum(one.spoken for one in self.line)
        return number if number >= LEAST_TALKS else 0

    # ---- read aloud

    @property
    def aloud(self) -> list[str]:
        """The whole of it in a minute, as one would say it."""
        said = [self._began()]
        if self.times_talked:
            said.append(self._talked())
        gone = {knot.key for knot in self.of_kind("withdrawn")}
        for tied, words in [
            (self.of_kind("taken_up"), _("The leader-APV in %(words)s took it up.")),
            (self.of_kind("found", "solved"), _("What they found was: “%(words)s”")),
            (self._agreed(), _("Out of it came: “%(words)s”")),
            (self.of_kind("helped"), _("Out of it came: “%(words)s”, and it helped.")),
            (
                [knot for knot in self.of_kind("decided") if knot.key not in gone],
                _("On its strength management decided: “%(words)s”"),
            ),
            (self.of_kind("started", "course"), _("“%(words)s” carries it on.")),
        ]:
            if tied:
                said.append(words % {"words": _quoted(tied[-1].words)})
        if self.guidepost.retired_on:
            stopped = _("We stopped steering by it on %(day)s.")
            said.append(stopped % {"day": _day(self.guidepost.retired_on)})
        return said

    def _talked(self) -> str:
        if self.last_in_month:
            met = ngettext(
                "It has been talked about at %(number)s leader meeting, in %(month)s.",
                "It has been talked about at %(number)s leader meetings, the last in %(month)s.",
                self.times_talked,
            )
        else:
            met = ngettext(
                "It has been talked about at %(number)s leader meeting, on %(day)s.",
                "It has been talked about at %(number)s leader meetings, the last time on %(day)s.",
                self.times_talked,
            )
        last = self.last_talked
        said = {"day": _day(last), "month": date_format(last, "F Y")}
        return met % {"number": self.times_talked, **said}

    def _agreed(self) -> list[Knot]:
        """What the senior manager said yes to, until something is known to have helped."""
        return [] if self.of_kind("helped") else self.of_kind("yes", "done")

    def _began(self) -> str:
        first = self.line[0]
        if first.origin:
            words = _("It was worded on the theme day “%(day)s”, %(on)s.")
            return words % {"day": first.origin, "on": _day(first.origin.starts_on)}
        return _("It was worded on %(on)s.") % {"on": _day(first.worded_on)}

    # ---- what to do about it now

    def next_step(self) -> Next | None:
        """The one thing that is this person's to do about it."""
        guidepost = self.guidepost
        if guidepost.retired_on:
            return None
        waits = [knot for knot in self.told if knot.number and knot.kind in WAITING]
        if waits:
            knot = waits[-1]
            words, label = WAITING[knot.kind]
            return Next(words % {"words": _quoted(knot.words)}, label, knot.url)
        if knot := self.coming:
            words = _("It is on its way to the leader meeting on %(day)s: “%(words)s”")
            said = {"day": _day(knot.on), "words": _quoted(knot.words)}
            return Next(words % said, _("To the agenda"), knot.url)
        if meeting := next_meeting(self.user, self.now):
            return Next(question_about(guidepost), meeting=meeting)
        if guidepost.may_be_changed_by(self.user):
            url = reverse("wellbeing:guidepost_wording", args=[guidepost.pk])
            return Next(_("Does it still say it, in these words?"), _("Word it anew"), url)
        url = f"{reverse('wellbeing:questions')}?theme={guidepost.theme}"
        return Next(_("Talk about it where you meet."), _("Questions for it"), url)


WAITING = {  # for the reader: the question, and what the button says
    "proposed": (
        gettext_lazy("The leaders propose: “%(words)s”. What do you say?"),
        gettext_lazy("Answer it"),
    ),
    "yes": (gettext_lazy("You took on: “%(words)s”. Is it done?"), gettext_lazy("Look at it")),
    "decided": (
        gettext_lazy("It was decided: “%(words)s”. What has become of it?"),
        gettext_lazy("Look at it again"),
    ),
    "done": (
        gettext_lazy("“%(words)s” is done. Did it help?"),
        gettext_lazy("Say what came of it"),
    ),
}


def next_meeting(user, now: datetime) -> Meeting | None:
    """This person's next leader meeting that takes questions."""
    mine = Meeting.objects.visible_to(user).building().filter(starts_at__gt=now)
    teams = mine.filter(series__group__kind=Group.Kind.TEAM).for_page()
    return teams.order_by("starts_at", "pk").first()


def question_about(guidepost: Guidepost) -> str:
    words = _("“%(guidepost)s” Where have we seen that lately, and where was it missing?")
    return words % {"guidepost": guidepost}


def ask_about(guidepost: Guidepost, meeting: Meeting, by, at=None) -> AgendaItem:
    """A question about it onto that agenda. The same twice, while it waits, is one."""
    return meeting.propose(question_about(guidepost), by=by, guidepost=guidepost, at=at)


def _quoted(words: str) -> str:
    """Inside of quotation marks a full stop is one too many."""
    return words.removesuffix(".")


def _day(on: date) -> str:
    return date_format(on, "DATE_FORMAT")
