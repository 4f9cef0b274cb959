"""What was agreed at a meeting, and how it comes back. Minutes are this and nothing else."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import MD5
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config import live
from meetings.models.agenda import ChangedMeanwhile
from meetings.models.meeting import Meeting
from meetings.models.room import KIND, Room
from networks.models import Group, User

TRIAL = timedelta(days=14)  # how long an experiment runs
LATELY = timedelta(days=14)  # later than this after it was agreed no minutes go out
KEPT_YEARS = 3


class CommitmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(group__in=Group.objects.open_to(user).values("pk"))

    def standing(self):
        return self.filter(removed_at=None)

    def open(self):
        return self.standing().filter(done_at=None)

    def in_order(self):
        return self.select_related("who").order_by("made_at", "pk")

    def around(self, meeting: Meeting):
        """What was agreed at this meeting, and what comes back at it: what was agreed last time,
        what is still open from before, and what has been done since.
        """
        before = Meeting.objects.standing().filter(
            series__group=meeting.group, starts_at__lt=meeting.starts_at
        )
        last = models.Subquery(before.order_by("-starts_at").values("starts_at")[:1])
        lately = Q(meeting__starts_at__gte=last) | Q(done_at=None) | Q(done_at__gte=last)
        back = Q(meeting__starts_at__lt=meeting.starts_at) & lately
        here = self.standing().filter(Q(meeting=meeting) | back, group=meeting.group)
        return here.in_order()

    def being_tried(self, user):
        """What this person's groups have agreed and not done yet, own and everybody's."""
        mine = Q(who=user) | Q(who=None)
        return self.visible_to(user).open().filter(mine).select_related("group", "who", "meeting")

    def lessons(self):
        return self.standing().exclude(lesson="").order_by("done_at", "pk")

    def of_meetings_held(self, now: datetime):
        """Meetings held at which something was agreed lately, each with when that was last."""
        lately = self.standing().filter(
            made_at__gt=now - LATELY, meeting__status=Meeting.Status.HELD
        )
        return lately.order_by().values("meeting").annotate(last=Max("made_at"))

    def forget(self, now: datetime) -> None:
        """Three years after the meeting, and what was taken back after a day."""
        old = now - timedelta(days=365 * KEPT_YEARS)
        taken_back = Q(removed_at__lt=now - timedelta(days=1))
        self.filter(taken_back | Q(made_at__lt=old, meeting__ends_at__lt=old)).delete()


class Commitment(models.Model):
    """One thing somebody does, or everybody; or an experiment, of which one asks what it taught."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="commitments")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="commitments")
    what = models.CharField(max_length=300)
    who = models.ForeignKey(  # none is all of us
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)  # none is the next meeting
    experiment = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    lesson = models.CharField(max_length=300, blank=True)  # what one learned from the experiment
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "meeting",
                MD5("what"),
                condition=Q(removed_at=None),
                name="agreed_once_per_meeting",
                violation_error_message=_("You have agreed on that already."),
            ),
            models.CheckConstraint(
                condition=Q(lesson="") | Q(experiment=True, done_at__isnull=False),
                name="a_lesson_ends_an_experiment",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "made_at"], name="agreed_in_group"),
            models.Index(fields=["made_at"], name="agreed_lately"),
            GinIndex(SearchVector("what", "lesson", config="danish"), name="agreed_words"),
        ]

    def __str__(self):
        return self.what

    # ---- verbs

    def done(self, is_done: bool = True, at: datetime | None = None) -> None:
        """With one tap, and undone with one. What has taught something stays done."""
        if is_done == self.is_done or self.lesson:
            return
        self.done_at = (at or timezone.now()) if is_done else None
        self._save("done_at")

    def learn(self, lesson: str, seen: str | None = None, at: datetime | None = None) -> None:
        """What the experiment taught, in one line. It is over with that.

        `seen` is what stood there when the person began: raises ChangedMeanwhile if that is gone.
        """
        with transaction.atomic():
            self._still("lesson", seen, lesson)
            self.experiment, self.lesson = True, lesson
            self.done_at = self.done_at or at or timezone.now()
            self._save("experiment", "lesson", "done_at")

    def try_it(self, experiment: bool = True) -> None:
        """Make it an experiment of fourteen days, or an ordinary agreement again."""
        if experiment == self.experiment or self.lesson:
            return
        day = self.group.organisation.local_date(self.made_at)
        self.experiment, self.due_on = experiment, day + TRIAL if experiment else None
        self._save("experiment", "due_on")

    def reword(self, what: str, who=None, seen: str | None = None) -> bool:
        """False if that is agreed already. Raises ChangedMeanwhile as `learn` does."""
        with transaction.atomic():
            self._still("what", seen, what)
            try:
                with transaction.atomic():
                    Commitment.objects.filter(pk=self.pk).update(what=what, who=who)
            except IntegrityError:
                return False
            self.what, self.who = what, who
            self._tell_room()
        return True

    def remove(self, at: datetime | None = None) -> None:
        self.removed_at = self.removed_at or at or timezone.now()
        self._save("removed_at")

    def bring_back(self) -> bool:
        """Undo a removal. False if the same has been agreed meanwhile."""
        try:
            with transaction.atomic():
                self.removed_at = None
                self._save("removed_at")
        except IntegrityError:
            return False
        return True

    def _still(self, name: str, seen: str | None, wanted: str) -> None:
        stands = Commitment.objects.select_for_update().values_list(name, flat=True).get(pk=self.pk)
        if seen is not None and stands not in (seen, wanted):
            raise ChangedMeanwhile(stands)

    def _save(self, *names: str) -> None:
        self.save(update_fields=names)
        self._tell_room()

    def _tell_room(self) -> None:
        Agreed(self.meeting).tell_room()

    # ---- questions

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    def people(self) -> models.QuerySet:
        """Whom it may be for: those in the group, and whom it is for already, if they have left."""
        return self.group.participants() | User.objects.filter(pk=self.who_id)

    def is_over(self, now: datetime) -> bool:
        """Its day has come: of an experiment one asks now what it taught."""
        return self.due_on is not None and self.due_on <= timezone.localdate(now)

    @property
    def asks_now(self) -> bool:
        return self.experiment and not self.lesson and self.is_over(timezone.now())

    def may_be_changed_by(self, user) -> bool:
        """Whoever wrote it, or whom it is for; what is for all may be changed by all."""
        return self.who_id is None or user.pk in (self.by_id, self.who_id)


