from datetime import date, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import notifications
from networks.models.membership import Membership
from notifications.models import Delivery

BEFORE = timedelta(days=7)  # a reminder that the group begins again
LONGEST = timedelta(days=366)


class PauseQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at=None)

    def end_those_over(self, now) -> None:
        """The group runs again by itself on the day that was agreed."""
        for pause in self.standing().filter(until__lte=now.date()).select_related("group"):
            pause.end(at=now)

    def remind(self, now) -> None:
        """Who holds the rope is told a week before, once."""
        soon = self.standing().filter(until__lte=(now + BEFORE).date(), reminded_at=None)
        for pause in soon.select_related("group__organisation"):
            pause.remind(now)


class Pause(models.Model):
    """A group that rests: why, and on which day it begins again."""

    group = models.ForeignKey("networks.Group", models.PROTECT, related_name="pauses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("why"), max_length=200)
    until = models.DateField(_("begins again"))
    paused_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(ended_at=None), name="one_pause_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.group_id} until {self.until}"

    # ---- verbs

    @classmethod
    def begin(cls, group, by, reason: str, until: date, at=None) -> "Pause | None":
        """Let a running group rest. Done twice it is done once; None where it doesn't run."""
        at = at or timezone.now()
        with transaction.atomic():
            held, _members = group.held()
            if standing := held.pauses.standing().first():
                return standing
            if not held.is_running:
                return None
            group.status = held.status = held.Status.PAUSED
            held.save(update_fields=["status"])
            held.concerns.standing().of_the_group().close(at)
            return cls.objects.create(group=held, by=by, reason=reason, until=until, paused_at=at)

    def end(self, at=None) -> None:
        """The group runs again. Ending twice is ending once."""
        at = at or timezone.now()
        with transaction.atomic():
            group, _members = self.group.held()
            if not Pause.objects.standing().filter(pk=self.pk).update(ended_at=at):
                return
            self.ended_at = at
            group.start()
            group.tend(at)

    def remind(self, at) -> None:
        tending = Membership.objects.standing().tending().filter(group=self.group_id)
        with transaction.atomic():
            self.reminded_at = at
            self.save(update_fields=["reminded_at"])
            Delivery.objects.plan(
                "meetings.begins_again",
                self,
                version=self.until.isoformat(),
                to=tending.values_list("user_id", flat=True),
                due_at=self.group.organisation.mail_hour(at),
            )
            notifications.ring()
