"""Taps: one question the group chose, five steps, and a figure to talk about.

Nothing links a person to a step. While a round is open its counters live in Valkey only
(`meetings.taps`) and who has tapped stands here, as one sorted array in which no order is left.
Closing writes the totals and empties the array in one statement, so that no version of the row
holds both; and where there are too few to be shown, nothing is written at all. There is no row for
a tap, hence no key, time, `xmin` or `ctid` of one.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings import taps
from meetings.models.meeting import Meeting
from meetings.models.tap_choice import TapChoice, TapQuestion
from networks.models import Group

FEWEST = 5
STEPS = [_("No"), _("Not really"), _("So-so"), _("Mostly"), _("Yes")]
KEPT = timedelta(days=365)


class TapRoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))

    def open(self):
        return self.filter(is_open=True)

    def for_page(self):
        return self.select_related(
            "question",
            "meeting__series__group__organisation",
            "meeting__series__group__senior_manager",
            "meeting__room__chair",
        )

    def of_group(self, group: Group):
        return self.filter(meeting__series__group=group).order_by("-opened_on", "-pk")

    def to_close(self, now) -> list["TapRound"]:
        """Open ones whose meeting is over, or whose day is, by the organisation's clock."""
        return [
            one
            for one in self.open().for_page().order_by("pk")
            if one.meeting.group.organisation.local_date(now) > one.opened_on
            or one.meeting.status != Meeting.Status.LIVE
        ]

    def forget(self, today: date) -> None:
        """Counts are kept for twelve months."""
        self.filter(is_open=False, opened_on__lte=today - KEPT).delete()


