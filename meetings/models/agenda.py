from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q
from django.db.models.functions import MD5
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings import composition
from meetings.models.meeting import Meeting
from meetings.models.series import Series
from networks.models import Group
from wellbeing.models import DialogueQuestion, Guidepost, Theme


class ChangedMeanwhile(Exception):
    """What one was looking at says something else by now."""


class AgendaItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(group__in=Group.objects.open_to(user).values("pk"))

    def waiting(self):
        return self.filter(status=AgendaItem.Status.WAITING)

    def shown(self):
        """Whatever may be read by those who may see the agenda."""
        return self.exclude(status=AgendaItem.Status.HIDDEN)

    def resting_of(self, user):
        """One's own that had no time twice, and of which one hasn't said yet whether they live."""
        rest = self.filter(status=AgendaItem.Status.RESTING, by=user, let_rest=False)
        return rest.select_related("group").order_by("proposed_at", "pk")

    def for_agenda(self, user):
        """As the agenda shows them: with numbers, never names, of who supports them."""
        return self.select_related("by", "guidepost", "suggestion", "apv").annotate(
            support_count=Count("support"),
            supported=Count("support", filter=Q(support__user=user)),
        )

    def around(self, meeting: Meeting, user):
        """What a meeting's page shows: its questions, what stands on each agenda of the season,
        and this person's own ones that rest.
        """
        own = Q(by=user, group=meeting.group, status=AgendaItem.Status.RESTING)
        standing = Q(season=meeting.series_id, status=AgendaItem.Status.STANDING)
        return self.filter(Q(meeting=meeting) | own | standing)

    def on_agenda(self):
        return self.filter(status=AgendaItem.Status.SET).order_by("position")

    def standing(self):
        return self.filter(status=AgendaItem.Status.STANDING).order_by("proposed_at", "pk")

    def in_agenda_order(self):
        """What is set first, by position; then what waits, carried over first."""
        return self.order_by("position", "carried_from", "proposed_at", "pk")

    def with_meeting(self):
        return self.select_related(
            "group__organisation",
            "group__senior_manager",
            "meeting__series__group__organisation",
            "meeting__series__group__senior_manager",
            "meeting__host",
            "by",
            "suggestion",
        )


