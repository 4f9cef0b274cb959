from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import notifications
from networks.models import Group
from notifications.models import Delivery

A_DAY = timedelta(days=1)


class TenMinutesQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(group__in=Group.objects.open_to(user).values("pk"))

    def fresh(self, now):
        """Not taken back, not talked, not older than a day."""
        return self.filter(ended_at=None, asked_at__gt=now - A_DAY)

    def shown_to(self, user, now):
        """What somebody asks of their groups; once one person calls, it is between the two."""
        between = Q(caller=None) | Q(caller=user) | Q(asker=user)
        return (
            self.visible_to(user)
            .fresh(now)
            .filter(between)
            .select_related("asker", "caller")
            .order_by("asked_at", "pk")
        )

    def with_people(self):
        return self.select_related("group__organisation", "asker", "caller")

    def ask(self, group: Group, by, at=None) -> "TenMinutes":
        """Ask the group once: each of the others gets one mail. Asking twice is asking once.

        Raises ValidationError where there is no number to call.
        """
        at = at or timezone.now()
        if not by.phone:
            raise ValidationError(_("Which number should they call?"))
        with transaction.atomic():
            Group.objects.select_for_update().get(pk=group.pk)  # two taps wait for each other
            mine = self.filter(group=group, asker=by)
            mine.filter(ended_at=None, asked_at__lte=at - A_DAY).update(ended_at=at)
            if waiting := mine.filter(ended_at=None, caller=None).first():
                return waiting
            asked = self.create(group=group, asker=by, asked_at=at)
            others = group.memberships.standing().exclude(user=by).exclude(affirmed_at=None)
            Delivery.objects.plan(
                "meetings.ten_minutes",
                asked,
                version="0",
                to=others.values_list("user_id", flat=True),
                due_at=at,
            )
            notifications.ring()
        return asked

    def forget(self, now) -> None:
        """Gone after a day, whatever came of it."""
        self.filter(asked_at__lte=now - A_DAY).delete()


class TenMinutes(models.Model):
    """Somebody asks their group for ten minutes on the telephone. Without a word of what about."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="ten_minutes")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)  # taken back, or they have talked

    objects = TenMinutesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ten minutes"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "asker"],
                condition=Q(ended_at=None, caller=None),
                name="asks_once_at_a_time",
                violation_error_message=_("You have asked already."),
            ),
            models.CheckConstraint(
                condition=Q(caller=None) | ~Q(caller=F("asker")), name="nobody_calls_themselves"
            ),
        ]

    def __str__(self):
        return f"{self.asker_id} asks {self.group_id}"

    @property
    def gone_at(self):
        return self.asked_at + A_DAY

    @property
    def number(self) -> str:
        """As a telephone dials it."""
        return "".join(sign for sign in self.asker.phone if sign in "+0123456789")

    def is_open(self, now) -> bool:
        return self.caller_id is None and self.ended_at is None and self.asked_at > now - A_DAY

    def call(self, by, at=None) -> bool:
        """The first who says "I'll call" does. False for whoever comes second, or too late."""
        with transaction.atomic():
            self.refresh_from_db(from_queryset=TenMinutes.objects.select_for_update())
            if self.is_open(at or timezone.now()):
                self.caller = by
                self.save(update_fields=["caller"])
        return self.caller_id == by.pk

    def end(self, at=None) -> None:
        if self.ended_at is None:
            self.ended_at = at or timezone.now()
            self.save(update_fields=["ended_at"])