class TapRound(models.Model):
    """One question tapped on once, at check-in or check-out of a meeting. It has no times."""

    class Moment(models.TextChoices):
        CHECK_IN = "check_in", _("check-in")
        CHECK_OUT = "check_out", _("check-out")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="tap_rounds")
    moment = models.CharField(max_length=10, choices=Moment)
    question = models.ForeignKey(TapQuestion, models.PROTECT, related_name="+")
    # Promised before anybody tapped, about whoever led the team then; not about a successor.
    senior_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    senior_manager_sees = models.BooleanField(default=False)
    opened_on = models.DateField()
    is_open = models.BooleanField(default=True)
    tapped = models.JSONField(default=list, blank=True)  # who has, in order of key
    began_again = models.PositiveSmallIntegerField(default=0)  # times that Valkey was wiped
    totals = models.JSONField(null=True, blank=True)  # five numbers
    answers = models.PositiveSmallIntegerField(null=True, blank=True)
    counted = models.BooleanField(default=False)  # looked at for the figures of its area

    objects = TapRoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "moment"], name="one_round_of_taps_at_check_in_and_out"
            ),
            # else one who came late is the difference of two figures
            models.UniqueConstraint(
                fields=["meeting", "question"], name="a_question_is_tapped_on_once_a_meeting"
            ),
            models.CheckConstraint(
                condition=Q(is_open=True, totals__isnull=True, answers=None)
                | Q(is_open=False, tapped=[], totals__isnull=True, answers=None)
                | Q(is_open=False, tapped=[], totals__isnull=False, answers__gte=FEWEST),
                name="taps_are_counted_or_known_never_both",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_on"],
                condition=Q(is_open=True) | Q(counted=False),
                name="taps_to_look_after",
            ),
        ]

    def __str__(self):
        return f"{self.meeting_id} {self.moment}"

    # ---- verbs

    @classmethod
    def open(cls, room, by, at: datetime | None = None) -> "TapRound":
        """Tap instead of, or before, going round; by whoever leads. Opened twice it is open once.

        Raises PermissionDenied for everybody else, ValidationError if it isn't the moment.
        """
        meeting = room.meeting
        if by.pk not in (room.chair_id, meeting.host_id):
            raise PermissionDenied
        moment = room.steps[room.position]["kind"]
        if not room.is_open or moment not in cls.Moment.values:
            raise ValidationError(_("You tap at check-in or at check-out."))
        return cls.begin(meeting, moment, at)

    @classmethod
    def begin(cls, meeting: Meeting, moment: str, at: datetime | None = None) -> "TapRound":
        """With what the group has chosen for the season."""
        group, at = meeting.group, at or timezone.now()
        with transaction.atomic():
            meeting._lock()
            there = {one.moment: one for one in cls.objects.for_page().filter(meeting=meeting)}
            if moment in there and there[moment].is_open:
                return there[moment]
            choice = TapChoice.objects.for_season(meeting.series)
            if words := why_not_tap(group, there, moment, choice.question):
                raise ValidationError(words)
            round = cls.objects.create(
                meeting=meeting,
                moment=moment,
                question=choice.question,
                senior_manager_id=group.senior_manager_id,
                senior_manager_sees=choice.senior_manager_sees and group.is_team,
                opened_on=group.organisation.local_date(at),
            )
            round._begin()
        return round

    def tap(self, by, step: int) -> bool:
        """Once, and for good. False for whoever has tapped already.

        Raises PermissionDenied for who isn't asked, ValidationError if the round is closed or the
        counters are away.
        """
        with transaction.atomic():
            self._hold()
            if not self.asks(by):
                raise PermissionDenied
            if not self.is_open:
                raise ValidationError(_("The round is closed. Say it aloud instead."))
            if by.pk in self.tapped:
                return False
            self._count(step)
            self.tapped = sorted({*self.tapped, by.pk})
            self.save(update_fields=["tapped"])
        return True

    def _count(self, step: int) -> None:
        """With the round held. What was wiped begins anew, with this tap as its first."""
        try:
            if taps.count(self.pk, step) != len(self.tapped) + 1:
                self._begin_again()
                taps.count(self.pk, step)
        except taps.Away as error:
            raise ValidationError(AWAY) from error

    def close(self, by) -> None:
        """Show the figure. Closed twice it is closed once.

        Raises PermissionDenied for who doesn't lead, ValidationError if the counters are away or
        were wiped: then the round is tapped again.
        """
        if by.pk not in (self.meeting.room.chair_id, self.meeting.host_id):
            raise PermissionDenied
        with transaction.atomic():
            self._hold()
            if not self.is_open:
                return
            try:
                counted = self._totals()
            except taps.Away as error:
                raise ValidationError(AWAY) from error
            if counted is None:
                self._begin_again()
                self.save(update_fields=["tapped"])
            else:
                self._shut(counted)
        if counted is None:
            raise ValidationError(LOST)

    def fall_shut(self, at: datetime | None = None) -> None:
        """Nobody closed it: with the meeting, or at the end of its day, it closes by itself."""
        group = self.meeting.group
        over = group.organisation.local_date(at or timezone.now()) > self.opened_on
        with transaction.atomic():
            self._hold()
            if not self.is_open:
                return
            try:
                self._shut(self._totals())
            except taps.Away:
                if not over:
                    raise
                self._shut(None)

    def _hold(self) -> None:
        rows = TapRound.objects.select_for_update(of=("self",))
        fields = ["is_open", "tapped", "began_again", "totals", "answers"]
        self.refresh_from_db(fields=fields, from_queryset=rows)

    def _begin(self) -> None:
        try:
            taps.begin(self.pk)
        except taps.Away as error:
            raise ValidationError(AWAY) from error
        self._show()

    def _begin_again(self) -> None:
        self.tapped, self.began_again = [], self.began_again + 1
        self.save(update_fields=["began_again"])
        taps.begin(self.pk)
        self._show()

    def _totals(self) -> list[int] | None:
        """None where what was counted isn't what was tapped."""
        counted = taps.totals(self.pk) or [0] * taps.STEPS
        return counted if sum(counted) == len(self.tapped) else None

    def _shut(self, counted: list[int] | None) -> None:
        """Totals and who has tapped change places; below the threshold nothing is kept."""
        self.is_open, self.tapped = False, []
        if counted and sum(counted) >= self.meeting.group.organisation.least_taps:
            self.totals, self.answers = counted, sum(counted)
        self.save(update_fields=["is_open", "tapped", "totals", "answers"])
        transaction.on_commit(lambda: taps.forget(self.pk), robust=True)
        self._show()

    def _show(self) -> None:
        """After the commit, since it holds the room's row."""
        room = getattr(self.meeting, "room", None)
        if room and room.is_open:
            transaction.on_commit(room.look_again, robust=True)

    # ---- questions

    def asks(self, user) -> bool:
        """Those who belong to the group now; never the senior manager."""
        group = self.meeting.group
        membership = group.membership_of(user)
        if membership is None or user.pk == group.senior_manager_id:
            return False
        return group.is_team or membership.affirmed_at is not None

    def is_promised_to(self, user) -> bool:
        """Whether this person, who is in the group, may see its figure once there is one."""
        if user.pk == self.senior_manager_id:
            return self.senior_manager_sees
        return user.pk != self.meeting.group.senior_manager_id

    @property
    def has_figure(self) -> bool:
        """A threshold that was raised holds for what was tapped before, too."""
        least = self.meeting.group.organisation.least_taps
        return self.answers is not None and self.answers >= least

    @property
    def figure(self) -> list[tuple]:
        """Each step with how many tapped it, for whoever is promised to see it."""
        return list(zip(STEPS, self.totals, strict=True)) if self.has_figure else []


AWAY = _("The taps can’t be counted just now, so nothing was. Try again in a moment, or go round.")
LOST = _("The counters were lost on the way, so nothing is known. Tap once more, all of you.")


def why_not_tap(group: Group, there: dict, moment: str, question: TapQuestion) -> str:
    """Why no round can be opened at that moment, in words; "" if one can."""
    least, members = group.organisation.least_taps, len(group.member_keys())
    if members < least:
        words = _("A figure is shown from %(least)s taps on, and you are %(members)s. Go round.")
        return words % {"least": least, "members": members}
    if moment in there:
        return _("You have tapped already. Talk about it.")
    if any(one.question_id == question.pk for one in there.values()):
        return _("You have tapped on this question today. Choose another, or go round.")
    return ""


def side_by_side(rounds) -> list[TapRound]:
    """Those, newest first, that may be shown beside one another.

    Of two figures on one question whose difference is a single person only the newer is shown.
    """
    shown: list[TapRound] = []
    for one in rounds:
        same = [other for other in shown if other.question_id == one.question_id]
        if one.has_figure and all(abs(one.answers - other.answers) != 1 for other in same):
            shown.append(one)
    return shown
