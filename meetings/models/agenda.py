from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q
from django.db.models.functions import MD5
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings import composition
from meetings.models.meeting import Meeting
from networks.models import Group
from wellbeing.models import Guidepost

LATELY = 6  # meetings back that count as having had the table


class AgendaItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(group__in=Group.objects.open_to(user).values("pk"))

    def waiting(self):
        return self.filter(status=AgendaItem.Status.WAITING)

    def for_agenda(self, user):
        """As the agenda shows them: with numbers, never names, of who supports them."""
        return self.select_related("by", "guidepost").annotate(
            support_count=Count("support"),
            supported=Count("support", filter=Q(support__user=user)),
        )

    def on_agenda(self):
        return self.filter(status=AgendaItem.Status.SET).order_by("position")

    def in_agenda_order(self):
        """What is set first, by position; then what waits, carried over first."""
        return self.order_by("position", "carried_from", "proposed_at", "pk")

    def with_meeting(self):
        return self.select_related(
            "group__organisation", "meeting__series__group__organisation", "by"
        )

    def compose(self, meeting: Meeting) -> None:
        """Give the waiting questions of `meeting` their places; carry the rest over, once."""
        waiting = list(self.waiting().annotate(supporters=Count("support")))
        turns = self._turns_lately(meeting)
        places, left_over = composition.compose(
            [item.as_proposal(turns.get(item.by_id, 0)) for item in waiting],
            meeting.series.minutes_for_questions,
        )
        by_key = {item.pk: item for item in waiting}
        for position, place in enumerate(places, 1):
            by_key[place.key].set_at(position, place)
        following = meeting.next_building()
        for key in left_over:
            by_key[key].carry_over(meeting, following)

    def _turns_lately(self, meeting: Meeting) -> dict[int, int]:
        """How many questions each person had on the group's last meetings."""
        lately = (
            Meeting.objects.filter(series__group=meeting.group, starts_at__lt=meeting.starts_at)
            .standing()
            .order_by("-starts_at")[:LATELY]
        )
        counted = (
            AgendaItem.objects.filter(status=AgendaItem.Status.SET, meeting__in=lately.values("pk"))
            .values_list("by")
            .annotate(Count("pk"))
        )
        return dict(counted)


