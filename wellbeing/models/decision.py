"""What was decided, why, and on the strength of which guideposts. It comes back to whoever decided
it, to say what became of it.
"""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.models import Organisation, Unit, User
from wellbeing.models.apv_theme import months_after
from wellbeing.models.guidepost import Guidepost
from wellbeing.models.presentation import Presentation

LOOK_AGAIN = 3  # months after it was decided, unless they choose another day
FRESH = timedelta(days=14)  # for so long its words can be put right


def look_again(organisation: Organisation, on: date) -> date:
    """The day it comes back: three months later, or on the last working day before."""
    later = months_after(on, LOOK_AGAIN)
    return organisation.working_day_before(later + timedelta(days=1))


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody where it was decided, as the guideposts it stands on."""
        return self.filter(organisation=user.organisation_id or 0)

    def standing(self):
        return self.filter(withdrawn_on=None)

    def newest_first(self):
        return self.order_by("-decided_on", "-pk").select_related("unit", "organisation")

    def for_page(self):
        beside = "organisation", "unit__head", "decided_by", "presentation", "programme"
        return self.select_related(*beside)

    def due(self, today: date):
        """Whose day has come to say what became of it."""
        return self.standing().filter(follow_up_on__lte=today)

    def to_follow_up(self, user: User, today: date):
        """What comes back to this person: to the secretariat everything, to who heads the place
        what somebody decided who has left.
        """
        here = self.visible_to(user).due(today)
        if user.is_secretariat:
            return here
        after_them = Q(decided_by__left_at__isnull=False, unit__head=user)
        return here.filter(Q(decided_by=user) | after_them)

    def decide(
        self,
        by: User,
        what: str,
        why: str = "",
        *,
        guideposts=(),
        presentation: Presentation | None = None,
        unit: Unit | None = None,
        decided_on: date | None = None,
        follow_up_on: date | None = None,
        decided_by: User | None = None,
        at: datetime | None = None,
    ) -> "Decision":
        """The same words for the same place on the same day are one. `by` writes it down,
        `decided_by` decided it.
        """
        at = at or timezone.now()
        on = decided_on or by.organisation.local_date(at)
        new = {
            "presentation": presentation,
            "why": why,
            "decided_by": decided_by or by,
            "follow_up_on": follow_up_on or look_again(by.organisation, on),
            "written_at": at,
        }
        with transaction.atomic():
            decision, is_new = self.get_or_create(
                organisation=by.organisation,
                unit=unit,
                what=what,
                decided_on=on,
                withdrawn_on=None,
                defaults=new,
            )
            if is_new:
                decision.guideposts.set(guideposts)
                decision.tell(DecisionEvent.What.DECIDED, by, at)
        return decision


class Decision(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="decisions")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="decisions")
    presentation = models.ForeignKey(
        Presentation, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    guideposts = models.ManyToManyField(Guidepost, related_name="decisions", blank=True)
    what = models.CharField(gettext_lazy("what was decided"), max_length=300)
    why = models.CharField(gettext_lazy("why"), max_length=500, blank=True)
    decided_on = models.DateField(gettext_lazy("decided on"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions"
    )
    written_at = models.DateTimeField()
    follow_up_on = models.DateField(  # none: it was followed up, and that was that
        gettext_lazy("looked at again on"), null=True, blank=True
    )
    followed_up_on = models.DateField(null=True, blank=True)
    followed_up = models.CharField(gettext_lazy("what became of it"), max_length=500, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(gettext_lazy("why"), max_length=300, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "unit", "what", "decided_on"],
                condition=Q(withdrawn_on=None),
                nulls_distinct=False,
                name="decided_once_on_a_day",
                violation_error_message=gettext_lazy("That was decided on that day already."),
            ),
            models.CheckConstraint(
                condition=Q(follow_up_on=None) | Q(follow_up_on__gt=F("decided_on")),
                name="a_decision_is_looked_at_again_later",
                violation_error_message=gettext_lazy("Choose a day after it was decided."),
            ),
            models.CheckConstraint(
                condition=Q(followed_up_on=None, followed_up="")
                | Q(followed_up_on__isnull=False) & ~Q(followed_up=""),
                name="followed_up_says_what_became_of_it",
            ),
            models.CheckConstraint(
                condition=Q(follow_up_on__isnull=False) | Q(followed_up_on__isnull=False),
                name="a_decision_comes_back_until_it_did",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_why="")
                | Q(withdrawn_on__isnull=False) & ~Q(withdrawn_why=""),
                name="withdrawn_says_why",
                violation_error_message=gettext_lazy("Say why: everybody reads it."),
            ),
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("wellbeing:decision", args=[self.pk])

    @property
    def owner(self) -> Unit | Organisation:
        return self.unit or self.organisation

    @property
    def is_standing(self) -> bool:
        return self.withdrawn_on is None

    def may_be_changed_by(self, user: User) -> bool:
        """Who decided it, who heads that place by now, and the secretariat."""
        if self.organisation_id != user.organisation_id:
            return False
        heads = self.unit and self.unit.head_id == user.pk
        return user.is_secretariat or user.pk == self.decided_by_id or bool(heads)

    def is_due(self, today: date) -> bool:
        return self.is_standing and self.follow_up_on is not None and self.follow_up_on <= today

    def is_fresh(self, at: datetime | None = None) -> bool:
        return self.is_standing and (at or timezone.now()) < self.written_at + FRESH

    # ---- what happens to it

    def correct(self, by: User, *, what: str, why: str, guideposts, at=None) -> None:
        """While it is fresh. What stood there before is kept with who changed it and when."""
        at = at or timezone.now()
        with transaction.atomic():
            self._lock()
            if not self.is_fresh(at):
                raise ValidationError(_("It has stood for two weeks. Withdraw it, or decide anew."))
            before = [old for old, new in ((self.what, what), (self.why, why)) if old != new]
            moved = {one.pk for one in guideposts} != set(
                self.guideposts.values_list("pk", flat=True)
            )
            if not before and not moved:
                return
            self.what, self.why = what, why
            self.validate_constraints()
            self.save(update_fields=["what", "why"])
            self.guideposts.set(guideposts)
            self.tell(DecisionEvent.What.CORRECTED, by, at, " – ".join(filter(None, before)))

    def follow_up(self, words: str, by: User, again_on: date | None = None, at=None) -> None:
        """What became of it; perhaps it is looked at again. The same words twice are once."""
        at = at or timezone.now()
        today = self.organisation.local_date(at)
        with transaction.atomic():
            self._lock()
            if not self.is_standing:
                raise ValidationError(_("It was withdrawn."))
            if not words.strip():
                raise ValidationError(_("Say in a line what became of it."))
            if again_on and again_on <= today:
                raise ValidationError(_("Choose a day that is still to come."))
            if self.followed_up == words.strip() and self.follow_up_on == again_on:
                return
            self.followed_up, self.followed_up_on = words.strip(), today
            self.follow_up_on = again_on
            self.save(update_fields=["followed_up", "followed_up_on", "follow_up_on"])
            self.tell(DecisionEvent.What.FOLLOWED_UP, by, at, self.followed_up)

    def withdraw(self, why: str, by: User, at: datetime | None = None) -> None:
        """It stands no more, and says why. All that stands on it stays, and says so. Twice is
        once.
        """
        at = at or timezone.now()
        with transaction.atomic():
            self._lock()
            if not self.is_standing:
                return
            if not why.strip():
                raise ValidationError(_("Say why: everybody reads it."))
            self.withdrawn_why = why.strip()
            self.withdrawn_on = self.organisation.local_date(at)
            self.save(update_fields=["withdrawn_on", "withdrawn_why"])
            self.tell(DecisionEvent.What.WITHDRAWN, by, at, self.withdrawn_why)

    def tell(self, what: str, by: User, at: datetime, words: str = "") -> None:
        self.events.create(what=what, by=by, at=at, words=words)

    def _lock(self) -> None:
        """Hold the row, as it stands now."""
        rows = Decision.objects.select_related("organisation")
        self.refresh_from_db(from_queryset=rows.select_for_update(no_key=True, of=("self",)))


class DecisionEvent(models.Model):
    """The history of a decision: a line is added, none is ever changed."""

    class What(models.TextChoices):
        DECIDED = "decided", gettext_lazy("written down")
        CORRECTED = "corrected", gettext_lazy("put right; before that:")
        FOLLOWED_UP = "followed_up", gettext_lazy("followed up:")
        WITHDRAWN = "withdrawn", gettext_lazy("withdrawn:")

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="events")
    what = models.CharField(max_length=12, choices=What)
    words = models.CharField(max_length=820, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_what_display()} {self.words}".strip()
