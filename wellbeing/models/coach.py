"""A coach education: started by a decision, for every leader of the place it was decided for, in
cohorts of so many seats.

Whatever takes a seat or frees one holds the programme's row, so that two never sit on one seat.
"""

import logging
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import notifications
from networks.models import Unit, User
from notifications.models import Delivery
from wellbeing.models.cohort import Cohort
from wellbeing.models.course_day import DayInvitation
from wellbeing.models.decision import Decision
from wellbeing.models.enrolment import Enrolment

logger = logging.getLogger(__name__)

TO_TAKE = timedelta(days=7)  # so long a seat is kept for whom it is offered to
CLOCK = time(16)  # and until this time of the last day
INVITED, OFFERED = "wellbeing.coach_invited", "wellbeing.coach_seat_offered"


class CoachProgrammeQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The secretariat's, the own one, and that of one's area for who heads it or decided it."""
        here = self.filter(decision__organisation=user.organisation_id or 0)
        if user.is_secretariat:
            return here
        mine = Enrolment.objects.filter(programme=OuterRef("pk"), leader=user)
        heads = Unit.objects.filter(head=user)
        headed = Unit.objects.headed_by(user).values("pk")
        return here.filter(
            Exists(mine)
            | Q(decision__decided_by=user)
            | Q(decision__unit__in=headed)
            | Q(decision__unit=None) & Exists(heads)
        )

    def for_page(self):
        beside = "decision__organisation", "decision__unit", "decision__decided_by"
        return self.select_related(*beside)

    def for_reader(self, user: User):
        """Whether totals of a whole programme, or of an area of its own, are this person's to see:
        `over_all` and `heads`.
        """
        headed = Unit.objects.headed_by(user).filter(pk=OuterRef("decision__unit"))
        decided = Q(decision__decided_by=user)
        return self.for_page().annotate(
            over_all=models.ExpressionWrapper(
                decided | Exists(headed), output_field=models.BooleanField()
            ),
            heads=Exists(Unit.objects.filter(head=user)),
        )

    def newest_first(self):
        return self.for_page().order_by("-started_at", "-pk")

    def running(self):
        return self.filter(decision__withdrawn_on=None)

    def start(self, decision: Decision, by: User, name: str = "", at=None) -> "CoachProgramme":
        """For all leaders there. A decision starts one; starting it twice is once.

        Raises ValidationError where the decision was withdrawn.
        """
        at = at or timezone.now()
        with transaction.atomic():
            decision = Decision.objects.select_for_update(no_key=True).get(pk=decision.pk)
            if started := self.filter(decision=decision).first():
                return started
            if not decision.is_standing:
                raise ValidationError(_("The decision was withdrawn."))
            programme = self.create(
                decision=decision,
                name=name.strip() or _("Coach education"),
                started_by=by,
                started_at=at,
                joined_until=at,
            )
            programme.enrol(programme.leaders(), at)
        return programme

    def tend(self, now: datetime) -> None:
        """Each minute: who is new, who has left, which seat came free, what nobody took.

        A quiet minute costs the same whether there is one programme or a hundred; what goes wrong
        with one must not hold up the others.
        """
        Enrolment.objects.forget(now)
        DayInvitation.objects.let_go(now)
        for programme in self._wanting(now).order_by("pk"):
            try:
                with transaction.atomic():
                    programme.hold()
                    programme.settle(now)
            except Exception:
                logger.exception("could not settle coach programme %s", programme.pk)
        begun = Delivery.objects.filter(recipient__organisation__begun_at__isnull=False)
        begun.filter(kind__in=[INVITED, OFFERED, DayInvitation.KIND]).after_rehearsal(now)

    def _wanting(self, now: datetime):
        """Where there is something to settle."""
        left = Enrolment.objects.of_who_left().unfinished()
        unseated = DayInvitation.objects.ahead(now).of_who_left()
        overdue = Enrolment.objects.filter(offered_until__lte=now)
        kept = Enrolment.objects.exclude(offered=None)
        passed = Enrolment.passed.through.objects.filter(
            enrolment=OuterRef(OuterRef("pk")), cohort=OuterRef("pk")
        )
        room = Cohort.objects.with_room(now).filter(~Exists(passed))
        wait = Enrolment.objects.in_line().filter(
            Exists(room.filter(programme=OuterRef("programme")))
        )
        new = User.objects.active().filter(
            organisation=OuterRef("decision__organisation"),
            is_secretariat=False,
            date_joined__gt=OuterRef("joined_until"),
        )
        runs = Q(decision__withdrawn_on=None)
        return self.filter(
            Q(pk__in=left.values("programme"))
            | Q(pk__in=unseated.values("day__cohort__programme"))
            | Q(pk__in=overdue.values("programme"))
            | ~runs & Q(pk__in=kept.values("programme"))
            | runs & (Q(pk__in=wait.order_by().values("programme")) | Exists(new))
        )


class CoachProgramme(models.Model):
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="programme")
    name = models.CharField(gettext_lazy("name"), max_length=120)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True, blank=True)  # none: dates are still being planned
    # Who came to the organisation later than this may still be to enrol. Kept so, and not as a row
    # a person, since the row of who is through goes after a year and nobody is to be asked again.
    joined_until = models.DateTimeField()
    through_earlier = models.PositiveIntegerField(default=0)  # whose rows have gone

    objects = CoachProgrammeQuerySet.as_manager()

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("wellbeing:programme", args=[self.pk])

    @property
    def organisation(self):
        return self.decision.organisation

    @property
    def is_withdrawn(self) -> bool:
        return not self.decision.is_standing

    # ---- whom it is for

    def leaders(self):
        here = User.objects.active().filter(
            organisation=self.decision.organisation_id, is_secretariat=False
        )
        return here.in_unit(self.decision.unit) if self.decision.unit else here

    def enrol(self, people, at=None) -> None:
        """They are invited as soon as it is open. Twice is once."""
        rows = [Enrolment(programme=self, leader=person) for person in people]
        with transaction.atomic():
            Enrolment.objects.bulk_create(rows, ignore_conflicts=True)
            if self.invited_at and not self.is_withdrawn:
                self._send_invitations(at or timezone.now())

    def invite(self, at=None) -> int:
        """Ask every leader who hasn't a seat to find one. Twice is once."""
        at = at or timezone.now()
        with transaction.atomic():
            self.hold(running=True)
            if not self.invited_at:
                ahead = [one.pk for one in self.cohorts.with_days() if one.is_ahead(at)]
                if not ahead:
                    raise ValidationError(_("Plan a cohort with its days first."))
                self.cohorts.filter(pk__in=ahead, opened_at=None).update(opened_at=at)
                self.invited_at = at
                self.save(update_fields=["invited_at"])
            return self._send_invitations(at)

    def _send_invitations(self, at: datetime) -> int:
        """One each, ever; and only while there is a cohort to find."""
        if not any(cohort.is_open(at) for cohort in self.cohorts.with_days()):
            return 0
        invited = self.enrolments.invited().present()
        new = list(invited.filter(asked_at=None).values_list("pk", "leader"))
        if new:
            rows = [(pk, leader, "1") for pk, leader in new]
            hour = self.organisation.mail_hour(at)
            Delivery.objects.plan_each(INVITED, Enrolment, rows, due_at=hour)
            self.enrolments.filter(pk__in=[pk for pk, _leader in new]).update(asked_at=at)
            notifications.ring()
        return invited.count()

    def ask_who_came_since(self, at: datetime) -> None:
        """A cohort is open again: who came while there was none hasn't been asked yet."""
        if self.invited_at:
            self._send_invitations(at)

    def count_earlier(self) -> None:
        self.through_earlier += 1
        self.save(update_fields=["through_earlier"])

    # ---- cohorts

    def add_cohort(self, name: str, seats: int, at=None) -> Cohort:
        """The same name twice is one. Raises ValidationError once the decision was withdrawn."""
        with transaction.atomic():
            self.hold(running=True)
            same = self.cohorts.filter(name__iexact=name.strip()).first()
            if same and same.seats != seats:
                raise ValidationError(_("There is a cohort of that name already."))
            return same or self.cohorts.create(name=name.strip(), seats=seats)

    def call_off(self, at=None) -> int:
        """Every day to come is cancelled, and who was told of it hears so. What was, stands."""
        at = at or timezone.now()
        with transaction.atomic():
            self.hold()
            cohorts = list(self.cohorts.all())
            ahead = [cohort.days.standing().ahead(at) for cohort in cohorts]
            count = sum(days.update(cancelled_at=at) for days in ahead)
            self.settle(at)
            for cohort in cohorts:
                cohort.tell(at)
        return count

    # ---- seats: call these with the programme held

    def hold(self, running: bool = False) -> None:
        """The row as it stands now. Raises ValidationError once the decision was withdrawn."""
        rows = CoachProgramme.objects.for_page().select_for_update(no_key=True, of=("self",))
        self.refresh_from_db(from_queryset=rows)
        if running and self.is_withdrawn:
            raise ValidationError(_("The decision was withdrawn: nothing new is planned on it."))

    def settle(self, at: datetime) -> None:
        """Who left frees their seat, who came is asked, a free seat goes to who waits longest."""
        for cohort in self._let_go_of_who_left():
            cohort.tell(at)
        self.enrolments.filter(offered_until__lte=at).pass_on()
        if self.is_withdrawn:
            self.enrolments.exclude(offered=None).update(offered=None, offered_until=None)
            return
        self._enrol_newcomers(at)
        for cohort in self.cohorts.with_days():
            if cohort.is_ahead(at) and cohort.is_open(at):
                self._offer_seats(cohort, at)

    def _let_go_of_who_left(self) -> list[Cohort]:
        """Who had begun stays in the history, without a name; others are forgotten."""
        left = self.enrolments.of_who_left().unfinished()
        left.exclude(state=Enrolment.State.UNDER_WAY).delete()
        left.update(left=True)
        invited = DayInvitation.objects.of_who_left()
        return list(self.cohorts.filter(days__invitations__in=invited).distinct())

    def _enrol_newcomers(self, at: datetime) -> None:
        new = self.leaders().filter(date_joined__gt=self.joined_until)
        joined = list(new.values_list("date_joined", flat=True))
        if joined:
            self.enrol(list(new.exclude(enrolments__programme=self)), at)
        everybody = User.objects.filter(
            organisation=self.decision.organisation_id, date_joined__gt=self.joined_until
        ).aggregate(last=models.Max("date_joined"))
        if everybody["last"]:
            self.joined_until = everybody["last"]
            self.save(update_fields=["joined_until"])

    def _offer_seats(self, cohort: Cohort, at: datetime) -> None:
        line = self.enrolments.in_line().exclude(passed=cohort)
        last = self.organisation.local_date(at + TO_TAKE)
        until = min(self.organisation.at(last, CLOCK), cohort.begins_at)
        for enrolment in line[: cohort.free_seats()]:
            enrolment.offer(cohort, until)
            version = str(int(at.timestamp()))
            hour = self.organisation.mail_hour(at)
            to = [enrolment.leader_id]
            Delivery.objects.plan(OFFERED, enrolment, version=version, to=to, due_at=hour)
            notifications.ring()
