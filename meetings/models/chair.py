from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config import live
from networks.models import User

KIND = "room"  # what config.live calls a room
ASLEEP = timedelta(seconds=live.ASLEEP)


class Chair(models.Model):
    """Who leads a room, and who may. Whatever has a chair knows its `meeting`, and how to be
    changed by it (`_changing`, `_led`).
    """

    chair = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)  # when the chair last did something

    class Meta:
        abstract = True

    # ---- verbs: the chair

    def hand_over(self, by: User, to: User, at: datetime | None = None) -> None:
        """Give the chair to somebody who is in the meeting, never to the senior manager."""
        with self._led(by, None, at) as now:
            if not self._may_chair(to):
                raise ValidationError(_("The chair goes to one of the participants."))
            self.chair, self.seen_at = to, now

    def take_chair(self, by: User, confirmed: bool = False, at: datetime | None = None) -> bool:
        """Take over from a chair that fell asleep; from one that is awake only `confirmed`.

        False if it is awake and that wasn't said.
        """
        with self._changing(at) as now:
            self._still_open()
            if not self._may_chair(by):
                raise PermissionDenied
            if by.pk == self.chair_id:
                return True
            if not confirmed and not self.chair_sleeps(now):
                return False
            self.chair, self.seen_at = by, now
        return True

    def chair_sleeps(self, now: datetime) -> bool:
        """No sign of life from the chair's device for two minutes, or the chair has left."""
        if not self.insiders().filter(pk=self.chair_id).exists():
            return True
        if now - self.seen_at < ASLEEP:
            return False
        return live.leads(KIND, self.pk) != str(self.chair_id)

    def _may_chair(self, person: User) -> bool:
        if person.pk == self.meeting.group.senior_manager_id:
            return False
        return self.insiders().filter(pk=person.pk).exists()

    def _only_for_the_chair(self, by: User) -> None:
        if by.pk != self.chair_id:
            raise PermissionDenied

    # ---- questions

    def insiders(self) -> models.QuerySet:
        """Who may see what the room shows: in a network group who has said yes to the lines."""
        group = self.meeting.group
        if group.is_team:
            return group.participants()
        affirmed = group.memberships.standing().exclude(affirmed_at=None)
        return group.participants().filter(pk__in=affirmed.values("user"))
