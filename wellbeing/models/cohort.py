"""So many leaders who go through a coach education together, on the same days."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.models import User
from wellbeing.models.course_day import CourseDay, DayInvitation
from wellbeing.models.enrolment import Enrolment

MOST_SEATS = 100


class CohortQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        from wellbeing.models.coach import CoachProgramme

        seen = CoachProgramme.objects.visible_to(user).values("pk")
        return self.filter(programme__in=seen)

    def with_days(self):
        """In the order they begin, those without days last; each with how many seats are taken."""
        standing = Q(days__cancelled_at=None)
        days = CourseDay.objects.select_related("guidepost").in_order()
        counted = Enrolment.objects.on_a_seat_of(OuterRef("pk"))
        return (
            self.annotate(
                begins_at=models.Min("days__starts_at", filter=standing),
                ends_at=models.Max("days__ends_at", filter=standing),
                taken=models.Subquery(counted),
            )
            .prefetch_related(models.Prefetch("days", days))
            .order_by(F("begins_at").asc(nulls_last=True), "pk")
        )

    def with_room(self, now: datetime):
        """That are open and lie ahead, with a free seat."""
        free = Q(seats__gt=Coalesce("taken", 0), opened_at__isnull=False)
        return self.with_days().filter(free, begins_at__gt=now).order_by()


class Cohort(models.Model):
    """So many leaders who go through it together, on the same days."""

    programme = models.ForeignKey(
        "wellbeing.CoachProgramme", models.PROTECT, related_name="cohorts"
    )
    name = models.CharField(gettext_lazy("name"), max_length=60)
    seats = models.PositiveSmallIntegerField(
        gettext_lazy("seats"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)],
    )

    opened_at = models.DateTimeField(null=True, blank=True)  # none: only the secretariat knows it

    objects = CohortQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="one_cohort_per_name",
                violation_error_message=gettext_lazy("There is a cohort of that name already."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1, seats__lte=MOST_SEATS),
                name="a_cohort_has_seats",
                violation_error_message=gettext_lazy("Between one and a hundred seats."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("wellbeing:cohort", args=[self.pk])

    # ---- verbs

    def change(self, name: str, seats: int, at=None) -> None:
        """Raises ValidationError where more have a seat already."""
        at = at or timezone.now()
        with transaction.atomic():
            self.programme.hold()
            if self.programme.cohorts.filter(name__iexact=name).exclude(pk=self.pk).exists():
                raise ValidationError(_("There is a cohort of that name already."))
            taken = Enrolment.objects.on_a_seat(self).count()
            if seats < taken:
                raise ValidationError(
                    _("%(taken)d of the seats are taken or offered. Free some first.")
                    % {"taken": taken}
                )
            self.name, self.seats = name, seats
            self.save(update_fields=["name", "seats"])
            self.programme.settle(at)

    def open(self, at=None) -> None:
        """From now on one can come in; who waits longest is asked first. Twice is once."""
        at = at or timezone.now()
        with transaction.atomic():
            self.programme.hold(running=True)
            if not self.days.standing().ahead(at).exists():
                raise ValidationError(_("Plan its days first."))
            self.refresh_from_db(fields=["opened_at"])
            if self.opened_at is None:
                self.opened_at = at
                self.save(update_fields=["opened_at"])
                self.programme.settle(at)
                self.programme.ask_who_came_since(at)

    def remove(self) -> None:
        """Raises ValidationError where somebody was ever told of it."""
        with transaction.atomic():
            self.programme.hold()
            told = DayInvitation.objects.filter(day__cohort=self)
            if Enrolment.objects.on_a_seat(self).exists() or told.exists():
                raise ValidationError(
                    _("Somebody has or had a seat here. Cancel its days instead.")
                )
            self.days.all().delete()
            self.delete()

    def tell(self, at: datetime) -> None:
        """Everybody with a seat has each day to come in their calendar; nobody else has."""
        seated = Enrolment.objects.seated_in(self).values_list("leader", flat=True)
        for day in self.days.standing().ahead(at):
            day.in_step(set(seated), at)
        DayInvitation.objects.filter(day__cohort=self).plan_mail(at)

    # ---- questions

    def has_begun(self, now: datetime) -> bool:
        return any(day.starts_at <= now for day in self.standing_days)

    def has_come_to_its_last_day(self, now: datetime) -> bool:
        days = self.standing_days
        return bool(days) and all(day.starts_at <= now for day in days)

    @property
    def standing_days(self) -> list:
        return [day for day in self.days.all() if not day.is_cancelled]

    def free_seats(self) -> int:
        return max(self.seats - Enrolment.objects.on_a_seat(self).count(), 0)

    # ---- of a cohort fetched `with_days`

    def is_open(self, now: datetime) -> bool:
        """Whether one may come in, and still may."""
        return self.opened_at is not None and (self.begins_at is None or self.is_ahead(now))

    def is_ahead(self, now: datetime) -> bool:
        return self.begins_at is not None and self.begins_at > now

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now

    @property
    def free(self) -> int:
        return max(self.seats - (self.taken or 0), 0)
