from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import notifications
from meetings.models.answer import Answer
from meetings.models.case import Case, CaseCount
from meetings.models.clock import Clock
from meetings.models.format import Format
from meetings.models.meeting import STAYING, Meeting
from meetings.models.part import Part
from meetings.models.turns import Turns
from meetings.script import Step, script
from networks.models import Group, Membership
from notifications.models import Delivery
from wellbeing.models import Guidepost

AFTER_NEXT = timedelta(days=7)  # after the group's next meeting a question and its notes are gone,
AT_MOST = timedelta(days=90)  # and at most so long after the talk
WARNED = timedelta(days=7)
REMEMBERED = timedelta(days=3 * 365)  # whose turn it was


class SparringQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(group__in=Group.objects.open_to(user).values("pk"))

    def of_focus_person(self, user):
        """What is one's own, also after one has left the group."""
        return self.filter(focus_person=user)

    def under_way(self):
        return self.exclude(state=Sparring.State.CLOSED)

    def closed(self):
        return self.filter(state=Sparring.State.CLOSED)

    def with_gone_at(self):
        """When the question and its notes are deleted unless the focus person keeps them.

        It follows the group's next meeting, wherever that is moved.
        """
        following = (
            Meeting.objects.standing()
            .filter(series__group=OuterRef("group"), starts_at__gt=OuterRef("closed_at"))
            .exclude(pk=OuterRef("meeting"))
            .order_by("starts_at", "pk")
        )
        return self.annotate(
            gone_at=Least(
                Subquery(following.values(gone=F("ends_at") + AFTER_NEXT)[:1]),
                F("closed_at") + AT_MOST,
                output_field=DateTimeField(),
            )
        )

    def for_page(self):
        return self.with_gone_at().select_related(
            "group__organisation", "case", "focus_person", "format__copied_from"
        )

    def for_leading(self, user):
        """With whether this person leads the talk, as its host or because they tend the group; and
        with how many are there, as far as we know.
        """
        hosts = Part.objects.filter(
            sparring=OuterRef("pk"), role=Part.Role.HOST, person=user, state=Part.State.TAKEN
        )
        standing = Membership.objects.standing().filter(group=OuterRef("group"))
        away = Answer.objects.staying_away().filter(meeting=OuterRef(OuterRef("meeting")))
        there = standing.exclude(user__in=away.values("user"))
        people = there.order_by().values("group").values(number=Count("pk"))
        return self.annotate(
            leads=Exists(hosts) | Exists(standing.tending().filter(user=user)),
            people_count=Subquery(people),
        )

    def with_text(self):
        """Of which something that was said or written is still there."""
        return self.filter(Q(case__isnull=False) | Q(notes__isnull=False))

    def to_warn(self, now):
        """Whose words go within a week. Nothing is said of what is kept."""
        return (
            self.closed()
            .with_text()
            .with_gone_at()
            .filter(kept_at=None, gone_at__gt=now, gone_at__lte=now + WARNED)
        )

    def to_forget(self, now):
        gone = Q(kept_at=None, gone_at__lte=now) | Q(focus_person__left_at__isnull=False)
        return self.closed().with_text().with_gone_at().filter(gone)

    def coming_back_on(self, meeting: Meeting):
        """What the group wanted to ask about again at this meeting."""
        between = (
            Meeting.objects.standing()
            .filter(series__group=OuterRef("group"), starts_at__gt=OuterRef("closed_at"))
            .filter(starts_at__lte=meeting.starts_at)
            .exclude(pk=OuterRef("meeting"))
            .order_by()
            .values("series__group")
            .values(number=Count("pk"))
        )
        return (
            self.closed()
            .filter(group=meeting.series.group_id, asks_again__gt=0)
            .annotate(meetings_since=Subquery(between))
            .filter(meetings_since=F("asks_again"))
        )

    def on_page_of(self, meeting: Meeting):
        """What was talked over at that meeting, and what comes back to it."""
        back = self.coming_back_on(meeting).values("pk")
        here = self.filter(Q(meeting=meeting) | Q(pk__in=back))
        return here.for_page().order_by("created_at", "pk")

    # ---- verbs

    def prepare(
        self, meeting: Meeting, by, as_host: bool = False, format: Format | None = None, at=None
    ) -> "Sparring":
        """Begin to prepare a talk on that meeting: whose question, and who does what, is offered by
        whose turn it is. One at a time: preparing twice is preparing once.
        """
        with transaction.atomic():
            group = Group.objects.select_for_update().get(pk=meeting.group.pk)
            sparring = self.filter(group=group).under_way().first()
            if sparring is None:
                sparring = self.create(
                    group=group,
                    meeting=meeting,
                    format=format or Format.objects.usual_sparring(group),
                    created_at=at or timezone.now(),
                )
            if as_host:
                sparring.take(Part.Role.HOST, by)
            sparring.offer_what_is_free()
        return sparring

    def tidy(self, now) -> None:
        """What time does to a talk. Idempotent; each on its own, so that nothing holds it up."""
        for sparring in self.under_way().filter(meeting__ends_at__lte=now - STAYING):
            sparring.let_lie(now)
        for sparring in self.to_forget(now):
            sparring.forget()
        self.filter(told_at__lte=now - AT_MOST).exclude(outcome="").update(outcome="")
        old = self.closed().filter(closed_at__lte=now - REMEMBERED, case=None, notes=None)
        Part.objects.filter(sparring__in=old.values("pk")).delete()
        old.delete()

    def warn(self, now) -> None:
        """One mail to the focus person a week before their notes go, without a word of them."""
        going = list(self.to_warn(now).filter(notes__isnull=False))
        told = Delivery.objects.filter(
            kind="meetings.notes_going",
            subject_type=ContentType.objects.get_for_model(Sparring),
            subject_id__in=[sparring.pk for sparring in going],
        )
        told = set(told.values_list("subject_id", "version"))
        for sparring in going:
            if (sparring.pk, sparring.version) not in told:
                sparring.plan_warning(now)


