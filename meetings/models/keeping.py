"""How long a question and the notes to it are kept, and what time does to a talk."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import DateTimeField, F, OuterRef, Q, Subquery
from django.db.models.functions import Least
from django.utils import timezone

import notifications
from meetings.models.meeting import STAYING, Meeting
from meetings.models.part import Part
from notifications.models import Delivery

AFTER_NEXT = timedelta(days=7)  # after the group's next meeting a question and its notes are gone,
AT_MOST = timedelta(days=90)  # and at most so long after the talk
WARNED = timedelta(days=7)
REMEMBERED = timedelta(days=3 * 365)  # whose turn it was


class KeptQuerySet(models.QuerySet):
    def with_gone_at(self):
        """When the question and its notes are deleted unless the focus person keeps them.

        It follows the group's next meeting, wherever that is moved.
        """
        following = (
            Meeting.objects.standing()
            .filter(series__group=OuterRef("group"), starts_at__gt=OuterRef("closed_at"))
            .exclude(pk=OuterRef("meeting"))
            .order_by("starts_at", "pk")
        )
        return self.annotate(
            gone_at=Least(
                Subquery(following.values(gone=F("ends_at") + AFTER_NEXT)[:1]),
                F("closed_at") + AT_MOST,
                output_field=DateTimeField(),
            )
        )

    def with_text(self):
        """Of which something that was said or written is still there."""
        return self.filter(Q(case__isnull=False) | Q(notes__isnull=False))

    def to_warn(self, now):
        """Whose words go within a week. Nothing is said of what is kept."""
        return (
            self.closed()
            .with_text()
            .with_gone_at()
            .filter(kept_at=None, gone_at__gt=now, gone_at__lte=now + WARNED)
        )

    def to_forget(self, now):
        gone = Q(kept_at=None, gone_at__lte=now) | Q(focus_person__left_at__isnull=False)
        return self.closed().with_text().with_gone_at().filter(gone)

    def tidy(self, now) -> None:
        """What time does to a talk. Idempotent; each on its own, so that nothing holds it up."""
        for sparring in self.under_way().filter(meeting__ends_at__lte=now - STAYING):
            sparring.let_lie(now)
        for sparring in self.to_forget(now):
            sparring.forget()
        self.filter(told_at__lte=now - AT_MOST).exclude(outcome="").update(outcome="")
        old = self.closed().filter(closed_at__lte=now - REMEMBERED, case=None, notes=None)
        Part.objects.filter(sparring__in=old.values("pk")).delete()
        old.delete()

    def warn(self, now) -> None:
        """One mail to the focus person a week before their notes go, without a word of them."""
        going = list(self.to_warn(now).filter(notes__isnull=False))
        told = Delivery.objects.filter(
            kind="meetings.notes_going",
            subject_type=ContentType.objects.get_for_model(self.model),
            subject_id__in=[sparring.pk for sparring in going],
        )
        told = set(told.values_list("subject_id", "version"))
        for sparring in going:
            if (sparring.pk, sparring.version) not in told:
                sparring.plan_warning(now)


class Kept(models.Model):
    """What was said stays until a week after the group's next meeting, unless its focus person
    keeps it. Whatever is kept knows its `case`, its `focus_person`, when it was closed and when
    it is gone.
    """

    kept_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def let_lie(self, now) -> None:
        """Nobody closed it: what ran is over, and what was only prepared never was."""
        if self.is_running:
            self.close(at=now)
        else:
            with transaction.atomic():
                self.parts.all().delete()
                self.delete()

    def keep(self, at=None) -> None:
        self.kept_at = self.kept_at or at or timezone.now()
        self.save(update_fields=["kept_at"])

    def plan_warning(self, now) -> None:
        with transaction.atomic():
            Delivery.objects.plan(
                "meetings.notes_going",
                self,
                version=self.version,
                to=[self.focus_person_id],
                due_at=now,
            )
            notifications.ring()

    def forget(self) -> None:
        """The question and the notes are deleted; that there was a talk is remembered."""
        from meetings.models.notes import Notes

        with transaction.atomic():
            self._lock()
            case, self.case, self.kept_at = self.case, None, None
            self.save(update_fields=["case", "kept_at"])
            Notes.objects.filter(sparring=self).delete()
            if case:
                case.delete()

    # ---- questions

    @property
    def has_text(self) -> bool:
        return self.case_id is not None or hasattr(self, "notes")

    @property
    def version(self) -> str:
        """A warning dies when the day it warns of moves away."""
        return str(int(self.gone_at.timestamp()))