class AgendaItem(models.Model):
    """A question somebody wants to talk about. It belongs to the group; its meeting may be open."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("on its way to the agenda")
        SET = "set", _("on the agenda")
        RESTING = "resting", _("resting")
        PARKED = "parked", _("parked")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Why(models.TextChoices):
        CARRIED = "carried", _("Carried over from last time")
        TURN = "turn", _("Whoever asks has had the floor least of late")
        SUPPORT = "support", _("More of you want to talk about it")
        FIRST = "first", _("Asked first")

    group = models.ForeignKey(Group, models.PROTECT, related_name="items")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="items"
    )
    question = models.CharField(_("question"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="items")
    guidepost = models.ForeignKey(
        Guidepost, models.PROTECT, null=True, blank=True, related_name="items"
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=composition.USUAL,
        validators=[MinValueValidator(5), MaxValueValidator(120)],
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.CharField(max_length=10, choices=Why, blank=True)
    carried_from = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="carried_on"
    )
    proposed_at = models.DateTimeField(default=timezone.now)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "group",
                "by",
                MD5("question"),
                condition=Q(status="waiting"),
                name="the_same_question_waits_once",
                violation_error_message=_("You have asked that already."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "position"],
                condition=Q(status="set"),
                name="one_question_per_position",
            ),
            models.CheckConstraint(
                condition=Q(status="set", meeting__isnull=False, position__isnull=False)
                | ~Q(status="set"),
                name="set_means_a_place",
            ),
        ]
        indexes = [models.Index(fields=["meeting", "status", "position"], name="agenda_in_order")]

    def __str__(self):
        return self.question

    # ---- verbs

    def support_by(self, user, wanted: bool = True) -> None:
        """Say "me too", or take it back. One's own question needs no support of one's own."""
        if user.pk == self.by_id:
            return
        if wanted:
            Support.objects.get_or_create(item=self, user=user)
        else:
            Support.objects.filter(item=self, user=user).delete()

    def reword(self, question: str) -> bool:
        """Say it otherwise. False if this person asks exactly that already."""
        return self._save_unless_asked(question=question)

    def withdraw(self) -> None:
        self._wait_no_more(AgendaItem.Status.WITHDRAWN)

    def bring_back(self) -> bool:
        """Undo a withdrawal or a parking. False if this person asks exactly that already."""
        with transaction.atomic():
            if self.meeting and not self.meeting.takes_questions:
                self.meeting = self.meeting.next_building()
            self.parked_as.filter(closed_at=None).delete()
            return self._save_unless_asked(status=AgendaItem.Status.WAITING, meeting=self.meeting)

    def wait_again(self) -> None:
        """Give the place up; if the same question waits meanwhile, that one is enough."""
        place = {"position": None, "why": ""}
        if not self._save_unless_asked(status=AgendaItem.Status.WAITING, **place):
            self._wait_no_more(AgendaItem.Status.WITHDRAWN)

    def _save_unless_asked(self, **values) -> bool:
        try:
            with transaction.atomic():
                AgendaItem.objects.filter(pk=self.pk).update(**values)
        except IntegrityError:
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True

    def park(self) -> "ParkedItem":
        """It is about getting something done: out of the agenda, into the owner's hand."""
        with transaction.atomic():
            self._wait_no_more(AgendaItem.Status.PARKED)
            return ParkedItem.objects.get_or_create(
                group=self.group,
                owner=self.by,
                question=self.question,
                closed_at=None,
                defaults={"item": self, "meeting": self.meeting},
            )[0]

    def _wait_no_more(self, status) -> None:
        self.status, self.position, self.why = status, None, ""
        self.save(update_fields=["status", "position", "why"])

    def set_at(self, position: int, place: composition.Place) -> None:
        self.status, self.position = AgendaItem.Status.SET, position
        self.minutes, self.why = place.minutes, place.why
        self.save(update_fields=["status", "position", "minutes", "why"])

    def carry_over(self, meeting: Meeting, following: Meeting | None) -> None:
        """On to the next meeting, once. After that it rests until somebody asks for it again."""
        if self.carried_from_id:
            self._wait_no_more(AgendaItem.Status.RESTING)
            return
        self.carried_from, self.meeting = meeting, following
        self.save(update_fields=["carried_from", "meeting"])

    # ---- questions

    def as_proposal(self, turns: int) -> composition.Proposal:
        return composition.Proposal(
            key=self.pk,
            carried=self.carried_from_id is not None,
            turns=turns,
            support=self.supporters,
            asked_at=self.proposed_at,
            minutes=self.minutes,
        )

    @property
    def could_be_a_question(self) -> bool:
        """Worth a friendly nudge, never a block."""
        return "?" not in self.question


class Support(models.Model):
    """One "me too". Who gave it is kept so that it can be taken back, and shown to nobody."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="support")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "support"
        constraints = [
            models.UniqueConstraint(fields=["item", "user"], name="one_support_per_person"),
        ]

    def __str__(self):
        return str(self.item_id)


class ParkedItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(group__in=Group.objects.open_to(user).values("pk"))


class ParkedItem(models.Model):
    """Operations: moved out of the meeting, in its owner's hand until closed."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="parked_items")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="parked_items"
    )
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="parked_as"
    )
    question = models.CharField(max_length=500)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="parked")
    parked_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ParkedItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "group",
                "owner",
                MD5("question"),
                condition=Q(closed_at=None),
                name="parked_once",
            ),
        ]

    def __str__(self):
        return self.question

    def to_agenda(self) -> AgendaItem:
        """It was about how, after all: back as a question. Answers the item."""
        with transaction.atomic():
            question, owner, item, meeting = self.question, self.owner, self.item, self.meeting
            self.delete()
            if item and (item.bring_back() or meeting is None):
                return item
            return meeting.propose(question, by=owner)
