"""The rounds of a unit's APVs: how one begins, whether it is followed up, how long it is kept."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from networks.models import Unit, User
from wellbeing.models.apv_event import ApvEvent
from wellbeing.models.apv_seat import Seat
from wellbeing.models.apv_theme import ApvTheme, Heading
from wellbeing.models.statement import Statement

KEPT = timedelta(days=3 * 365)  # after it was signed, or went on in another form; never the current


class RoundQuerySet(models.QuerySet):
    def followed_up(self):
        """Whose actions are to come onto every third leader meeting: those of a signed round until
        the next one has a plan of its own.
        """
        planned = Q(phase__in=self.model.WITH_A_PLAN)
        next_is_planned = Q(later__phase__in=self.model.WITH_A_PLAN)
        return self.filter(Q(planned, state="running") | Q(~next_is_planned, state="signed"))

    def units_to_begin(self, user: User):
        """Where this person may begin one: the secretariat anywhere, a head in their own unit."""
        headed = {"head__isnull": False, "head__left_at": None}
        here = Unit.objects.filter(organisation=user.organisation_id or 0, **headed)
        here = here.exclude(apvs__state__in=self.model.OPEN).order_by("name", "pk")
        return here if user.is_secretariat else here.filter(head=user)

    def begin(self, unit: Unit, by: User, purpose: str = "", at=None, **values) -> models.Model:
        """The nine headings come along. Raises ValidationError while another is under way."""
        at = at or timezone.now()
        with transaction.atomic():
            Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
            if self.filter(unit=unit, state__in=self.model.OPEN).exists():
                raise ValidationError(_("%(unit)s has an APV under way already.") % {"unit": unit})
            senior = values.pop("senior_manager", None) or unit.head
            if not senior:
                raise ValidationError(_("Say first who heads %(unit)s.") % {"unit": unit})
            apv = self.create(
                organisation=unit.organisation,
                unit=unit,
                purpose=purpose,
                senior_manager=senior,
                begun_on=unit.organisation.local_date(at),
                **values,
            )
            if not apv.earlier:
                apv.themes.bulk_create([ApvTheme(apv=apv, heading=one) for one in Heading])
            apv.tell(ApvEvent.What.BEGUN, by, at)
        return apv

    def to_let_go(self, now):
        """Over for three years, followed up on no meeting, and the unit has a newer one."""
        newer = self.model.objects.filter(unit=OuterRef("unit"), pk__gt=OuterRef("pk"))
        over = self.filter(state__in=["signed", "changed"])
        rows = over.annotate(ended_at=Max("events__at")).filter(ended_at__lt=now - KEPT)
        in_use = self.model.objects.followed_up().values("pk")
        return rows.filter(Exists(newer)).exclude(pk__in=in_use).order_by("pk")

    def let_go(self) -> None:
        """With all that was written in it. What was carried on stands in the round after."""
        from wellbeing.models.action import Action
        from wellbeing.models.finding import Assessment, Finding
        from wellbeing.models.presentation import Presentation

        gone = list(self.values_list("pk", flat=True))
        with transaction.atomic():
            Presentation.objects.filter(apv__in=gone).forget_apv()
            findings = Finding.objects.filter(theme__apv__in=gone)
            Finding.objects.filter(carried_from__in=findings).update(carried_from=None)
            Statement.objects.filter(theme__apv__in=gone).delete()
            Action.objects.filter(assessment__finding__in=findings).delete()
            Assessment.objects.filter(finding__in=findings).delete()
            findings.delete()
            ApvTheme.objects.filter(apv__in=gone).delete()
            apvs = self.model.objects.filter(pk__in=gone)
            for beside in (Seat, ApvEvent):
                beside.objects.filter(apv__in=gone).delete()
            self.model.objects.filter(earlier__in=gone).update(earlier=None)
            apvs.delete()
