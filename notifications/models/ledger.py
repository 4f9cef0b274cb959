from django.conf import settings
from django.db import models
from django.db.models import Q


class CalendarEntryQuerySet(models.QuerySet):
    def open(self, uid: str, people) -> None:
        """An empty entry for each of these people (keys) who has none."""
        self.bulk_create(
            [CalendarEntry(uid=uid, person_id=person) for person in people], ignore_conflicts=True
        )


class CalendarEntry(models.Model):
    """What one person was last told about one calendar entry (UID).

    `told` maps each original start (ISO 8601, UTC) to `[starts_at, ends_at, place, standing]`,
    as it stood in the last message that was sent. `sequence` counts those messages and is never
    lowered (RFC 5545 section 3.8.7.4, per attendee as RFC 5546 section 2.1.4 has it).
    """

    uid = models.CharField(max_length=200)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=dict)

    objects = CalendarEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "calendar entries"
        constraints = [
            models.UniqueConstraint(fields=["uid", "person"], name="one_entry_per_uid_and_person"),
            models.CheckConstraint(
                condition=Q(sequence__gt=0) | Q(told={}), name="told_means_a_sequence"
            ),
        ]

    def __str__(self):
        return f"{self.uid} #{self.sequence}"

    def tell(self, standing: dict) -> None:
        """Remember what the message that is going out says."""
        self.told = standing
        self.sequence += 1
        self.save(update_fields=["told", "sequence"])
