from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.doorbell import ring
from notifications.models.delivery import Delivery

FIRST_HOUR, LAST_HOUR = 7, 16  # of the digest
USUAL_HOUR = 9  # after the agendas of the day have opened


class PreferenceQuerySet(models.QuerySet):
    def of(self, person) -> "Preference":
        """What this person chose about mails they can do without; unsaved where they didn't."""
        chosen = self.filter(person=person, message_class=kinds.CHOSEN).first()
        return chosen or Preference(person=person)

    def keeping_back(self, person: int, message_class: str) -> "Preference | None":
        """What keeps such messages to this person back. It is held, so that whoever chooses
        otherwise at this moment waits, and then finds what was kept back.
        """
        return (
            self.filter(person=person, message_class=message_class)
            .exclude(when=Preference.When.AT_ONCE)
            .select_for_update()
            .first()
        )

    def choose(self, person, when: str, hour: int | None = None) -> None:
        """Takes effect at once on what is planned already.

        What waits for the digest is looked at again. What was kept back is due again, and goes
        out if it is still true.
        """
        with transaction.atomic():
            preference, _new = self.select_for_update().get_or_create(
                person=person, message_class=kinds.CHOSEN
            )
            chosen = (when, preference.hour if hour is None else hour)
            if chosen == (preference.when, preference.hour):
                return
            preference.when, preference.hour = chosen
            preference.save(update_fields=["when", "hour"])
            preference._let_go(timezone.now())
            ring()


class Preference(models.Model):
    """How one person wants the messages of one class: without a row, at once."""

    class When(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DIGEST = "digest", _("Once a day, in one mail")
        OFF = "off", _("Never")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="preferences")
    message_class = models.CharField(max_length=20, default=kinds.CHOSEN)
    when = models.CharField(max_length=10, choices=When, default=When.AT_ONCE)
    hour = models.PositiveSmallIntegerField(default=USUAL_HOUR)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "message_class"], name="one_preference_per_person_and_class"
            ),
            models.CheckConstraint(
                condition=Q(hour__gte=FIRST_HOUR, hour__lte=LAST_HOUR),
                name="digest_within_working_hours",
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.message_class}: {self.when}"

    @property
    def is_off(self) -> bool:
        return self.when == Preference.When.OFF

    def _let_go(self, now) -> None:
        mine = Delivery.objects.filter(
            recipient=self.person_id, kind__in=kinds.of_class(self.message_class)
        )
        mine.filter(state=Delivery.State.DUE, held_until__isnull=False).update(
            due_at=now, held_until=None
        )
        if not self.is_off:
            mine.filter(state=Delivery.State.SKIPPED, skip_reason=Delivery.UNWANTED).update(
                state=Delivery.State.DUE,
                due_at=now,
                held_until=None,
                skip_reason="",
                attempts=0,
            )
