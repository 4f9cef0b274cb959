"""How long an APV is kept: three years after its round ended, and always the current one."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef

from wellbeing.models.apv_event import ApvEvent
from wellbeing.models.apv_seat import Seat
from wellbeing.models.statement import Statement

KEPT = timedelta(days=3 * 365)  # after it was signed, or went on in another form


class KeptQuerySet(models.QuerySet):
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
        from wellbeing.models.apv_theme import ApvTheme
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
