from contextlib import contextmanager
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config import live
from meetings.models.answer import Answer
from meetings.models.case import Case, CaseCount
from meetings.models.clock import Clock
from meetings.models.format import Format
from meetings.models.keeping import Kept, KeptQuerySet
from meetings.models.meeting import Meeting
from meetings.models.part import Part
from meetings.models.turns import Turns
from meetings.script import Step, script
from networks.models import Group, Membership
from wellbeing.models import Guidepost

KIND = "talk"  # what config.live calls it


class SparringQuerySet(KeptQuerySet):
    def visible_to(self, user):
        return self.filter(group__in=Group.objects.open_to(user).values("pk"))

    def of_focus_person(self, user):
        """What is one's own, also after one has left the group."""
        return self.filter(focus_person=user)

    def under_way(self):
        return self.exclude(state=Sparring.State.CLOSED)

    def closed(self):
        return self.filter(state=Sparring.State.CLOSED)

    def for_page(self):
        return self.with_gone_at().select_related(
            "group__organisation", "meeting", "case", "focus_person", "format__copied_from"
        )

    def for_leading(self, user):
        """With whether this person leads the talk, as its host, because they tend the group or have
        the chair in the room; and with how many are there, as far as we know.
        """
        from meetings.models.room import Room

        chairs = Room.objects.open().filter(meeting=OuterRef("meeting"), chair=user)
        hosts = Part.objects.filter(
            sparring=OuterRef("pk"), role=Part.Role.HOST, person=user, state=Part.State.TAKEN
        )
        standing = Membership.objects.standing().filter(group=OuterRef("group"))
        away = Answer.objects.staying_away().filter(meeting=OuterRef(OuterRef("meeting")))
        there = standing.exclude(user__in=away.values("user"))
        people = there.order_by().values("group").values(number=Count("pk"))
        return self.annotate(
            leads=Exists(hosts) | Exists(standing.tending().filter(user=user)) | Exists(chairs),
            people_count=Subquery(people),
        )

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
        self,
        meeting: Meeting,
        by,
        as_host: bool = False,
        format: Format | None = None,
        at=None,
        room=None,
    ) -> "Sparring":
        """Begin to prepare a talk on that meeting: whose question, and who does what, is offered by
        whose turn it is. One at a time: preparing twice is preparing once.
        """
        from meetings.models.room import Room

        with transaction.atomic():
            room = room or Room.objects.hold(meeting.pk)  # first, as everywhere
            group = Group.objects.select_for_update().get(pk=meeting.group.pk)
            sparring = self.filter(group=group).under_way().first()
            if sparring is None:
                sparring = self.create(
                    group=group,
                    meeting=meeting,
                    format=format or Format.objects.usual_sparring(group),
                    created_at=at or timezone.now(),
                )
            sparring.room = room if sparring.meeting_id == meeting.pk else None
            if as_host:
                sparring.take(Part.Role.HOST, by)
            sparring.offer_what_is_free()
        return sparring


