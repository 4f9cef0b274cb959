"""A leader-APV done by dialogue: the assessment of the leaders' own psychosocial environment that
the law asks for, one theme at a time, on the meetings that are held anyway.
"""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from networks.models import Organisation, Unit, User
from wellbeing.models.apv_event import ApvEvent
from wellbeing.models.apv_round import RoundQuerySet
from wellbeing.models.apv_seat import Seat
from wellbeing.models.apv_theme import ApvTheme
from wellbeing.models.finding import Finding
from wellbeing.models.statement import Statement


class ApvQuerySet(RoundQuerySet):
    def visible_to(self, user):
        """Findings, plan and the written APV: the unit's leaders, its working group with the AMO
        representatives, the senior manager, the secretariat.
        """
        here = self.filter(organisation=user.organisation_id or 0)
        if user.is_secretariat:
            return here
        within = Unit.objects.above(user.unit_id).values("pk")
        seated = Seat.objects.filter(apv=OuterRef("pk"), person=user)
        return here.filter(Q(unit__in=within) | Q(senior_manager=user) | Exists(seated))

    def newest_first(self):
        return self.order_by("-begun_on", "-pk").select_related("unit", "senior_manager")

    def for_page(self):
        """With how many proposals wait for an answer."""
        answers = "themes__findings__assessments__actions"
        waiting = Count(answers, filter=Q(**{f"{answers}__answer": ""}))
        beside = "signed_by_employer", "signed_by_amo", "later"
        rows = self.select_related("organisation", "unit", "senior_manager", "earlier", *beside)
        return rows.annotate(waiting=waiting).prefetch_related(
            Prefetch("seats", Seat.objects.select_related("person"))
        )


