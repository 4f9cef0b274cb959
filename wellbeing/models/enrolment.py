"""Where one leader is with a coach education: invited, waiting, under way, through."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.models import Unit, User
from wellbeing.models.course_day import KEPT, CourseDay, DayInvitation


class EnrolmentQuerySet(models.QuerySet):
    def invited(self):
        return self.filter(state=Enrolment.State.INVITED)

    def waiting(self):
        return self.filter(state=Enrolment.State.WAITING)

    def under_way(self):
        return self.filter(state=Enrolment.State.UNDER_WAY, left=False)

    def through(self):
        """Also who was through before the decision."""
        return self.filter(state=Enrolment.State.THROUGH)

    def unfinished(self):
        return self.exclude(state=Enrolment.State.THROUGH).filter(left=False)

    def of_who_left(self):
        return self.filter(Q(leader__left_at__isnull=False) | Q(leader__is_active=False))

    def present(self):
        """Of people who are still in the organisation."""
        return self.filter(leader__left_at=None, leader__is_active=True)

    def in_line(self):
        """Who waits longest, first; not those who are being offered a seat."""
        return self.waiting().present().filter(offered=None).order_by("waiting_since", "pk")

    def seated_in(self, cohort):
        return self.present().filter(cohort=cohort)

    def on_a_seat(self, cohort):
        """A seat is kept for whom it is offered to."""
        return self.present().filter(Q(cohort=cohort) | Q(offered=cohort))

    def on_a_seat_of(self, cohort: OuterRef):
        rows = self.on_a_seat(cohort).order_by().annotate(one=models.Value(1))
        return rows.values("one").annotate(number=Count("pk")).values("number")

    def asks(self, user: User):
        """Where this person is asked something: to find a cohort, or to take a seat."""
        open_one = self.filter(
            leader=user,
            programme__invited_at__isnull=False,
            programme__decision__withdrawn_on=None,
        )
        asked = Q(state=Enrolment.State.INVITED) | Q(offered__isnull=False)
        return open_one.filter(asked).select_related("programme", "offered").order_by("pk")

    def led_by(self, user: User, everybody: bool):
        """Of that person's own area, or of everybody, but without themselves."""
        here = self.present().exclude(leader=user)
        headed = Unit.objects.headed_by(user).values("pk")
        return here if everybody else here.filter(leader__unit__in=headed)

    def totals(self) -> dict[str, int]:
        """How many are where, by state, zero where nobody is."""
        counted = {state.value: Count("pk", filter=Q(state=state)) for state in Enrolment.State}
        return self.order_by().aggregate(**counted)

    def with_place_in_line(self):
        """How many wait before one: `ahead`."""
        before = Q(waiting_since__lt=OuterRef("waiting_since")) | Q(
            waiting_since=OuterRef("waiting_since"), pk__lt=OuterRef("pk")
        )
        line = Enrolment.objects.waiting().present().filter(before, programme=OuterRef("programme"))
        number = line.order_by().values("programme").annotate(number=Count("pk")).values("number")
        return self.annotate(ahead=Coalesce(Subquery(number), 0))

    def matching(self, words: str):
        found = self
        for word in words.split()[:6]:
            said = Q(leader__name__icontains=word) | Q(leader__unit__name__icontains=word)
            found = found.filter(said)
        return found

    def in_order(self):
        return self.order_by("leader__sort_name", "leader")

    def for_office(self):
        return self.select_related("leader__unit", "cohort", "offered")

    def pass_on(self) -> None:
        """They keep their place in line, and aren't asked about that cohort again."""
        for enrolment in self.exclude(offered=None):
            enrolment.passed.add(enrolment.offered_id)
            enrolment.offered = enrolment.offered_until = None
            enrolment.save(update_fields=["offered", "offered_until"])

    def forget(self, now: datetime) -> None:
        """A year after it was done nobody's status is kept: only how many were through.

        Done is also what nobody said anything about: a cohort whose days are over, and all of them
        for who never found a seat; a decision that was withdrawn, somebody who left.
        """
        since = now - KEPT
        days = CourseDay.objects.filter(cohort=OuterRef("cohort"))
        over = Exists(days) & ~Exists(days.filter(ends_at__gte=since))
        every = CourseDay.objects.filter(cohort__programme=OuterRef("programme"))
        all_over = Exists(every) & ~Exists(every.filter(ends_at__gte=since))
        unseated = [Enrolment.State.INVITED, Enrolment.State.WAITING]
        old = (
            Q(through_on__lt=since.date())
            | Q(left=True, leader__left_at__lt=since)
            | Q(state=Enrolment.State.UNDER_WAY) & over
            | Q(state__in=unseated) & all_over
            | Q(programme__decision__withdrawn_on__lt=since.date())
        )
        for enrolment in self.filter(old).select_related("programme"):
            with transaction.atomic():
                enrolment.forget()


