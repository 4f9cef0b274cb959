from django.conf import settings
from django.db import models
from django.utils import timezone

from meetings.models.series import Series


class Renewal(models.Model):
    """One person's yes, for this season, to "process and dialogue, not operations"."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="renewals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "by"], name="one_renewal_per_person_and_season"
            ),
        ]

    def __str__(self):
        return f"{self.by_id} for {self.series_id}"