class Agreed:
    """What is agreed at one meeting."""

    def __init__(self, meeting: Meeting):
        self.meeting = meeting

    def agree(
        self,
        what: str,
        by,
        who=None,
        due_on: date | None = None,
        experiment: bool = False,
        at: datetime | None = None,
    ) -> Commitment:
        """Write down what was agreed. Agreed twice it is agreed once.

        Raises ValidationError where nothing can be agreed any more, or yet.
        """
        at = at or timezone.now()
        if words := self.why_not_now(at):
            raise ValidationError(words)
        with transaction.atomic():
            commitment, new = self.meeting.commitments.standing().get_or_create(
                meeting=self.meeting,
                what=what,
                removed_at=None,
                defaults={
                    "group": self.meeting.group,
                    "by": by,
                    "who": who,
                    "due_on": due_on,
                    "made_at": at,
                },
            )
            if new:
                commitment.try_it(experiment)
                self.tell_room()
        return commitment

    def tell_room(self) -> None:
        """Whoever follows the meeting sees it too."""
        with transaction.atomic():
            rows = Room.objects.open().select_for_update(of=("self",)).for_page()
            if room := rows.filter(meeting=self.meeting).first():
                Room.objects.filter(pk=room.pk).update(version=F("version") + 1)
                room.version += 1
                live.publish(KIND, room.pk, room.as_board())

    # ---- questions

    def why_not_now(self, now: datetime) -> str:
        """Why nothing can be agreed here just now, in words; "" from the start of the meeting
        until the group meets again.
        """
        meeting = self.meeting
        if meeting.is_cancelled:
            return _("This meeting is cancelled.")
        if meeting.status == Meeting.Status.LIVE:
            return ""
        if meeting.starts_at > now:
            return _("You can write down what you agree on when the meeting begins.")
        if self._have_met_again(now):
            return _("You have met again since. Write it down at the latest meeting.")
        return ""

    def _have_met_again(self, now: datetime) -> bool:
        """Counted from the next meeting's start: the row is read with the meeting."""
        later = Meeting.objects.standing().filter(
            series__group=self.meeting.group, starts_at__gt=self.meeting.starts_at
        )
        return later.filter(starts_at__lte=now).exists()
