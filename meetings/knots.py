"""What a guidepost's thread is tied of: whatever touched it, as rows of one shape.

They are fetched together in one union, so that three years of it cost as many questions to the
database as three days. Each source starts at what this person may see.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, DateField, Exists, F, Max, OuterRef, Q, Value, When
from django.db.models.functions import Cast, TruncDate, TruncMonth, TruncQuarter
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.models import AgendaItem, Meeting
from networks.models import Group
from wellbeing.models import (
    Action,
    ApvTheme,
    Assessment,
    CoachProgramme,
    CourseDay,
    Decision,
    Finding,
    Guidepost,
    Presentation,
    Seat,
    Story,
)

# What each kind is called, what its mark looks like, and which page tells more.
KINDS = {
    "day": (_("Theme day"), "steer", "wellbeing:theme_day"),
    "worded": (_("Worded"), "steer worded", ""),
    "reworded": (_("In other words"), "steer worded", ""),
    "taken_up": (_("Taken up by the leader-APV"), "apv", "wellbeing:apv_theme"),
    "asked": (_("Leader meeting"), "talk", "meetings:detail"),
    "elsewhere": (_("Leader meetings"), "elsewhere", ""),
    "covered": (_("Talked through for the APV"), "apv", "wellbeing:apv_theme"),
    "found": (_("What they found"), "apv", "wellbeing:apv_finding"),
    "solved": (_("Solved at once"), "done", "wellbeing:apv_finding"),
    "proposed": (_("Proposed"), "apv", "wellbeing:apv_action"),
    "yes": (_("The senior manager said yes"), "apv", "wellbeing:apv_action"),
    "no": (_("The senior manager said no"), "apv", "wellbeing:apv_action"),
    "not_now": (_("The senior manager said: not now"), "apv", "wellbeing:apv_action"),
    "done": (_("Done"), "done", "wellbeing:apv_action"),
    "helped": (_("Done, and it helped"), "done", "wellbeing:apv_action"),
    "no_help": (_("Done, but it didn’t help enough"), "apv", "wellbeing:apv_action"),
    "presented": (_("Presented"), "apv", "wellbeing:presentation"),
    "decided": (_("Management decided"), "decided", "wellbeing:decision"),
    "followed_up": (_("What became of the decision"), "done", "wellbeing:decision"),
    "withdrawn": (_("The decision was withdrawn"), "elsewhere", "wellbeing:decision"),
    "told": (_("What it gave a leader"), "talk", ""),
    "started": (_("A coach education begins"), "decided", "wellbeing:programme"),
    "course": (_("Coach education"), "done", "wellbeing:programme"),
    "course_ahead": (_("Coach education, to come"), "coming", "wellbeing:programme"),
    "coming": (_("On its way to a leader meeting"), "coming", "meetings:detail"),
    "retired": (_("Retired"), "steer", ""),
}
IN_TURN = list(KINDS)  # on one and the same day


@dataclass(frozen=True)
class Knot:
    """One thing that happened to a guidepost."""

    kind: str
    on: date
    words: str
    key: int = 0
    beside: str = ""
    number: int = 0  # of meetings; or one where it waits for the reader

    @property
    def label(self):
        return KINDS[self.kind][0]

    @property
    def mark(self) -> str:
        return KINDS[self.kind][1]

    @property
    def url(self) -> str:
        page = KINDS[self.kind][2]
        return reverse(page, args=[self.key]) if page and self.key else ""

    @property
    def turn(self) -> tuple:
        return self.on, IN_TURN.index(self.kind), self.key


def knots(line: list[Guidepost], user, now: datetime) -> list[Knot]:
    """All that this person may know of, whatever words the guidepost had at the time."""
    zone = line[-1].organisation.zone
    keys = [one.pk for one in line]
    rows = [
        *_meetings(keys, user, now, zone),
        *_apv(keys, user, now, zone),
        *_management(keys, user, now.astimezone(zone).date()),
        *_education(keys, user, now, zone),
        _told(keys, user),
    ]
    found = rows[0].union(*rows[1:], all=True)
    return [Knot(*row) for row in found]


def _tied(rows, kind, on, words, key="pk", beside=None, number=None):
    """Rows as knots: the same columns in the same order for each kind."""
    return rows.order_by().values_list(
        Value(kind) if isinstance(kind, str) else kind,
        on,
        words,
        F(key) if isinstance(key, str) else key,
        beside or Value(""),
        number or Value(0),
    )


def _meetings(keys: list[int], user, now: datetime, zone) -> list:
    """Questions of one's own teams; of the others only how many meetings a quarter, and the month
    of the last: which of them talked about what on which day is theirs.

    What network groups talk about is theirs, and is not even counted.
    """
    items = AgendaItem.objects.filter(guidepost__in=keys, group__kind=Group.Kind.TEAM)
    held = items.filter(status=AgendaItem.Status.SET, meeting__status=Meeting.Status.HELD)
    ahead = items.filter(
        status__in=[AgendaItem.Status.SET, AgendaItem.Status.WAITING], meeting__starts_at__gt=now
    ).exclude(meeting__status=Meeting.Status.CANCELLED)
    own = Group.objects.open_to(user).values("pk")
    day = TruncDate("meeting__starts_at", tzinfo=zone)
    told = {"on": day, "words": F("question"), "key": "meeting", "beside": F("group__name")}
    elsewhere = (
        held.exclude(group__in=own)
        .order_by()
        .values(quarter=TruncQuarter("meeting__starts_at", tzinfo=zone))
        .annotate(last=Max("meeting__starts_at"), times=Count("meeting", distinct=True))
    )
    return [
        _tied(held.filter(group__in=own), "asked", **told),
        _tied(ahead.filter(group__in=own), "coming", **told),
        _tied(
            elsewhere,
            "elsewhere",
            on=Cast(TruncMonth("last", tzinfo=zone), DateField()),
            words=Value(""),
            key=Value(0),
            number=F("times"),
        ),
    ]


def _apv(keys: list[int], user, now: datetime, zone) -> list:
    """What is assessed or solved by now: before that it is the mapping group's own."""
    day = lambda name: TruncDate(name, tzinfo=zone)  # noqa: E731
    themes = ApvTheme.objects.visible_to(user).filter(guidepost__in=keys)
    of_theme = {"theme__in": themes.values("pk")}
    found = Assessment.objects.filter(finding__in=Finding.objects.filter(**of_theme).values("pk"))
    actions = Action.objects.filter(assessment__in=found.values("pk"))
    apv = "assessment__finding__theme__apv"
    running = {f"{apv}__state": "running"}
    seated = Exists(Seat.objects.filter(apv=OuterRef(apv), person=user))
    due = {"done_on": None, "by_when__lte": now.astimezone(zone).date()}
    return [
        _tied(themes, "taken_up", on=F("apv__begun_on"), words=F("apv__unit__name")),
        _tied(
            themes.exclude(last_covered_on=None),
            "covered",
            on=F("last_covered_on"),
            words=F("covered_where"),
        ),
        _tied(
            found.filter(finding__carried_from=None),
            "found",
            on=day("at"),
            words=F("finding__words"),
            key="finding",
            beside=F("cause"),
        ),
        _tied(
            Finding.objects.filter(**of_theme).exclude(solved_on=None),
            "solved",
            on=F("solved_on"),
            words=F("words"),
            beside=F("solved_how"),
        ),
        _tied(
            actions.unanswered(),
            "proposed",
            on=day("proposed_at"),
            words=F("what"),
            number=_mine(Q(**{f"{apv}__senior_manager": user}, **running)),
        ),
        _tied(
            actions.exclude(answer=""),
            F("answer"),
            on=day("answered_at"),
            words=F("what"),
            beside=F("answer_why"),
            number=_mine(Q(answer="yes", who=user, **due)),
        ),
        _tied(
            actions.exclude(done_on=None),
            Case(
                When(helped=True, then=Value("helped")),
                When(helped=False, then=Value("no_help")),
                default=Value("done"),
            ),
            on=F("done_on"),
            words=F("what"),
            beside=F("effect"),
            number=_mine(Q(helped=None) & (Q(who=user) | seated)),
        ),
    ]


