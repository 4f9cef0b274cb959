from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Attendance(models.Model):
    """Who comes to a meeting. Whatever is attended knows its `group`, `starts_at` and `host`, and
    how to `_lock` itself.
    """

    class Meta:
        abstract = True

    # ---- verbs: who comes

    def answer(self, user, coming: bool, to: datetime | None = None, at=None) -> None:
        """Say that one comes, or doesn't. The last word counts.

        `to` is the time the person was shown. Raises ValidationError if the meeting has been moved
        since, or isn't to come any more.
        """
        from meetings.models.answer import Answer

        at = at or timezone.now()
        with transaction.atomic():
            self._lock()
            if self.is_cancelled:
                raise ValidationError(_("This meeting is cancelled, so you need not answer."))
            if not self.takes_answers(at):
                raise ValidationError(_("This meeting has been held."))
            if to and to != self.starts_at:
                raise ValidationError(_("The meeting has been moved. Does the new time suit you?"))
            Answer.objects.bulk_create(
                [Answer(meeting=self, user=user, coming=coming, starts_at=self.starts_at, at=at)],
                update_conflicts=True,
                unique_fields=["meeting", "user"],
                update_fields=["coming", "starts_at", "at"],
            )
            if not coming and user.pk == self.host_id:
                self.hosting.offer()

    def takes_answers(self, now: datetime) -> bool:
        over = self.status in (self.Status.HELD, self.Status.CANCELLED)
        return not over and self.ends_at > now

    def who_comes(self) -> models.QuerySet:
        """Everybody who takes part, `coming` being their answer: True, False or None."""
        from meetings.models.answer import Answer

        theirs = Answer.objects.filter(
            meeting=self, starts_at=self.starts_at, user=OuterRef("pk")
        ).values("coming")
        people = self.group.participants().annotate(coming=Subquery(theirs))
        return people.order_by("sort_name", "pk")
