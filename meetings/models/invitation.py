from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

import notifications
from meetings.models.series import Series
from notifications.models import CalendarEntry, Delivery

STANDING = 3  # place in the ledger's [starts_at, ends_at, place, standing, link]
PATIENCE = timedelta(minutes=5)  # after the last edit, so that three edits make one mail


class InvitationQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at=None)

    def in_step(self, series, at, tell_at=None) -> None:
        """One standing invitation for everybody who stands in the group, none for others."""
        for one in series:
            people = set(one.group.participants().values_list("pk", flat=True))
            invited = dict(self.filter(series=one).values_list("user_id", "ended_at"))
            if new := people - invited.keys():
                self._invite(one, new, at, tell_at or at)
            back = [user for user in people if invited.get(user)]
            gone = [user for user in invited.keys() - people if not invited[user]]
            self._turn(one, back, ended_at=None, due_at=at)
            self._turn(one, gone, ended_at=at, due_at=at)

    def _turn(self, series: Series, people: list[int], *, ended_at, due_at) -> None:
        """Who leaves loses what is to come, who comes back is told of it again."""
        if people:
            turned = self.filter(series=series, user__in=people)
            turned.update(ended_at=ended_at)
            turned.plan_mail("meetings.changed", due_at=due_at, push=True)

    def _invite(self, series: Series, people: set[int], at, tell_at) -> None:
        CalendarEntry.objects.open(series.uid, people)
        entries = CalendarEntry.objects.filter(uid=series.uid, person__in=people)
        self.bulk_create(
            [
                Invitation(series=series, user_id=entry.person_id, entry=entry, created_at=at)
                for entry in entries
            ],
            ignore_conflicts=True,
        )
        invitations = self.filter(series=series, user__in=people).select_related("entry")
        if series.in_calendar_already:
            for invitation in invitations:  # whoever keeps that calendar has told them
                invitation.entry.reserve()
                invitation.entry.tell(invitation.as_it_stands(at))
        else:
            invitations.plan_mail("meetings.invited", due_at=tell_at)

    def plan_mail(self, kind: str, *, due_at, push: bool = False) -> None:
        """One message to each of these people, about what differs from what they were told.

        With `push`, whoever has one waiting gets no other, it waits until `due_at`.
        """
        version = due_at.isoformat() if push else "0"
        rows = [(key, user, version) for key, user in self.values_list("pk", "user_id")]
        Delivery.objects.plan_each(kind, Invitation, rows, due_at=due_at, push=push)
        notifications.ring()


class Invitation(models.Model):
    """That a person is invited to a season, and through the ledger what they were told of it."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="invitations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations")
    entry = models.OneToOneField(CalendarEntry, models.PROTECT, related_name="invitation")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "user"], name="one_invitation_per_person_and_season"
            ),
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(ended_at=None), name="invitation_standing")
        ]

    def __str__(self):
        return f"{self.user_id} to {self.series}"

    def as_it_stands(self, now) -> dict[str, list]:
        """What stands for this person, in the form the ledger keeps.

        What is past stays as it was told, and who came in later never had it. Who has left has
        nothing more to come.
        """
        told, stands = self.entry.told, {}
        for meeting in self._in_order():
            was = told.get(meeting.key)
            is_now = meeting.as_told(standing=not self.ended_at)
            if meeting.starts_at <= now and (was is None or start_of(was) <= now):
                is_now = was
            if was and not was[STANDING] and not is_now[STANDING]:
                is_now = was
            if was or (is_now and is_now[STANDING]):
                stands[meeting.key] = is_now
        return stands

    def difference(self, now) -> list:
        """`(meeting, told)` for each meeting that stands otherwise than it was told."""
        stands, told = self.as_it_stands(now), self.entry.told
        return [
            (meeting, told.get(meeting.key))
            for meeting in self._in_order()
            if stands.get(meeting.key) != told.get(meeting.key)
        ]

    def goes_on_with(self, difference: list) -> bool:
        """All that differs has gone because another season takes over, of which there is a mail."""
        successor = getattr(self.series, "successor", None)
        if not difference or self.ended_at or not successor or successor.in_calendar_already:
            return False
        return all(meeting.went_with_the_rest for meeting, _told in difference)

    def coming(self, now) -> list:
        """The meetings of this season that stand and are still to come."""
        return [one for one in self._in_order() if one.ends_at > now and not one.is_cancelled]

    def _in_order(self) -> list:
        # Not a query of its own: what a mail says and what the ledger keeps are read once.
        return sorted(self.series.meetings.all(), key=lambda meeting: meeting.starts_at)


def start_of(told: list) -> datetime:
    """When a meeting starts, as the ledger keeps it."""
    return datetime.fromisoformat(told[0])