class AgendaItem(models.Model):
    """A question somebody wants to talk about. It belongs to the group; its meeting may be open."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("on its way to the agenda")
        SET = "set", _("on the agenda")
        RESTING = "resting", _("resting")
        PARKED = "parked", _("parked")
        WITHDRAWN = "withdrawn", _("withdrawn")
        HIDDEN = "hidden", _("hidden")
        STANDING = "standing", _("on each agenda of the season")

    class Why(models.TextChoices):
        STANDING = "standing", _("A standing item of the season")
        CARRIED = "carried", _("Carried over from last time")
        TURN = "turn", _("Whoever asks has had the floor least of late")
        SUPPORT = "support", _("More of you want to talk about it")
        FIRST = "first", _("Asked first")
        FOLLOW_UP = "follow_up", _("The APV is followed up on every third meeting")
        BANK = "bank", _("Nobody had a question this time, so the bank lends one")

    AGAIN = [Why.STANDING, Why.BANK]  # which composing puts there by itself
    NOBODYS = [*AGAIN, Why.FOLLOW_UP]  # places that nobody asked for just then

    group = models.ForeignKey(Group, models.PROTECT, related_name="items")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="items"
    )
    question = models.CharField(_("question"), max_length=500)
    # Nobody's only where the bank lent it by itself.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="items"
    )
    from_bank = models.ForeignKey(
        DialogueQuestion, models.PROTECT, null=True, blank=True, related_name="items"
    )
    season = models.ForeignKey(  # of a standing item
        Series, models.PROTECT, null=True, blank=True, related_name="standing_items"
    )
    guidepost = models.ForeignKey(
        Guidepost, models.PROTECT, null=True, blank=True, related_name="items"
    )
    theme = models.CharField(max_length=20, choices=Theme, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=composition.USUAL,
        validators=[MinValueValidator(5), MaxValueValidator(120)],
    )
    wanted = models.PositiveSmallIntegerField(  # minutes, where the asker said how many
        null=True, blank=True, validators=[MinValueValidator(5), MaxValueValidator(120)]
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.CharField(max_length=10, choices=Why, blank=True)
    carried_from = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="carried_on"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    let_rest = models.BooleanField(default=False)  # its asker's answer to "still alive?"

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
                # Checked at commit, so that two questions may swap places.
                deferrable=models.Deferrable.DEFERRED,
                name="one_question_per_position",
            ),
            models.CheckConstraint(
                condition=Q(status="set", meeting__isnull=False, position__isnull=False)
                | ~Q(status="set") & Q(position=None),
                name="set_means_a_place",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(from_bank__isnull=False),
                name="somebody_asks_or_the_bank_lends",
            ),
            models.CheckConstraint(
                condition=Q(season__isnull=False) | ~Q(status="standing"),
                name="standing_in_a_season",
            ),
            models.UniqueConstraint(
                "season",
                MD5("question"),
                condition=Q(status="standing"),
                name="one_standing_item_per_wording",
            ),
        ]
        indexes = [
            models.Index(fields=["meeting", "status", "position"], name="agenda_in_order"),
            models.Index(fields=["group", "guidepost"], name="guidepost_talked_about"),
            GinIndex(SearchVector("question", config="danish"), name="asked_words"),
        ]

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

    def reword(self, question: str, seen: str | None = None, minutes: int | None = None) -> bool:
        """Say it otherwise. False if this person asks exactly that already.

        `seen` is what stood there when the person began: raises ChangedMeanwhile if that is gone.
        """
        values = {"question": question}
        if minutes:
            values |= {"wanted": minutes, "minutes": minutes}
        with transaction.atomic():
            stands = AgendaItem.objects.select_for_update().values_list("question", flat=True)
            now = stands.get(pk=self.pk)
            if seen is not None and now != seen and now != question:
                raise ChangedMeanwhile(now)
            return self._save_unless_asked(**values)

    def touch_on(self, guidepost: Guidepost | None = None, theme: str = "") -> None:
        """What it is about, for whoever wants to say. The guidepost brings its theme."""
        self.guidepost, self.theme = guidepost, guidepost.theme if guidepost else theme
        self.save(update_fields=["guidepost", "theme"])

    def withdraw(self) -> None:
        self._wait_no_more(AgendaItem.Status.WITHDRAWN)

    def bring_back(self) -> bool:
        """Undo a withdrawal or a parking, or wake what rests. False if this person asks exactly
        that already.
        """
        with transaction.atomic():
            if self.meeting and not self.meeting.takes_questions:
                self.meeting = self.meeting.next_building()
            self.parked_as.filter(closed_at=None).delete()
            return self._save_unless_asked(
                status=AgendaItem.Status.WAITING, meeting=self.meeting, let_rest=False
            )

    def answer_alive(self, alive: bool) -> bool:
        """Its asker says whether it still lives. Woken it may be carried over once more."""
        if self.status != AgendaItem.Status.RESTING:
            return True
        if not alive:
            self.let_rest = True
            self.save(update_fields=["let_rest"])
            return True
        with transaction.atomic():
            AgendaItem.objects.filter(pk=self.pk).update(carried_from=None)
            self.carried_from = None
            return self.bring_back()

    def wait_again(self) -> None:
        """Give the place up; if the same question waits meanwhile, that one is enough."""
        if self.why in self.AGAIN:  # composing again puts it there again
            self._wait_no_more(AgendaItem.Status.WITHDRAWN)
            return
        place = {"position": None, "why": "", "minutes": self.wanted or composition.USUAL}
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

    def park(self, by=None):
        """It is about getting something done: out of the agenda, into the owner's hand."""
        with transaction.atomic():
            if by and self.meeting and by.pk != self.by_id:
                self.meeting.building.trace(by, "parked", self)
            self._wait_no_more(AgendaItem.Status.PARKED)
            return self.group.parked_items.get_or_create(
                owner=self.by,
                question=self.question,
                closed_at=None,
                defaults={"item": self, "meeting": self.meeting, "group": self.group},
            )[0]

    def suggest_parking(self, by, at=None) -> bool:
        """The senior manager's quiet word to the owner alone, once. False if it was said before."""
        from meetings.models.parked import ParkingSuggestion

        return ParkingSuggestion.objects.get_or_create(
            item=self, defaults={"by": by, "at": at or timezone.now()}
        )[1]

    def hide(self, by, at=None) -> None:
        """It names somebody: out of everybody's sight at once. That it was there stays visible."""
        with transaction.atomic():
            if self.status == AgendaItem.Status.HIDDEN:
                return
            self.status, self.position = AgendaItem.Status.HIDDEN, None
            self.save(update_fields=["status", "position"])
            if self.meeting:
                self.meeting.building.trace(by, "hidden", self, at=at)

    def show_again(self, question: str, at=None) -> bool:
        """Its asker says it in other words. False if this person asks exactly that already."""
        with transaction.atomic():
            if self.meeting:
                self.meeting._lock()
            values = {"question": question, "status": AgendaItem.Status.WAITING}
            meeting = self.meeting
            if self.why and self.meeting and self.meeting.has_its_agenda:  # it had its place there
                last = self.meeting.items.aggregate(last=models.Max("position"))["last"] or 0
                values |= {"status": AgendaItem.Status.SET, "position": last + 1}
            elif self.meeting and not self.meeting.takes_questions:
                values |= {"meeting": self.meeting.next_building(), "why": ""}
            if not self._save_unless_asked(**values):
                return False
            if meeting:
                meeting.building.trace(self.by, "shown", self, at=at)
        return True

    def _wait_no_more(self, status) -> None:
        self.status, self.position, self.why = status, None, ""
        self.save(update_fields=["status", "position", "why"])

    def copied_to(self, meeting: Meeting) -> "AgendaItem":
        """A standing item, as it takes part in one meeting."""
        return AgendaItem.objects.create(
            group=self.group,
            meeting=meeting,
            question=self.question,
            by=self.by,
            guidepost=self.guidepost,
            theme=self.theme,
            status=AgendaItem.Status.WITHDRAWN,  # until it has its place
        )

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
        if self.status == AgendaItem.Status.SET:  # there was no time for it after all
            self.wait_again()

    # ---- questions

    def as_proposal(self, turns: int = 0, ago: int = composition.LATELY + 1):
        return composition.Proposal(
            key=self.pk,
            carried=self.carried_from_id is not None,
            turns=turns,
            support=self.supporters,
            asked_at=self.proposed_at,
            minutes=self.wanted,
            asker=self.by_id,
            ago=ago,
        )

    @property
    def asker(self) -> str:
        """A name for the page."""
        return str(self.by) if self.by else str(_("From the bank"))

    @property
    def could_be_a_question(self) -> bool:
        """Worth a friendly nudge, never a block."""
        return "?" not in self.question

    def is_in_doubt_for(self, user) -> bool:
        """The senior manager has wondered about it, and its asker hasn't answered."""
        suggestion = getattr(self, "suggestion", None)
        return self.by_id == user.pk and suggestion is not None and not suggestion.declined_at

    def may_be_hidden_by(self, user) -> bool:
        return self.by_id == user.pk or bool(self.meeting and self.meeting.is_led_by(user))

    def may_be_parked_by(self, user) -> bool:
        """Its owner, or whoever leads the meeting. Nobody parks what the bank lent."""
        return self.by_id is not None and self.may_be_hidden_by(user)


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
