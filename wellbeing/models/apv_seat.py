from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy


class Seat(models.Model):
    """Somebody in the working group of one APV. The AMO's are appointed to this one only."""

    class Role(models.TextChoices):
        LEADER = "leader", gettext_lazy("leader")
        AMO = "amo", gettext_lazy("AMO representative")

    apv = models.ForeignKey("wellbeing.Apv", models.PROTECT, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="apv_seats")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        ordering = ["-role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["apv", "person"], name="one_seat_per_person_and_apv"),
        ]
