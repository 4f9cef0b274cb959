from django.conf import settings
from django.db import models
from django.db.models import F, Q


class CalendarEntryQuerySet(models.QuerySet):
    def open(self, uid: str, people) -> None:
        """An empty entry for each of these people (keys) who has none."""
        self.bulk_create(
            [CalendarEntry(uid=uid, person_id=person) for person in people], ignore_conflicts=True
        )


class CalendarEntry(models.Model):
    """What one person was last told about one calendar entry (UID).

    `told` maps each original start (ISO 8601, UTC) to `[starts_at, ends_at, place, standing, link]`
    as it stood in the last message that was sent. `sequence` is the SEQUENCE of the newest message,
    reserved before it is sent and never lowered (RFC 5545 section 3.8.7.4; per attendee as RFC 5546
    section 2.1.4 has it); `told_sequence` is that of the newest message known to have been sent.
    """

    uid = models.CharField(max_length=200)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField(default=0)
    told_sequence = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=dict)

    objects = CalendarEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "calendar entries"
        constraints = [
            models.UniqueConstraint(fields=["uid", "person"], name="one_entry_per_uid_and_person"),
            models.CheckConstraint(
                condition=Q(told_sequence__gt=0) | Q(told={}), name="told_means_a_sequence"
            ),
            models.CheckConstraint(
                condition=Q(sequence__gte=F("told_sequence")), name="sequence_never_lowered"
            ),
        ]

    def __str__(self):
        return f"{self.uid} #{self.sequence}"

    def reserve(self) -> None:
        """Take the next SEQUENCE; commit it before sending what bears it."""
        CalendarEntry.objects.filter(pk=self.pk).update(sequence=F("sequence") + 1)
        self.refresh_from_db(fields=["sequence"])

    def tell(self, standing: dict) -> None:
        """Remember what the message that is going out under `sequence` says."""
        self.told, self.told_sequence = standing, self.sequence
        self.save(update_fields=["told", "told_sequence"])

    @property
    def was_told(self) -> bool:
        return self.told_sequence > 0