def _told(keys: list[int], user):
    """Stories, as long as whoever told them lets them stand."""
    stories = Story.objects.visible_to(user).filter(guidepost__in=keys)
    teller = Case(When(named=True, then=F("by__name")), default=Value(""))
    return _tied(stories, "told", on=F("told_on"), words=F("text"), beside=teller)


def _management(keys: list[int], user, today: date) -> list:
    """What was presented on its strength, what was decided, and what became of that."""
    presented = Presentation.objects.visible_to(user).filter(pk__in=_with(Presentation, keys))
    decisions = Decision.objects.visible_to(user).filter(pk__in=_with(Decision, keys))
    due = Decision.objects.to_follow_up(user, today).values("pk")
    return [
        _tied(presented, "presented", F("presented_on"), F("to_whom"), beside=F("said")),
        _tied(
            decisions,
            "decided",
            on=F("decided_on"),
            words=F("what"),
            beside=F("why"),
            number=_mine(Q(pk__in=due)),
        ),
        _tied(
            decisions.exclude(followed_up=""), "followed_up", F("followed_up_on"), F("followed_up")
        ),
        _tied(
            decisions.exclude(withdrawn_on=None),
            "withdrawn",
            on=F("withdrawn_on"),
            words=F("what"),
            beside=F("withdrawn_why"),
        ),
    ]


def _education(keys: list[int], user, now: datetime, zone) -> list:
    """What grew out of a decision, and the course days that carry it. That there are such days is
    everybody's; who is on them isn't.
    """
    open_ones = CoachProgramme.objects.visible_to(user).values("pk")
    begun = CoachProgramme.objects.running().filter(decision__in=_with(Decision, keys))
    days = CourseDay.objects.standing().filter(guidepost__in=keys)
    days = days.filter(cohort__programme__invited_at__isnull=False)
    programme = "cohort__programme"
    return [
        _tied(
            begun,
            "started",
            on=TruncDate("started_at", tzinfo=zone),
            words=F("name"),
            key=_if_open("pk", open_ones),
        ),
        _tied(
            days,
            Case(When(starts_at__gt=now, then=Value("course_ahead")), default=Value("course")),
            on=TruncDate("starts_at", tzinfo=zone),
            words=F(f"{programme}__name"),
            key=_if_open(programme, open_ones),
            beside=F("cohort__name"),
        ),
    ]


def _if_open(path: str, open_ones) -> Case:
    """Its key, where the reader may open its page."""
    return Case(When(**{f"{path}__in": open_ones}, then=F(path)), default=Value(0))


def _with(model, keys: list[int]):
    """Those that carry the guidepost, each once, whichever of its wordings it was."""
    beside = model.guideposts.through.objects.filter(guidepost__in=keys)
    return beside.values(model._meta.model_name)


def _mine(waits: Q) -> Case:
    return Case(When(waits, then=Value(1)), default=Value(0))
