from django.db import models
from django.db.models import Q
from django.urls import reverse

from meetings.models.agenda import AgendaItem
from networks.models import Group
from wellbeing.models import Apv, ApvTheme


class ApvItemQuerySet(models.QuerySet):
    def follow_ups(self):
        return self.filter(theme=None)

    def just_held(self):
        """Themes that were on the agenda of a meeting which is over by now."""
        item = {"item__status": AgendaItem.Status.SET, "item__meeting__status": "held"}
        return self.filter(covered=False, theme__isnull=False, **item)


class ApvItem(models.Model):
    """What puts a question on an agenda for the sake of an APV: one of its themes, or following up.

    `covered`: the theme's clock has been set by it.
    """

    item = models.OneToOneField(AgendaItem, models.PROTECT, primary_key=True, related_name="apv")
    apv = models.ForeignKey(Apv, models.PROTECT, related_name="items")
    group = models.ForeignKey(Group, models.PROTECT, related_name="+")
    theme = models.ForeignKey(ApvTheme, models.PROTECT, null=True, blank=True, related_name="items")
    covered = models.BooleanField(default=False)

    objects = ApvItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(theme__isnull=False) | Q(covered=False),
                name="only_themes_are_covered",
            ),
        ]

    def get_absolute_url(self):
        """The theme, or what is followed up."""
        if self.theme_id:
            return reverse("wellbeing:apv_theme", args=[self.theme_id])
        return reverse("wellbeing:apv_plan", args=[self.apv_id])
