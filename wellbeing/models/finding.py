"""What the statements came to, how serious it is, and what was solved at once."""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.models import User
from wellbeing.models.apv_event import ApvEvent
from wellbeing.models.statement import Statement

ENOUGH = 5  # people behind a finding before their number is told


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user):
        from wellbeing.models.apv import Apv

        return self.filter(theme__apv__in=Apv.objects.visible_to(user).values("pk"))

    def for_page(self):
        apv = "theme__apv"
        return self.select_related(f"{apv}__organisation", f"{apv}__unit", f"{apv}__senior_manager")

    def unassessed(self):
        standing = Assessment.objects.standing().filter(finding=OuterRef("pk"))
        return self.filter(~Exists(standing), solved_on=None)

    def unsolved(self):
        """What goes on in the next round: nothing that was done about it has helped yet."""
        from wellbeing.models.action import Action

        helped = Action.objects.filter(assessment__finding=OuterRef("pk"), helped=True)
        return self.filter(~Exists(helped), solved_on=None)

    def find(self, theme, words: str, statements=(), voices: int | None = None) -> "Finding":
        """Out of those statements, or of what was said aloud. The same words twice is one.

        `voices` is how many people know it. Fewer than five are not told: the number could point.
        """
        with transaction.atomic():
            theme.apv._lock()
            if theme.apv.phase == theme.apv.Phase.FRAME:
                raise ValidationError(_("First the frame, then what there is to say."))
            told = voices if voices and voices >= ENOUGH else None
            finding, new = self.get_or_create(
                theme=theme, words=words, defaults={"theme": theme, "voices": told}
            )
            if new:
                theme.apv.unsign()
            Statement.objects.filter(theme=theme, pk__in=statements).update(finding=finding)
        return finding


class Finding(models.Model):
    theme = models.ForeignKey("wellbeing.ApvTheme", models.PROTECT, related_name="findings")
    words = models.CharField(gettext_lazy("what we found"), max_length=300)
    voices = models.PositiveSmallIntegerField(null=True, blank=True)
    solved_how = models.CharField(gettext_lazy("how it was solved"), max_length=300, blank=True)
    solved_on = models.DateField(null=True, blank=True)
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="carried_on"
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["theme", "words"], name="one_finding_per_wording"),
            models.CheckConstraint(
                condition=Q(voices=None) | Q(voices__gte=ENOUGH),
                name="fewer_than_five_are_not_told",
            ),
            models.CheckConstraint(
                condition=Q(solved_on=None, solved_how="")
                | Q(solved_on__isnull=False) & ~Q(solved_how=""),
                name="solved_at_once_says_how",
            ),
        ]

    def __str__(self):
        return self.words

    def get_absolute_url(self):
        return reverse("wellbeing:apv_finding", args=[self.pk])

    @property
    def is_solved(self) -> bool:
        return self.solved_on is not None

    @property
    def assessment(self) -> "Assessment | None":
        """The one that stands."""
        return next((one for one in self.assessments.all() if one.reopened_at is None), None)

    def solve_at_once(self, how: str, on: date | None = None) -> None:
        """Written as such, without the rest. Raises ValidationError where a plan was made."""
        with transaction.atomic():
            self._lock()
            if self.is_solved:
                return
            if self.assessments.filter(actions__isnull=False).exists():
                raise ValidationError(_("There is an action for it already. Follow that up."))
            self.solved_how, self.solved_on = how, on or self.theme.apv.today()
            self.save(update_fields=["solved_how", "solved_on"])
            self.statements.all().delete()

    def assess(
        self, severity: str, extent: str, cause: str, by: User, at: datetime | None = None
    ) -> "Assessment":
        """One line each. What was said in the raw is deleted with it."""
        said = {"severity": severity.strip(), "extent": extent.strip(), "cause": cause.strip()}
        with transaction.atomic():
            self._lock()
            if self.is_solved:
                raise ValidationError(_("That was solved at once."))
            if not all(said.values()):
                raise ValidationError(_("Severity, extent and cause, in one line each."))
            standing = Assessment.objects.standing().filter(finding=self).first()
            if standing:
                for name, words in said.items():
                    setattr(standing, name, words)
                standing.save(update_fields=[*said])
            else:
                standing = Assessment.objects.create(
                    finding=self, by=by, at=at or timezone.now(), **said
                )
            self.statements.all().delete()
            self.theme.apv.unsign()
        return standing

    def propose(
        self, what: str, who: User, by_when: date, seen_by: str, by: User, at=None
    ) -> "models.Model":
        """An action. Raises ValidationError unless it was assessed. The same twice is one."""
        from wellbeing.models.action import Action

        with transaction.atomic():
            self._lock()
            assessment = Assessment.objects.standing().filter(finding=self).first()
            if not assessment or not self.theme.apv.sickness_absence:
                raise ValidationError(
                    _("Say how serious it is, how widespread and why, and consider sickness "
                      "absence as a whole. Then you can act.")
                )  # fmt: skip
            action, new = Action.objects.get_or_create(
                assessment=assessment,
                what=what,
                defaults={
                    "who": who,
                    "by_when": by_when,
                    "seen_by": seen_by,
                    "proposed_by": by,
                    "proposed_at": at or timezone.now(),
                },
            )
            if new:
                self.theme.apv.unsign()
        return action

    def reopen(self, by: User, at: datetime | None = None) -> None:
        """It didn't help: how serious is it now, and why? What was written before is kept."""
        at = at or timezone.now()
        standing = Assessment.objects.standing().filter(finding=self)
        if standing.update(reopened_at=at):
            apv = self.theme.apv
            if apv.phase in apv.WITH_A_PLAN:
                apv.phase = apv.Phase.ASSESS
                apv.save(update_fields=["phase"])
            apv.unsign()
            apv.tell(ApvEvent.What.REOPENED, by, at, self.words)

    def _lock(self) -> None:
        self.theme.apv._lock()
        self.refresh_from_db(fields=["solved_on", "solved_how"])


class AssessmentQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(reopened_at=None)


class Assessment(models.Model):
    """How serious, how widespread, why. A row, since no action can be there without one."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="assessments")
    severity = models.CharField(gettext_lazy("how serious is it?"), max_length=200)
    extent = models.CharField(gettext_lazy("how widespread is it?"), max_length=200)
    cause = models.CharField(gettext_lazy("what is it due to?"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(severity="") & ~Q(extent="") & ~Q(cause=""),
                name="assessed_in_severity_extent_and_cause",
            ),
            models.UniqueConstraint(
                fields=["finding"],
                condition=Q(reopened_at=None),
                name="one_standing_assessment_per_finding",
            ),
        ]
