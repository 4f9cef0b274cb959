from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from meetings.models.invitation import Invitation
from meetings.models.meeting import Meeting


class AnswerQuerySet(models.QuerySet):
    def counting(self):
        """Answers to the time that stands, of people who are still invited."""
        invited = Invitation.objects.standing().filter(
            series=OuterRef("meeting__series"), user=OuterRef("user")
        )
        return self.filter(Exists(invited), starts_at=F("meeting__starts_at"))

    def staying_away(self):
        return self.counting().filter(coming=False)


class Answer(models.Model):
    """Whether somebody comes to a meeting. It holds for the time they answered to: a meeting that
    is moved asks anew.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="answers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    coming = models.BooleanField()
    starts_at = models.DateTimeField()  # when the meeting was to start as they answered
    at = models.DateTimeField(default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"], name="one_answer_per_person_and_meeting"
            ),
        ]

    def __str__(self):
        return f"{self.user_id} to {self.meeting_id}: {self.coming}"