class Enrolment(models.Model):
    class State(models.TextChoices):
        INVITED = "invited", gettext_lazy("invited")
        WAITING = "waiting", gettext_lazy("waiting")
        UNDER_WAY = "under_way", gettext_lazy("under way")
        THROUGH = "through", gettext_lazy("through")

    programme = models.ForeignKey(
        "wellbeing.CoachProgramme", models.PROTECT, related_name="enrolments"
    )
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments")
    cohort = models.ForeignKey(
        "wellbeing.Cohort", models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    asked_at = models.DateTimeField(null=True, blank=True)  # what was sent is kept 90 days only
    waiting_since = models.DateTimeField(null=True, blank=True)
    offered = models.ForeignKey(
        "wellbeing.Cohort", models.PROTECT, null=True, blank=True, related_name="offers"
    )
    offered_until = models.DateTimeField(null=True, blank=True)
    passed = models.ManyToManyField("wellbeing.Cohort", related_name="+", blank=True)
    through_on = models.DateField(null=True, blank=True)
    before = models.BooleanField(default=False)  # through already, before the decision
    left = models.BooleanField(default=False)  # the organisation, in the middle of it

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "leader"], name="one_enrolment_a_leader"),
            models.CheckConstraint(
                condition=Q(state__in=["invited", "waiting"], cohort=None)
                | Q(state="under_way", cohort__isnull=False)
                | Q(state="through"),
                name="under_way_means_a_cohort",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", waiting_since__isnull=False)
                | ~Q(state="waiting") & Q(waiting_since=None, offered=None),
                name="who_waits_waits_since",
            ),
            models.CheckConstraint(
                condition=Q(offered=None, offered_until=None)
                | Q(offered__isnull=False, offered_until__isnull=False),
                name="a_seat_is_offered_until",
            ),
            models.CheckConstraint(
                condition=Q(state="through", through_on__isnull=False)
                | ~Q(state="through") & Q(through_on=None, before=False),
                name="through_on_some_day",
            ),
            models.CheckConstraint(
                condition=Q(before=False) | Q(cohort=None), name="through_before_needs_no_cohort"
            ),
        ]
        indexes = [
            models.Index(
                fields=["programme", "waiting_since"],
                condition=Q(state="waiting"),
                name="coach_waiting_list",
            ),
        ]

    def __str__(self):
        return f"{self.leader_id}: {self.state}"

    # ---- the leader's own doors

    def take(self, cohort, at: datetime | None = None) -> None:
        """A seat, by one tap; another cohort instead of the one before. Twice is once.

        Raises ValidationError where it is full, has begun, or nobody was invited yet.
        """
        at = at or timezone.now()
        with transaction.atomic():
            self._hold(running=True)
            if self.cohort_id == cohort.pk and self.state == self.State.UNDER_WAY:
                return
            self._must_be_invited()
            cohort = self.programme.cohorts.with_days().get(pk=cohort.pk)
            if cohort.opened_at is None:
                raise ValidationError(_("The dates are still being planned."))
            if not cohort.is_open(at):
                raise ValidationError(_("That cohort has begun already."))
            if self.state == self.State.THROUGH:
                raise ValidationError(_("You are through already."))
            if self.has_begun(at):
                raise ValidationError(_("You are in the middle of it. The secretariat can help."))
            self._sit_down_in(cohort, at)

    def wait(self, at: datetime | None = None) -> None:
        """In line for the next free seat, behind who came before."""
        at = at or timezone.now()
        with transaction.atomic():
            self._hold(running=True)
            self._must_be_invited()
            if self.state == self.State.INVITED:
                self._stand(self.State.WAITING, waiting_since=at)
                self.programme.settle(at)

    def withdraw(self, at: datetime | None = None) -> None:
        """The seat, or the place in line, is free again; what lies behind stays."""
        at = at or timezone.now()
        with transaction.atomic():
            self._hold()
            if self.state in (self.State.WAITING, self.State.UNDER_WAY):
                self._leave_for(self.State.INVITED, at)

    def pass_by(self, at: datetime | None = None) -> None:
        """Not that cohort. They keep their place in line for the next."""
        at = at or timezone.now()
        with transaction.atomic():
            self._hold()
            Enrolment.objects.filter(pk=self.pk).pass_on()
            self.refresh_from_db(fields=["offered", "offered_until"])
            self.programme.settle(at)

    def get_through(self, before: bool = False, at: datetime | None = None) -> None:
        """Said by the leader or the secretariat. `before`: already, so a seat is free again."""
        at = at or timezone.now()
        with transaction.atomic():
            self._hold()
            if self.state == self.State.THROUGH and self.before == before:
                return
            on = self.programme.organisation.local_date(at)
            if before or self.state != self.State.UNDER_WAY:
                self._leave_for(self.State.THROUGH, at, through_on=on, before=before)
            else:
                self._stand(self.State.THROUGH, cohort=self.cohort, through_on=on)

    def take_back(self, at: datetime | None = None) -> None:
        """Not through after all: where they were before they said so."""
        at = at or timezone.now()
        with transaction.atomic():
            self._hold()
            if self.state == self.State.THROUGH:
                state = self.State.UNDER_WAY if self.cohort_id else self.State.INVITED
                self._stand(state, cohort=self.cohort)

    # ---- the secretariat's

    def place(self, cohort, at: datetime | None = None) -> None:
        """A seat also in a cohort that has begun. Raises ValidationError where it is full."""
        at = at or timezone.now()
        with transaction.atomic():
            self._hold(running=True)
            if self.cohort_id != cohort.pk or self.state != self.State.UNDER_WAY:
                self._sit_down_in(cohort, at)

    def put_back(self, at: datetime | None = None) -> None:
        """As if nothing had been said: invited."""
        at = at or timezone.now()
        with transaction.atomic():
            self._hold()
            if self.state != self.State.INVITED:
                self._leave_for(self.State.INVITED, at)

    def take_out(self, at: datetime | None = None) -> None:
        """It isn't for them after all. Raises ValidationError once they are through."""
        at = at or timezone.now()
        with transaction.atomic():
            self._hold()
            if self.state == self.State.THROUGH:
                raise ValidationError(_("They are through. Correct that first."))
            if self.state != self.State.INVITED:
                self._leave_for(self.State.INVITED, at)
            self.coach_offers.all().delete()  # made while it said that they are through
            self.delete()

    def forget(self) -> None:
        self.programme.hold()
        if self.state == self.State.THROUGH:
            self.programme.count_earlier()
        DayInvitation.objects.forget(self.programme_id, self.leader_id)
        self.delete()

    # ---- what they are made of: the programme is held

    def offer(self, cohort, until: datetime) -> None:
        self.offered, self.offered_until = cohort, until
        self.save(update_fields=["offered", "offered_until"])

    def _hold(self, running: bool = False) -> None:
        self.programme.hold(running=running)
        programme = self.programme
        self.refresh_from_db()
        self.programme = programme

    def _must_be_invited(self) -> None:
        if not self.programme.invited_at:
            raise ValidationError(_("The dates are still being planned."))

    def _sit_down_in(self, cohort, at: datetime) -> None:
        others = Enrolment.objects.on_a_seat(cohort).exclude(pk=self.pk)
        if others.count() >= cohort.seats:
            raise ValidationError(_("The last seat has just been taken."))
        old = self.cohort
        self._stand(self.State.UNDER_WAY, cohort=cohort)
        cohort.tell(at)
        if old and old != cohort:
            old.tell(at)
        self.programme.settle(at)

    def _leave_for(self, state, at: datetime, **values) -> None:
        old = self.cohort
        self._stand(state, **values)
        if old:
            old.tell(at)
        self.programme.settle(at)

    def _stand(self, state, **values) -> None:
        empty = dict.fromkeys(["cohort", "waiting_since", "offered", "offered_until", "through_on"])
        for name, value in (empty | {"before": False} | values).items():
            setattr(self, name, value)
        self.state = state
        self.save()

    # ---- questions

    def has_begun(self, now: datetime) -> bool:
        return self.state == self.State.UNDER_WAY and self.cohort.has_begun(now)

    def may_say_through(self, now: datetime) -> bool:
        """Once the last day has come."""
        return self.state == self.State.UNDER_WAY and self.cohort.has_come_to_its_last_day(now)

    @property
    def place_in_line(self) -> int:
        known = self if hasattr(self, "ahead") else self._fetched_with_place()
        return known.ahead + 1

    def _fetched_with_place(self) -> "Enrolment":
        return Enrolment.objects.with_place_in_line().get(pk=self.pk)

    @property
    def words(self) -> str:
        """The state as it is said to the secretariat."""
        if self.left:
            return _("left in the middle")
        return _("through already") if self.before else self.get_state_display()