class Sparring(Turns, Clock, Kept):
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
    # Which talk of its meeting's live room it is, and so goes by the room's clock; 0 is by its own.
    in_room = models.PositiveSmallIntegerField(default=0, editable=False)
    changes = models.PositiveIntegerField(default=1, editable=False)  # the version of its board
    outcome = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    room = None  # of its meeting, while it is open and held

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
        with self._changing():
            if self.state != Sparring.State.PREPARING:
                return
            taken = dict(self.parts.filter(state=Part.State.TAKEN).values_list("role", "person"))
            if Part.Role.FOCUS not in taken or self.case is None:
                raise ValidationError(_("Whose question is it today? They say yes first."))
            if Part.Role.HOST not in taken:
                self.take(Part.Role.HOST, by)
            self.state, self.started_at, self.step_since = Sparring.State.RUNNING, at, at
            if self.room and self.room.has_talks:
                self.in_room = self._number_in_room()
            else:
                self.steps = [step.as_json() for step in self.script]
            self.save(update_fields=["state", "started_at", "step_since", "steps", "in_room"])
            Case.objects.filter(pk=self.case_id).update(taken_at=at)

    def close(self, asks_again: int = 0, guidepost: Guidepost | None = None, at=None) -> None:
        """The talk is over. All that stays for ever is one more in a guidepost's count.

        Closing twice is closing once.
        """
        with self._changing():
            if self.state != Sparring.State.RUNNING:
                return
            self.state, self.closed_at = Sparring.State.CLOSED, at or timezone.now()
            self.asks_again = asks_again
            self.save(update_fields=["state", "closed_at", "asks_again"])
            self.parts.filter(state=Part.State.OFFERED).delete()
            if guidepost:
                CaseCount.objects.one_more(self.group.organisation, guidepost)

    def _number_in_room(self) -> int:
        if not self.room.talk_number:
            raise ValidationError(
                _("The meeting is under way. The talk begins when it comes to it.")
            )
        return self.room.talk_number

    def go_on_in(self, room) -> None:
        """From here on by the clock of the meeting."""
        with self._changing():
            if self.is_running and not self.in_room:
                self.in_room, self.steps, self.step, self.paused_at = 1, [], 0, None
                self.save(update_fields=["in_room", "steps", "step", "paused_at"])

    def ask_again(self, asks_again: int) -> None:
        self.asks_again = asks_again
        self.save(update_fields=["asks_again"])

    def tell(self, outcome: str, at=None) -> None:
        """What became of it, in one line, for the group. An empty one takes it back."""
        self.outcome, self.told_at = outcome, (at or timezone.now()) if outcome else None
        self.save(update_fields=["outcome", "told_at"])

    @contextmanager
    def _changing(self):
        """Hold the talk, change it, and show it to everybody who follows, here or in the room."""
        with transaction.atomic():
            self._lock()
            before = self.stamp
            yield
            if self.stamp != before:
                self.changes += 1
                self.save(update_fields=["changes"])
                live.publish(KIND, self.pk, self.as_board())
                if self.room:
                    self.room.hear_of_talk(self)

    def _lock(self) -> None:
        """Hold this row, and before it the room of its meeting if that is open: always in this
        order, so that nobody waits for one who waits for them.
        """
        from meetings.models.room import Room

        if not (self.room and self.room._held):
            self.room = Room.objects.hold(self.meeting_id)
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
    def is_ready(self) -> bool:
        """Whose question it is has said yes."""
        said = self.parts.filter(role=Part.Role.FOCUS, state=Part.State.TAKEN)
        return self.state == Sparring.State.PREPARING and bool(self.case_id) and said.exists()

    @property
    def runs_in_room(self) -> bool:
        return self.is_running and self.in_room > 0

    @property
    def goes_by_room(self) -> bool:
        """Its meeting is under way, and will come to it."""
        from meetings.models.room import Room

        if self.meeting.status != Meeting.Status.LIVE:
            return False
        room = Room.objects.open().for_page().filter(meeting=self.meeting_id).first()
        return room is not None and room.has_talks

    def as_board(self) -> live.Board:
        """What other devices follow: figures only, for who has said yes to the five lines."""
        members = self.group.memberships.standing().exclude(affirmed_at=None)
        people = frozenset(map(str, members.order_by().values_list("user_id", flat=True)))
        return live.Board(self.changes, {"state": self.state}, people)

    @classmethod
    def load_board(cls, key: str) -> live.Board | None:
        found = cls.objects.select_related("group").filter(pk=key).first()
        return found and found.as_board()

    @property
    def is_running(self) -> bool:
        return self.state == Sparring.State.RUNNING

    @property
    def is_closed(self) -> bool:
        return self.state == Sparring.State.CLOSED

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
    def stamp(self) -> str:
        """What other devices hold against their own to know whether anything is new."""
        clock = f"{self.step} {self.step_since} {self.paused_at} {self.extra}"
        said = sorted(self.parts.values_list("role", "person", "state"))
        return sha256(
            f"{self.state} {self.case_id} {self.format_id} {clock} {self.in_room} {said}".encode()
        ).hexdigest()[:16]
