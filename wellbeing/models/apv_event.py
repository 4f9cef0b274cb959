from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApvEvent(models.Model):
    """The history of an APV: a line is added, none is ever changed."""

    class What(models.TextChoices):
        BEGUN = "begun", _("begun")
        WENT = "went", _("went on to")
        RELEASED = "released", _("the leaders released the statements")
        PAUSED = "paused", _("paused")
        CHANGED = "changed", _("goes on in another form")
        RESUMED = "resumed", _("taken up again")
        REOPENED = "reopened", _("didn’t help enough, assessed anew")
        SIGNED = "signed", _("signed")

    apv = models.ForeignKey("wellbeing.Apv", models.PROTECT, related_name="events")
    what = models.CharField(max_length=10, choices=What)
    words = models.CharField(max_length=520, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        # “went on to map”, “paused: new offices”
        between = " " if self.what == self.What.WENT else ": "
        return between.join(filter(None, [str(self.get_what_display()), self.said]))

    @property
    def said(self) -> str:
        from wellbeing.models.apv import Apv

        return Apv.Phase(self.words).label.lower() if self.what == self.What.WENT else self.words
