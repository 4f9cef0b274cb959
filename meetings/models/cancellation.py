from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Cancellation(models.Model):
    """Who called a meeting off, when and why. One row: nobody can cancel twice."""

    class Why(models.TextChoices):
        ALONE = "alone", _("cancelled by itself")
        REST = "rest", _("gone with the rest of its season")
        CLOSED = "closed", _("skipped for a closing week that came later")

    meeting = models.OneToOneField("meetings.Meeting", models.PROTECT, related_name="cancellation")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why, default=Why.ALONE)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.meeting_id}: {self.reason}"
