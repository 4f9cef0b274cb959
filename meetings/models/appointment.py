from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.cancellation import Cancellation
from meetings.models.rhythm import LONGEST


class Appointment(models.Model):
    """When and where one meeting is, what moves and what cancels it. `original_start` never
    changes, `starts_at` may; people are told of the difference.

    Whatever is an appointment knows its `series` and `group`, its `status`, and how to `_lock`
    itself.
    """

    original_start = models.DateTimeField(editable=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)  # "" is the season's
    agenda_opens_at = models.DateTimeField()
    agenda_closes_at = models.DateTimeField()

    class Meta:
        abstract = True

    def _stand(self, starts_at: datetime, length: timedelta) -> None:
        # in UTC, since adding to local time forgets that the clock may change in between
        self.starts_at, self.ends_at = starts_at, starts_at.astimezone(UTC) + length
        self.agenda_opens_at = self.series.opens_before(starts_at)
        self.agenda_closes_at = self.series.closes_before(starts_at)

    # ---- verbs: the time

    def move(self, starts_at: datetime, by, place: str = "", at=None) -> None:
        """Put this one meeting elsewhere in time. Who was told is told of the difference.

        Raises ValidationError for a time that has passed, one on top of another meeting of the
        group, more than twelve months ahead, or a meeting that isn't to come any more.
        """
        at = at or timezone.now()
        with transaction.atomic():
            self.group.hold_dates()  # else two that move at once may meet on one slot
            self._lock()
            self._may_move_to(starts_at, at)
            self._stand(starts_at, self.ends_at - self.starts_at)
            self.place = place
            if self.agenda_opens_at > at:
                self.status = self.Status.PLANNED
            elif self.status == self.Status.SET and self.agenda_closes_at > at:
                has_agenda = self.series.has_agenda
                self.status = self.Status.OPEN if has_agenda else self.Status.PLANNED
            if self.takes_questions:
                self._take_agenda_apart()
            self.save()
            self.series.note_last_day()
            self.series.tell(at)

    def _take_agenda_apart(self) -> None:
        """What had its place already waits again."""
        for item in self.items.on_agenda():
            item.wait_again()

    def _may_move_to(self, starts_at: datetime, at: datetime) -> None:
        if not self.can_be_moved(at):
            raise ValidationError(_("This meeting can’t be moved any more."))
        if starts_at <= at:
            raise ValidationError(_("That time has passed."))
        if starts_at > at + LONGEST:
            raise ValidationError(_("That is more than a year ahead."))
        ends_at = starts_at + (self.ends_at - self.starts_at)
        others = type(self).objects.standing().filter(series__group=self.group).exclude(pk=self.pk)
        if others.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
            raise ValidationError(_("Another meeting of yours is at that time."))

    def cancel(self, by, reason: str = "", at=None) -> None:
        """Cancel once; whoever was told of it hears of it. Cancelling twice is cancelling once.

        Questions on it belong to the group and wait for the next meeting.
        """
        at = at or timezone.now()
        with transaction.atomic():
            self._lock()
            if self.status == self.Status.CANCELLED:
                return
            if self.status == self.Status.HELD or self.ends_at <= at:
                raise ValidationError(_("This meeting has been held."))
            if self.status == self.Status.LIVE:
                raise ValidationError(_("This meeting is under way."))
            self._take_agenda_apart()
            Cancellation.objects.create(meeting=self, by=by, reason=reason, at=at)
            self.status = self.Status.CANCELLED
            self.save(update_fields=["status"])
            self.hand_on_questions()
            self.series.note_last_day()
            self.series.tell(at)

    def stand_again(self, at=None) -> None:
        """Take back that it was skipped for a closing week. Questions stay where they went."""
        with transaction.atomic():
            self._lock()
            if Cancellation.objects.filter(meeting=self, why=Cancellation.Why.CLOSED).delete()[0]:
                self.status = self.Status.PLANNED
                self.save(update_fields=["status"])

    def hand_on_questions(self) -> None:
        """What waited for this meeting waits for the group's next."""
        self.items.waiting().update(meeting=self.next_building())

    # ---- questions

    def can_be_moved(self, now: datetime) -> bool:
        over = (self.Status.HELD, self.Status.CANCELLED, self.Status.LIVE)
        return self.status not in over and self.starts_at > now

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    def overlaps(self, other: "Appointment") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    @property
    def went_with_the_rest(self) -> bool:
        """Nobody cancelled this one: its season ended before it, or goes on otherwise."""
        return self.is_cancelled and self.cancellation.why == Cancellation.Why.REST

    @property
    def was_moved(self) -> bool:
        return self.starts_at != self.original_start

    @property
    def where(self) -> str:
        return self.place or self.series.place

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def key(self) -> str:
        return self.original_start.astimezone(UTC).isoformat(timespec="seconds")

    def as_told(self, standing: bool = True) -> list:
        """This meeting in the form the ledger keeps: start, end, place, standing, video link."""
        times = [
            moment.astimezone(UTC).isoformat(timespec="seconds")
            for moment in (self.starts_at, self.ends_at)
        ]
        return [*times, self.where, standing and not self.is_cancelled, self.series.link]
