"""What is to be done: what, who, by when, and how one sees that it helps."""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.models import User
from wellbeing.models.apv_seat import Seat
from wellbeing.models.finding import Assessment

APV = "assessment__finding__theme__apv"
FOLLOWED = ["running", "signed"]


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        from wellbeing.models.apv import Apv

        return self.filter(**{f"{APV}__in": Apv.objects.visible_to(user).values("pk")})

    def of(self, apv):
        return self.filter(**{APV: apv})

    def for_page(self):
        return self.select_related(
            f"{APV}__organisation", f"{APV}__unit", f"{APV}__senior_manager", "who"
        )

    def unanswered(self):
        return self.filter(answer="")

    def waiting_for(self, senior_manager: User):
        """What the leaders ask of that senior manager: yes, no or not now."""
        running = {f"{APV}__senior_manager": senior_manager, f"{APV}__state": "running"}
        return self.unanswered().filter(**running).order_by("proposed_at", "pk")

    def asks_whether_it_helped(self, user: User):
        """What is done, of whoever carries the APV; the longest first."""
        seated = Exists(Seat.objects.filter(apv=OuterRef(APV), person=user))
        done = self.filter(done_on__isnull=False, helped=None, **{f"{APV}__state__in": FOLLOWED})
        return done.filter(seated).order_by("done_on", "pk")

    def under_way(self):
        return self.filter(answer=Action.Answer.YES, done_on=None)


class Action(models.Model):
    class Answer(models.TextChoices):
        YES = "yes", gettext_lazy("yes")
        NO = "no", gettext_lazy("no")
        NOT_NOW = "not_now", gettext_lazy("not now")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="actions")
    what = models.CharField(gettext_lazy("what"), max_length=300)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="apv_actions")
    by_when = models.DateField(gettext_lazy("by when"))
    seen_by = models.CharField(gettext_lazy("how we see that it helps"), max_length=200)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answer_why = models.CharField(gettext_lazy("why"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    helped = models.BooleanField(null=True, blank=True)
    effect = models.CharField(gettext_lazy("what came of it"), max_length=300, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["by_when", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "what"], name="one_action_per_wording"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | ~Q(answer="") & Q(answered_at__isnull=False),
                name="answered_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["", "yes"]) | ~Q(answer_why=""),
                name="no_and_not_now_say_why",
                violation_error_message=gettext_lazy("Say why: everybody reads it."),
            ),
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(answer="yes"), name="done_after_a_yes"
            ),
            models.CheckConstraint(
                condition=Q(helped=None) | Q(done_on__isnull=False), name="helped_once_it_is_done"
            ),
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("wellbeing:apv_action", args=[self.pk])

    @property
    def apv(self):
        return self.assessment.finding.theme.apv

    def reply(self, answer: str, why: str, by: User, at: datetime | None = None) -> None:
        """The senior manager's, for all to read. It may be changed until it is done."""
        with transaction.atomic():
            self.apv._lock()
            if by.pk != self.apv.senior_manager_id:
                raise PermissionDenied
            self.refresh_from_db(fields=["done_on"])
            if self.done_on:
                raise ValidationError(_("It is done already."))
            if answer != Action.Answer.YES and not why.strip():
                raise ValidationError(_("Say why: everybody reads it."))
            self.answer, self.answer_why = answer, why.strip()
            self.answered_at = at or timezone.now()
            self.save(update_fields=["answer", "answer_why", "answered_at"])
            self.apv.unsign()

    def finish(self, on: date | None = None) -> None:
        """Carried out; whether it helped is asked next. Twice is once. Also once it is signed."""
        with transaction.atomic():
            self._follow_up()
            if self.answer != Action.Answer.YES:
                raise ValidationError(_("The senior manager answers it first."))
            if not self.done_on:
                self.done_on = on or self.apv.today()
                self.save(update_fields=["done_on"])

    def see(self, helped: bool, effect: str, by: User, at: datetime | None = None) -> None:
        """Did it help? If not, the finding is assessed anew, here or in the next round."""
        with transaction.atomic():
            self._follow_up()
            if not self.done_on:
                raise ValidationError(_("It isn’t done yet."))
            if self.helped is not None:
                return
            self.helped, self.effect = helped, effect.strip()
            self.save(update_fields=["helped", "effect"])
            if not helped and not self.apv.is_locked:
                self.assessment.finding.reopen(by, at)

    def _follow_up(self) -> None:
        self.apv._lock(running=False)
        if not self.apv.is_locked:
            self.apv.must_run()
        self.refresh_from_db(fields=["answer", "done_on", "helped"])
