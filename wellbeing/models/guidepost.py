from datetime import date

from django.db import models
from django.db.models import Count, F, Value, Window
from django.db.models.functions import Mod, RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from networks.models import Organisation, Unit


class Theme(models.TextChoices):
    """The six dialogue themes (domain.md section 1.5)."""

    INFLUENCE = "influence", _("Influence")
    SAFETY = "safety", _("Safety and trust")
    REFLECTION = "reflection", _("Room to think")
    SUPPORT = "support", _("Support")
    CROSS_PRESSURE = "cross_pressure", _("Cross-pressure and clarity")
    GROWTH = "growth", _("Growth and courage")


class GuidepostQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(organisation=user.organisation_id)

    def standing(self):
        return self.filter(retired_on=None)

    def in_order(self):
        return self.order_by("unit__name", "pk").select_related("unit")

    def of_the_fortnight(self, today: date) -> "Guidepost | None":
        """One at a time, each for 14 days, in turn. An organisation may have hundreds."""
        in_turn = self.annotate(
            turn=Window(RowNumber(), order_by="pk"), all=Window(Count("pk"))
        ).filter(turn=Mod(Value(today.toordinal() // 14), F("all")) + 1)
        return in_turn.first()


class Guidepost(models.Model):
    """A shared value in the leaders' own words."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="guideposts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="guideposts")
    wording = models.CharField(max_length=200)
    how_we_see_it = models.CharField(max_length=300, blank=True)
    theme = models.CharField(max_length=20, choices=Theme)
    worded_on = models.DateField(default=timezone.localdate)
    retired_on = models.DateField(null=True, blank=True)

    objects = GuidepostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "unit", "wording"],
                condition=models.Q(retired_on=None),
                name="one_standing_guidepost_per_wording",
            ),
        ]

    def __str__(self):
        return self.wording
