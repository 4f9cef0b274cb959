"""One day of a cohort, and what each leader with a seat was told of it.

Each day is a calendar entry (UID) of its own. The days of a cohort follow no rhythm, so one entry
for all of them would need a list of single dates (RDATE), which Outlook drops, or "every day but
these", which it says so to the reader; and a calendar takes one entry a mail.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import notifications
from notifications.models import CalendarEntry, Delivery
from wellbeing.models.guidepost import Guidepost

DAY = "day"  # the one key in what the ledger keeps of such an entry
START, PLACE, STANDING = 0, 2, 3  # places in its [starts_at, ends_at, place, standing, link]
PATIENCE = timedelta(minutes=5)  # after the last edit, so that three edits make one mail
LONGEST = timedelta(hours=16)
KEPT = timedelta(days=365)  # of what was somebody's in a coach education, once it is done


class CourseDayQuerySet(models.QuerySet):
    def visible_to(self, user):
        from wellbeing.models.cohort import Cohort

        return self.filter(cohort__in=Cohort.objects.visible_to(user).values("pk"))

    def for_page(self):
        decision = "cohort__programme__decision"
        return self.select_related("guidepost", f"{decision}__organisation", f"{decision}__unit")

    def standing(self):
        return self.filter(cancelled_at=None)

    def ahead(self, now):
        return self.filter(starts_at__gt=now)

    def in_order(self):
        return self.order_by("starts_at", "pk")


class CourseDay(models.Model):
    cohort = models.ForeignKey("wellbeing.Cohort", models.PROTECT, related_name="days")
    starts_at = models.DateTimeField(gettext_lazy("begins"))
    ends_at = models.DateTimeField(gettext_lazy("ends"))
    place = models.CharField(gettext_lazy("place"), max_length=200, blank=True)
    guidepost = models.ForeignKey(
        Guidepost, models.PROTECT, null=True, blank=True, related_name="course_days"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = CourseDayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="a_course_day_ends_after_it_begins",
                violation_error_message=gettext_lazy("It ends before it begins."),
            ),
            models.UniqueConstraint(
                fields=["cohort", "starts_at"],
                condition=Q(cancelled_at=None),
                name="one_course_day_at_a_time",
                violation_error_message=gettext_lazy("The cohort has a day at that time already."),
            ),
        ]

    def __str__(self):
        return f"{self.cohort}, {self.starts_at:%d.%m.%Y}"

    def get_absolute_url(self):
        return f"{reverse('wellbeing:cohort', args=[self.cohort_id])}#day-{self.pk}"

    @property
    def uid(self) -> str:
        return f"course-day-{self.pk}@{settings.ORGANIZER_EMAIL.rpartition('@')[2]}"

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def organisation(self):
        return self.cohort.programme.organisation

    @property
    def away_because(self) -> str:
        """The public holiday or closing week it falls in: pointed out, never forced."""
        return self.organisation.away_because(self.organisation.local_date(self.starts_at))

    # ---- verbs

    @classmethod
    def plan(cls, cohort, starts_at: datetime, ends_at: datetime, at=None, **values) -> "CourseDay":
        """The same time twice is one day. Raises ValidationError for what can't be."""
        at = at or timezone.now()
        with transaction.atomic():
            cohort.programme.hold(running=True)
            new = cls(cohort=cohort, starts_at=starts_at, ends_at=ends_at, **values)
            same = cohort.days.standing().filter(starts_at=starts_at, ends_at=ends_at).first()
            if same:
                return same
            new._may_stand(at)
            new.save(force_insert=True)
            cohort.programme.settle(at)
            cohort.tell(at)
        return new

    def change(self, starts_at, ends_at, place: str = "", guidepost=None, at=None) -> None:
        """Who was told of it is told of the difference, once the last edit is five minutes old."""
        at = at or timezone.now()
        with transaction.atomic():
            self._hold()
            if self.starts_at <= at and (self.starts_at, self.ends_at) != (starts_at, ends_at):
                raise ValidationError(_("This day has been held."))
            moved = (self.starts_at, self.ends_at) != (starts_at, ends_at)
            self.starts_at, self.ends_at = starts_at, ends_at
            self.place, self.guidepost = place, guidepost
            if moved and self.is_cancelled:
                self._must_be_a_day()
            elif moved:
                self._may_stand(at)
            self.save()
            self.cohort.tell(at)

    def cancel(self, at=None) -> None:
        at = at or timezone.now()
        with transaction.atomic():
            self._hold()
            if self.is_cancelled:
                return
            if self.starts_at <= at:
                raise ValidationError(_("This day has been held."))
            self.cancelled_at = at
            self.save(update_fields=["cancelled_at"])
            self.cohort.tell(at)

    def stand_again(self, at=None) -> None:
        at = at or timezone.now()
        with transaction.atomic():
            self._hold(running=True)
            if not self.is_cancelled:
                return
            self._may_stand(at)
            self.cancelled_at = None
            self.save(update_fields=["cancelled_at"])
            self.cohort.programme.settle(at)
            self.cohort.tell(at)

    def _hold(self, running: bool = False) -> None:
        programme = self.cohort.programme
        programme.hold(running=running)
        self.refresh_from_db()
        self.cohort.programme = programme

    def _must_be_a_day(self) -> None:
        if self.ends_at <= self.starts_at:
            raise ValidationError({"ends": _("It ends before it begins.")})
        if self.ends_at - self.starts_at > LONGEST:
            raise ValidationError({"ends": _("A day ends on the day it begins.")})

    def _may_stand(self, at: datetime) -> None:
        self._must_be_a_day()
        if self.starts_at <= at:
            raise ValidationError({"on": _("That time has passed.")})
        beside = self.cohort.days.standing().exclude(pk=self.pk)
        if beside.filter(starts_at__lt=self.ends_at, ends_at__gt=self.starts_at).exists():
            raise ValidationError({"on": _("The cohort has a day at that time already.")})

    def in_step(self, people: set[int], at: datetime) -> None:
        """An invitation for each of these, and for nobody else."""
        has = dict(self.invitations.values_list("person", "ended_at"))
        if new := people - has.keys():
            CalendarEntry.objects.open(self.uid, new)
            entries = CalendarEntry.objects.filter(uid=self.uid, person__in=new)
            self.invitations.bulk_create(
                [DayInvitation(day=self, person_id=one.person_id, entry=one) for one in entries],
                ignore_conflicts=True,
            )
        back = self.invitations.filter(person__in=people, ended_at__isnull=False)
        back.update(ended_at=None)
        self.invitations.standing().exclude(person__in=people).update(ended_at=at)


class DayInvitationQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at=None)

    def ahead(self, now):
        """Standing ones to days that are still to come."""
        return self.standing().filter(day__starts_at__gt=now, day__cancelled_at=None)

    def of_who_left(self):
        return self.standing().filter(Q(person__left_at__isnull=False) | Q(person__is_active=False))

    def forget(self, programme: int, person: int) -> None:
        """That somebody was on a course goes with their status."""
        rows = self.filter(day__cohort__programme=programme, person=person)
        entries = list(rows.values_list("entry", flat=True))
        rows.delete()
        CalendarEntry.objects.filter(pk__in=entries).delete()

    def let_go(self, now: datetime) -> None:
        """What lies a year behind nobody is told of any more, whoever had given their seat back."""
        old = self.filter(day__ends_at__lt=now - KEPT)
        entries = list(old.values_list("entry", flat=True))
        if entries:
            with transaction.atomic():
                self.filter(entry__in=entries).delete()
                CalendarEntry.objects.filter(pk__in=entries).delete()

    def for_mail(self):
        """With the ledger held, so that two workers can't tell one person the same."""
        rows = self.select_related(
            "entry",
            "person",
            "day__guidepost",
            "day__cohort__programme__decision__organisation",
            "day__cohort__programme__started_by",
        )
        return rows.select_for_update(of=("entry",), no_key=True)

    def plan_mail(self, at: datetime) -> None:
        """To each of these who is still here and knows otherwise than it stands: when the last
        edit has settled.
        """
        here = self.filter(person__left_at=None).select_related("entry", "day")
        rows = [one for one in here if one.differs(at)]
        due_at = at + PATIENCE
        each = [(one.pk, one.person_id, due_at.isoformat()) for one in rows]
        kind = DayInvitation.KIND
        Delivery.objects.plan_each(kind, DayInvitation, each, due_at=due_at, push=True)
        if each:
            notifications.ring()


class DayInvitation(models.Model):
    """That a person is invited to a day, and through the ledger what they were told of it."""

    KIND = "wellbeing.course_day"

    day = models.ForeignKey(CourseDay, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="course_invitations"
    )
    entry = models.OneToOneField(CalendarEntry, models.PROTECT, related_name="course_invitation")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DayInvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "person"], name="one_invitation_per_course_day"),
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(ended_at=None), name="course_days_of")
        ]

    def __str__(self):
        return f"{self.person_id} to {self.day_id}"

    @property
    def told(self) -> list | None:
        return self.entry.told.get(DAY)

    @property
    def knows_of_it(self) -> bool:
        """They were told of it, and that it stands."""
        return bool(self.told and self.told[STANDING])

    @property
    def stands(self) -> bool:
        return self.ended_at is None and not self.day.is_cancelled

    def as_it_stands(self) -> list:
        day = self.day
        moments = day.starts_at, day.ends_at
        times = [moment.astimezone(UTC).isoformat(timespec="seconds") for moment in moments]
        return [*times, day.place, self.stands, ""]

    def differs(self, now: datetime) -> bool:
        """Whether there is anything to say: nothing about what lies behind."""
        ahead = self.day.starts_at > now
        if not self.knows_of_it:
            return self.stands and ahead
        return (ahead or start_of(self.told) > now) and self.as_it_stands() != self.told


def start_of(told: list) -> datetime:
    return datetime.fromisoformat(told[START])
