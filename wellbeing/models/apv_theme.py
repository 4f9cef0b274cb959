"""What an APV has to cover, each within three years of the last time."""

from calendar import monthrange
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.models import Unit
from wellbeing.models.guidepost import Guidepost

MOST_MONTHS = 36  # all conditions are mapped at least every third year (domain.md section 2.1)


class Heading(models.TextChoices):
    """The psychosocial headings that the law and the case name (domain.md section 2.3)."""

    WORKLOAD = "workload", gettext_lazy("Large workload and time pressure")
    DEMANDS = "demands", gettext_lazy("Unclear and conflicting demands")
    EMOTION = "emotion", gettext_lazy("High emotional demands in work with people")
    OFFENCE = "offence", gettext_lazy("Offensive acts, bullying and sexual harassment")
    VIOLENCE = "violence", gettext_lazy("Work-related violence, also outside working hours")
    SUPPORT = "support", gettext_lazy("Support from managers and fellow leaders")
    INFLUENCE = "influence", gettext_lazy("Influence on one’s own work")
    ROLE = "role", gettext_lazy("Instruction and a good start in the leader role")
    CHANGE = "change", gettext_lazy("Changes and reorganisations")


def months_after(day: date, months: int) -> date:
    """That many months on; where the month is too short its last day, so never later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class ApvThemeQuerySet(models.QuerySet):
    def visible_to(self, user):
        from wellbeing.models.apv import Apv

        return self.filter(apv__in=Apv.objects.visible_to(user).values("pk"))

    def for_page(self):
        return self.select_related("apv__organisation", "apv__unit", "apv__senior_manager")

    def in_order(self):
        """Guideposts and own words first, then the headings, each as they were written."""
        return self.order_by("heading", "pk").select_related("guidepost")


class ApvTheme(models.Model):
    apv = models.ForeignKey("wellbeing.Apv", models.PROTECT, related_name="themes")
    guidepost = models.ForeignKey(
        Guidepost, models.PROTECT, null=True, blank=True, related_name="apv_themes"
    )
    heading = models.CharField(max_length=20, choices=Heading, blank=True)
    words = models.CharField(gettext_lazy("theme"), max_length=120, blank=True)
    every_months = models.PositiveSmallIntegerField(
        gettext_lazy("covered every so many months"), default=MOST_MONTHS
    )
    last_covered_on = models.DateField(null=True, blank=True)
    covered_where = models.CharField(gettext_lazy("where"), max_length=160, blank=True)

    objects = ApvThemeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every_months__gte=1, every_months__lte=MOST_MONTHS),
                name="covered_within_three_years",
                violation_error_message=gettext_lazy("Between one and 36 months."),
            ),
            models.CheckConstraint(
                condition=Q(guidepost__isnull=False, heading="", words="")
                | Q(guidepost=None) & ~Q(heading="") & Q(words="")
                | Q(guidepost=None, heading="") & ~Q(words=""),
                name="a_theme_is_a_guidepost_a_heading_or_words",
            ),
            models.UniqueConstraint(
                fields=["apv", "heading"],
                condition=~Q(heading=""),
                name="one_apv_theme_per_heading",
            ),
            models.UniqueConstraint(
                fields=["apv", "guidepost"], name="one_apv_theme_per_guidepost"
            ),
        ]

    def __str__(self):
        if self.guidepost_id:
            return self.guidepost.wording
        return str(self.get_heading_display()) if self.heading else self.words

    def get_absolute_url(self):
        return reverse("wellbeing:apv_theme", args=[self.pk])

    @property
    def needs_another_way(self) -> bool:
        """What is hardly ever said in a room: where else one can go stands first."""
        return self.heading in (Heading.OFFENCE, Heading.VIOLENCE)

    def next_due(self) -> date | None:
        """None: not covered yet, so now."""
        return self.last_covered_on and months_after(self.last_covered_on, self.every_months)

    def share_of_time(self, today: date) -> float:
        """How much of the time until it is due again has gone: 0 just covered, 1 due."""
        if not self.last_covered_on:
            return 1
        whole = (self.next_due() - self.last_covered_on).days
        return max(0, min(1, (today - self.last_covered_on).days / whole))

    def is_due(self, today: date) -> bool:
        return not self.last_covered_on or self.next_due() <= today

    def cover_every(self, months: int) -> None:
        """More often than the law asks, where the leaders want it so. Raises ValidationError."""
        with transaction.atomic():
            self.apv._lock()
            self.every_months = months
            self.clean_fields(exclude=["apv", "guidepost", "heading", "words", "covered_where"])
            self.validate_constraints()
            self.save(update_fields=["every_months"])

    def cover_elsewhere(self, on: date, where: str) -> None:
        """Somebody says so. Raises ValidationError once it is signed."""
        with transaction.atomic():
            self.apv._lock()
            self.cover(on, where)

    def cover(self, on: date, where: str) -> None:
        """It was talked about, for the next round where that has begun. An earlier day than the
        last one known changes nothing.
        """
        same = {"heading": self.heading, "guidepost": self.guidepost_id, "words": self.words}
        heir = ApvTheme.objects.filter(apv__earlier=self.apv_id, **same).first()
        if heir:
            heir.cover(on, where)
            return
        before = Q(last_covered_on=None) | Q(last_covered_on__lte=on)
        mine = ApvTheme.objects.filter(before, pk=self.pk)
        if mine.update(last_covered_on=on, covered_where=where[:160]):
            self.last_covered_on, self.covered_where = on, where[:160]

    def take_out(self) -> None:
        """Raises ValidationError for what the law names, and where something was written."""
        with transaction.atomic():
            self.apv._lock()
            if self.heading:
                raise ValidationError(_("That one has to be covered."))
            if self.statements.exists() or self.findings.exists() or self.last_covered_on:
                raise ValidationError(_("Something was said about it, so it stays."))
            self.delete()

    def go_on_in(self, later) -> "ApvTheme":
        """In the next round, with what was found here and isn't solved."""
        theme = later.themes.create(
            guidepost=self.guidepost,
            heading=self.heading,
            words=self.words,
            every_months=self.every_months,
            last_covered_on=self.last_covered_on,
            covered_where=self.covered_where,
        )
        for finding in self.findings.unsolved():
            theme.findings.create(words=finding.words, voices=finding.voices, carried_from=finding)
        return theme

    def may_be_heard_by(self, user) -> bool:
        """Raw statements: the leaders and the working group; the senior manager when released."""
        apv = self.apv
        above = user.pk in (apv.senior_manager_id, apv.unit.head_id)
        if above:
            return apv.released_at is not None
        if user.is_secretariat:
            return apv.is_seated(user)
        return (
            apv.is_seated(user) or Unit.objects.above(user.unit_id).filter(pk=apv.unit_id).exists()
        )