class Sparring(Turns, Clock):
    """A question talked over in a format: who did what, and how long what was said is kept.

    The row outlives its question and notes, so that the turns go round. It holds no text but the
    one line the focus person may tell the group afterwards.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("being prepared")
        RUNNING = "running", _("under way")
        CLOSED = "closed", _("closed")

    class Again(models.IntegerChoices):
        NOT = 0, _("Not again")
        NEXT = 1, _("At our next meeting")
        AFTER = 2, _("At the one after")

    group = models.ForeignKey(Group, models.PROTECT, related_name="sparrings")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="sparrings")
    case = models.OneToOneField(Case, models.SET_NULL, null=True, blank=True)
    focus_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    format = models.ForeignKey(Format, models.PROTECT, null=True, blank=True, related_name="+")
    asks_again = models.PositiveSmallIntegerField(choices=Again, default=Again.NOT)
    kept_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = SparringQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group"],
                condition=~Q(state="closed"),
                name="one_talk_at_a_time",
                violation_error_message=_("Another talk is under way in the group."),
            ),
            models.CheckConstraint(
                condition=Q(state="preparing")
                | Q(focus_person__isnull=False, started_at__isnull=False),
                name="a_talk_has_a_focus_person",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | ~Q(state="closed") & Q(closed_at=None),
                name="closed_means_when",
            ),
        ]
        indexes = [models.Index(fields=["group", "-closed_at"], name="sparring_of_group")]

    def __str__(self):
        return f"sparring {self.pk}"

    def get_absolute_url(self):
        return reverse("meetings:sparring", args=[self.pk])

    # ---- verbs: the talk

    def start(self, by, at=None) -> None:
        """Whoever presses start is the host, unless somebody said that they are.

        Raises ValidationError until whose question it is has said yes.
        """
        at = at or timezone.now()
        with transaction.atomic():
            self._lock()
            if self.state != Sparring.State.PREPARING:
                return
            taken = dict(self.parts.filter(state=Part.State.TAKEN).values_list("role", "person"))
            if Part.Role.FOCUS not in taken or self.case is None:
                raise ValidationError(_("Whose question is it today? They say yes first."))
            if Part.Role.HOST not in taken:
                self.take(Part.Role.HOST, by)
            self.state, self.started_at, self.step_since = Sparring.State.RUNNING, at, at
            self.steps = [step.as_json() for step in self.script]
            self.save(update_fields=["state", "started_at", "step_since", "steps"])
            Case.objects.filter(pk=self.case_id).update(taken_at=at)

    def close(self, asks_again: int = 0, guidepost: Guidepost | None = None, at=None) -> None:
        """The talk is over. All that stays for ever is one more in a guidepost's count.

        Closing twice is closing once.
        """
        with transaction.atomic():
            self._lock()
            if self.state != Sparring.State.RUNNING:
                return
            self.state, self.closed_at = Sparring.State.CLOSED, at or timezone.now()
            self.asks_again = asks_again
            self.save(update_fields=["state", "closed_at", "asks_again"])
            self.parts.filter(state=Part.State.OFFERED).delete()
            if guidepost:
                CaseCount.objects.one_more(self.group.organisation, guidepost)

    def ask_again(self, asks_again: int) -> None:
        self.asks_again = asks_again
        self.save(update_fields=["asks_again"])

    def let_lie(self, now) -> None:
        """Nobody closed it: what ran is over, and what was only prepared never was."""
        if self.is_running:
            self.close(at=now)
        else:
            with transaction.atomic():
                self.parts.all().delete()
                self.delete()

    def tell(self, outcome: str, at=None) -> None:
        """What became of it, in one line, for the group. An empty one takes it back."""
        self.outcome, self.told_at = outcome, (at or timezone.now()) if outcome else None
        self.save(update_fields=["outcome", "told_at"])

    def keep(self, at=None) -> None:
        self.kept_at = self.kept_at or at or timezone.now()
        self.save(update_fields=["kept_at"])

    def plan_warning(self, now) -> None:
        with transaction.atomic():
            Delivery.objects.plan(
                "meetings.notes_going",
                self,
                version=self.version,
                to=[self.focus_person_id],
                due_at=now,
            )
            notifications.ring()

    def forget(self) -> None:
        """The question and the notes are deleted; that there was a talk is remembered."""
        from meetings.models.notes import Notes

        with transaction.atomic():
            self._lock()
            case, self.case, self.kept_at = self.case, None, None
            self.save(update_fields=["case", "kept_at"])
            Notes.objects.filter(sparring=self).delete()
            if case:
                case.delete()

    def _lock(self) -> None:
        self.refresh_from_db(
            from_queryset=Sparring.objects.select_for_update(of=("self",)).select_related(
                "group__organisation", "meeting", "case__by", "focus_person", "format__copied_from"
            )
        )

    # ---- questions

    @property
    def script(self) -> list[Step]:
        """One round: where a format goes round, each round is a talk of its own, since its notes
        belong to its focus person alone.
        """
        if self.format is None:
            return []
        phases = self.format.outline
        round_ = [phase for phase in phases if phase.each_round] or phases
        return script([phase.as_beat() for phase in round_], [], sum(p.minutes for p in round_))

    @property
    def is_running(self) -> bool:
        return self.state == Sparring.State.RUNNING

    @property
    def is_closed(self) -> bool:
        return self.state == Sparring.State.CLOSED

    @property
    def has_text(self) -> bool:
        return self.case_id is not None or hasattr(self, "notes")

    def question_for(self, user) -> str:
        """The question, as long as this person may read it: the group until it is to be gone,
        also where the focus person keeps it longer.
        """
        if self.case is None:
            return ""
        if self.focus_person_id == user.pk:
            return self.case.question
        gone = self.is_closed and self.gone_at <= timezone.now()
        return "" if gone or self.case.hidden_at else self.case.question

    @property
    def takes_notes(self) -> bool:
        """From the first minute until they are deleted."""
        return self.is_running or (self.is_closed and self.has_text)

    @property
    def version(self) -> str:
        """A warning dies when the day it warns of moves away."""
        return str(int(self.gone_at.timestamp()))

    @property
    def stamp(self) -> str:
        """What other devices hold against their own to know whether anything is new."""
        clock = f"{self.step} {self.step_since} {self.paused_at} {self.extra}"
        said = sorted(self.parts.values_list("role", "person", "state"))
        return sha256(
            f"{self.state} {self.case_id} {self.format_id} {clock} {said}".encode()
        ).hexdigest()[:16]
