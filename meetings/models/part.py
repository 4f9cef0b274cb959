from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PartQuerySet(models.QuerySet):
    def standing(self):
        return self.exclude(state=Part.State.PASSED)

    def passed(self):
        return self.filter(state=Part.State.PASSED)


class Part(models.Model):
    """What somebody is asked to be in a talk, and whether they said yes."""

    class Role(models.TextChoices):
        FOCUS = "focus", _("focus person")
        HOST = "host", _("host")
        TIMEKEEPER = "timekeeper", _("timekeeper")
        INTERVIEWER = "interviewer", _("interviewer")

    class State(models.TextChoices):
        OFFERED = "offered", _("asked")
        TAKEN = "taken", _("said yes")
        PASSED = "passed", _("not today")

    sparring = models.ForeignKey("meetings.Sparring", models.PROTECT, related_name="parts")
    role = models.CharField(max_length=12, choices=Role)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sparring", "role", "person"], name="one_answer_per_part"
            ),
            models.UniqueConstraint(
                fields=["sparring", "role"],
                condition=~Q(state="passed"),
                name="one_person_per_part",
            ),
        ]

    def __str__(self):
        return f"{self.role} of {self.sparring_id}: {self.person_id} {self.state}"