class Apv(models.Model):
    class Phase(models.TextChoices):
        FRAME = "frame", gettext_lazy("Frame")
        MAP = "map", gettext_lazy("Map")
        ASSESS = "assess", gettext_lazy("Assess")
        ACT = "act", gettext_lazy("Act")
        FOLLOW_UP = "follow_up", gettext_lazy("Follow up")

    class State(models.TextChoices):
        RUNNING = "running", gettext_lazy("under way")
        PAUSED = "paused", gettext_lazy("paused")
        CHANGED = "changed", gettext_lazy("goes on in another form")
        SIGNED = "signed", gettext_lazy("signed")

    OPEN = [State.RUNNING, State.PAUSED]
    WITH_A_PLAN = [Phase.ACT, Phase.FOLLOW_UP]
    ELEMENTS = {  # of the executive order, that each phase is stored against
        Phase.MAP: [1],
        Phase.ASSESS: [1, 2],
        Phase.ACT: [3],
        Phase.FOLLOW_UP: [4],
    }

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="apvs")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="apvs")
    purpose = models.CharField(gettext_lazy("what we want with it"), max_length=500, blank=True)
    senior_manager = models.ForeignKey(  # who answers each proposal
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="apvs_to_answer"
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="wellbeing.Seat", related_name="apvs"
    )
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.FRAME)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    state_why = models.CharField(max_length=300, blank=True)
    became = models.CharField(max_length=200, blank=True)  # what it changed into
    sickness_absence = models.CharField(
        gettext_lazy("sickness absence, taken as a whole"), max_length=300, blank=True
    )
    released_at = models.DateTimeField(null=True, blank=True)
    begun_on = models.DateField()
    earlier = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="later"
    )
    signed_by_employer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_by_employer_at = models.DateTimeField(null=True, blank=True)
    signed_by_amo = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_by_amo_at = models.DateTimeField(null=True, blank=True)

    objects = ApvQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state__in=["running", "paused"]),
                name="one_apv_under_way_per_unit",
                violation_error_message=gettext_lazy("This unit has an APV under way already."),
            ),
            models.CheckConstraint(
                condition=Q(phase__in=["frame", "map", "assess"]) | ~Q(sickness_absence=""),
                name="acting_means_absence_was_considered",
                violation_error_message=gettext_lazy("Consider sickness absence as a whole first."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["paused", "changed"]) | ~Q(state_why=""),
                name="paused_or_changed_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed")
                | Q(signed_by_employer__isnull=False, signed_by_amo__isnull=False),
                name="signed_by_employer_and_amo",
            ),
        ]

    def __str__(self):
        return _("Leader-APV, %(unit)s") % {"unit": self.unit}

    def get_absolute_url(self):
        return reverse("wellbeing:apv", args=[self.pk])

    # ---- who may

    def is_seated(self, user: User, role: str | None = None) -> bool:
        return any(
            seat.person_id == user.pk and role in (None, seat.role) for seat in self.seats.all()
        )

    def may_be_led_by(self, user: User) -> bool:
        """The working group, leaders and AMO alike."""
        return self.is_seated(user)

    def may_be_framed_by(self, user: User) -> bool:
        return user.is_secretariat or user.pk == self.senior_manager_id or self.is_seated(user)

    def may_speak(self, user: User) -> bool:
        """Who writes statements: the unit's leaders and the working group, nobody above them."""
        if user.pk in (self.senior_manager_id, self.unit.head_id):
            return False
        within = Unit.objects.above(user.unit_id).filter(pk=self.unit_id)
        return self.is_seated(user) or (not user.is_secretariat and within.exists())

    def may_release(self, user: User) -> bool:
        """It is the leaders' own word, not the AMO's."""
        return self.is_seated(user, Seat.Role.LEADER)

    # ---- frame

    def appoint(self, person: User, role: str) -> "Seat":
        """Twice is once; a leader who represents the AMO sits there as that."""
        with transaction.atomic():
            self._lock()
            if person.organisation_id != self.organisation_id or person.left_at:
                raise ValidationError(_("Only people of this organisation can take part."))
            if person.pk == self.senior_manager_id:
                raise ValidationError(
                    _("The senior manager answers the proposals, and isn’t in the working group.")
                )
            seat, _new = self.seats.update_or_create(person=person, defaults={"role": role})
        return seat

    def dismiss(self, person: User) -> None:
        """Raises ValidationError where nobody of that kind would be left once it is under way."""
        with transaction.atomic():
            self._lock()
            seat = self.seats.filter(person=person).first()
            if not seat:
                return
            others = self.seats.filter(role=seat.role).exclude(pk=seat.pk)
            if self.phase != Apv.Phase.FRAME and not others.exists():
                raise ValidationError(_("Appoint somebody else first: one has to be there."))
            seat.delete()

    def frame(self, purpose: str, senior_manager: User) -> None:
        with transaction.atomic():
            self._lock()
            self.purpose, self.senior_manager = purpose, senior_manager
            if self.seats.filter(person=senior_manager).exists():
                raise ValidationError(
                    _("The senior manager answers the proposals, and isn’t in the working group.")
                )
            self.save(update_fields=["purpose", "senior_manager"])

    def missing_for_frame(self) -> list[str]:
        roles = {seat.role for seat in self.seats.all() if not seat.person.left_at}
        missing = [] if self.purpose else [_("Say what you want with it.")]
        if self.senior_manager.left_at:
            missing.append(_("Say who answers the proposals from now on."))
        if Seat.Role.LEADER not in roles:
            missing.append(_("Appoint one or more leaders to the working group."))
        if Seat.Role.AMO not in roles:
            missing.append(
                _("Appoint the AMO representative: the work environment organisation takes part "
                  "in the whole process.")
            )  # fmt: skip
        return missing

    def add_theme(self, guidepost=None, words: str = "") -> ApvTheme:
        """The same guidepost or words twice is one."""
        with transaction.atomic():
            self._lock()
            same = {"guidepost": guidepost} if guidepost else {"words__iexact": words}
            new = {"apv": self, "guidepost": guidepost, "words": "" if guidepost else words}
            return self.themes.filter(**same).first() or self.themes.create(**new)

    # ---- the course

    def go_to(self, phase: str, by: User, at: datetime | None = None) -> None:
        """Forwards as far as what is written allows, backwards always. Raises ValidationError."""
        phases = list(Apv.Phase)
        with transaction.atomic():
            self._lock()
            if phase == self.phase:
                return
            if missing := self.missing_for(phase):
                raise ValidationError(missing)
            onwards = phases.index(phase) > phases.index(self.phase)
            self.phase = phase
            self.save(update_fields=["phase"])
            if phase in Apv.WITH_A_PLAN and onwards:  # all that was said is assessed
                Statement.objects.filter(theme__apv=self).delete()
            self.tell(ApvEvent.What.WENT, by, at, Apv.Phase(phase).value)

    def missing_for(self, phase: str) -> list[str]:
        """Why that phase can't begin yet: what each phase before it owes."""
        reached = list(Apv.Phase).index(phase)
        missing = self.missing_for_frame() if reached > 0 else []
        if phase in Apv.WITH_A_PLAN:
            open_ones = Finding.objects.filter(theme__apv=self).unassessed().count()
            if open_ones:
                missing.append(
                    _("%(count)d findings lack severity, extent and cause.") % {"count": open_ones}
                    if open_ones > 1
                    else _("A finding lacks severity, extent and cause.")
                )
            if not self.sickness_absence:
                missing.append(
                    _("Say in a line whether sickness absence, as a whole, may have to do with it.")
                )
        return missing

    def consider_absence(self, words: str) -> None:
        with transaction.atomic():
            self._lock()
            if not words.strip() and self.phase in Apv.WITH_A_PLAN:
                raise ValidationError(_("Consider sickness absence as a whole first."))
            self.sickness_absence = words.strip()
            self.save(update_fields=["sickness_absence"])

    def release(self, by: User, at: datetime | None = None) -> None:
        """The senior manager may read the statements. It can't be taken back: he may have read."""
        at = at or timezone.now()
        with transaction.atomic():
            self._lock()
            if not self.released_at:
                self.released_at = at
                self.save(update_fields=["released_at"])
                self.tell(ApvEvent.What.RELEASED, by, at)

    def pause(self, why: str, by: User, at: datetime | None = None) -> None:
        self._enter(Apv.State.PAUSED, ApvEvent.What.PAUSED, by, at, why)

    def change_form(self, became: str, why: str, by: User, at: datetime | None = None) -> None:
        """It goes on as something else. All that was written stands, and can be taken up again."""
        self._enter(Apv.State.CHANGED, ApvEvent.What.CHANGED, by, at, why, became=became)

    def resume(self, by: User, at: datetime | None = None) -> None:
        with transaction.atomic():
            self._lock(running=False)
            if self.state not in (Apv.State.PAUSED, Apv.State.CHANGED):
                return
            beside = Apv.objects.filter(unit=self.unit, state__in=Apv.OPEN).exclude(pk=self.pk)
            if beside.exists():
                raise ValidationError(
                    _("%(unit)s has an APV under way already.") % {"unit": self.unit}
                )
            self.state, self.state_why = Apv.State.RUNNING, ""
            self.save(update_fields=["state", "state_why"])
            self.tell(ApvEvent.What.RESUMED, by, at)

    def _enter(self, state, what, by, at, why: str, became: str = "") -> None:
        with transaction.atomic():
            self._lock(running=False)
            if self.state == state:
                return
            if self.is_locked:
                raise ValidationError(_("It is signed. Begin a new round instead."))
            self.state, self.state_why, self.became = state, why, became
            self.save(update_fields=["state", "state_why", "became"])
            self.tell(what, by, at, " – ".join(filter(None, [became, why])))

    def sign(self, by: User, at: datetime | None = None) -> None:
        """As the employer or as the AMO; with both it is locked. Raises ValidationError."""
        at = at or timezone.now()
        with transaction.atomic():
            self._lock()
            employer = by.pk == self.senior_manager_id
            if not employer and not self.is_seated(by, Seat.Role.AMO):
                raise ValidationError(_("The senior manager and the AMO representative sign."))
            if missing := self.missing_for_signing():
                raise ValidationError(missing)
            side = "signed_by_employer" if employer else "signed_by_amo"
            if getattr(self, f"{side}_id"):
                return
            setattr(self, side, by)
            setattr(self, f"{side}_at", at)
            if self.signed_by_employer_id and self.signed_by_amo_id:
                self.state = Apv.State.SIGNED
                Statement.objects.filter(theme__apv=self).delete()
            self.save(update_fields=[side, f"{side}_at", "state"])
            self.tell(ApvEvent.What.SIGNED, by, at)

    def missing_for_signing(self) -> list[str]:
        missing = self.missing_for(Apv.Phase.FOLLOW_UP)
        if self.phase not in Apv.WITH_A_PLAN:
            missing.append(_("Go on to “act” first."))
        from wellbeing.models.action import Action

        if Action.objects.of(self).unanswered().exists():
            missing.append(_("The senior manager answers all proposals first."))
        return missing

    def unsign(self) -> None:
        """What one side signed says something else by now."""
        sides = ["signed_by_employer", "signed_by_amo"]
        if self.signed_by_employer_id or self.signed_by_amo_id:
            fields = [*sides, *(f"{side}_at" for side in sides)]
            for name in fields:
                setattr(self, name, None)
            self.save(update_fields=fields)

    def new_round(self, by: User, at: datetime | None = None) -> "Apv":
        """The same people and themes, each with when it was last covered. Twice is once."""
        at = at or timezone.now()
        with transaction.atomic():
            self._lock(running=False)
            if later := Apv.objects.filter(earlier=self).first():
                return later
            if not self.is_locked:
                raise ValidationError(_("Sign this round first."))
            later = Apv.objects.begin(
                self.unit, by, self.purpose, at, senior_manager=self.senior_manager, earlier=self
            )
            Seat.objects.bulk_create(
                [Seat(apv=later, person=one.person, role=one.role) for one in self.seats.all()]
            )
            for theme in self.themes.all():
                theme.go_on_in(later)
        return later

    # ---- what follows it

    def _lock(self, running: bool = True) -> None:
        """Hold the row, as it stands now. Raises ValidationError unless it is under way."""
        self.refresh_from_db(from_queryset=Apv.objects.select_for_update(no_key=True))
        if running:
            self.must_run()

    @property
    def next_phase(self) -> "Apv.Phase | None":
        phases = list(Apv.Phase)
        ahead = phases[phases.index(self.phase) + 1 :]
        return ahead[0] if ahead else None

    def must_run(self) -> None:
        if self.state == Apv.State.PAUSED:
            raise ValidationError(_("The APV is paused. Resume it first."))
        if self.state == Apv.State.CHANGED:
            raise ValidationError(_("The APV goes on in another form. Take it up again first."))
        if self.is_locked:
            raise ValidationError(_("It is signed, and stands as it is."))

    def tell(self, what: str, by: User | None, at: datetime | None = None, words: str = "") -> None:
        self.events.create(what=what, by=by, at=at or timezone.now(), words=words)

    @property
    def is_locked(self) -> bool:
        return self.state == Apv.State.SIGNED

    @property
    def is_running(self) -> bool:
        return self.state == Apv.State.RUNNING

    def today(self, at: datetime | None = None) -> date:
        return self.organisation.local_date(at or timezone.now())
