"""What is kept no longer than it is needed (design.md section 4): each night, idempotent."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q

from meetings.models import (
    AgendaItem,
    ApvItem,
    Commitment,
    Meeting,
    ParkedItem,
    ParkingSuggestion,
    Support,
    Trace,
)
from wellbeing.models import Apv

PARKED = timedelta(days=90)  # after it was closed
AGENDAS = timedelta(days=3 * 365)
AT_ONCE = 1000


def let_go_of_meetings(now: datetime) -> None:
    Commitment.objects.forget(now)
    let_go_of_parked(now)
    while let_go_of_questions(now):
        pass
    let_go_of_apvs(now)


def let_go_of_parked(now: datetime) -> None:
    """What it was goes; that something was parked still counts."""
    with transaction.atomic():
        old = ParkedItem.objects.filter(closed_at__lt=now - PARKED).select_for_update()
        gone = list(old.order_by("pk").values_list("pk", flat=True))
        counts = ParkedItem.objects.filter(pk__in=gone, meeting__isnull=False).order_by()
        for one in counts.values("meeting").annotate(number=Count("pk")):
            Meeting.objects.filter(pk=one["meeting"]).update(
                parked_gone=F("parked_gone") + one["number"]
            )
        ParkedItem.objects.filter(pk__in=gone).delete()


def let_go_of_questions(now: datetime) -> int:
    """Three years after their meeting, or after somebody asked; answers how many went."""
    old = now - AGENDAS
    of_old_meetings = Q(meeting__ends_at__lt=old) | Q(meeting=None, season__ends_on__lt=old.date())
    nowhere = Q(meeting=None, season=None, proposed_at__lt=old)
    with transaction.atomic():
        found = AgendaItem.objects.filter(of_old_meetings | nowhere).order_by("pk")
        gone = list(found.values_list("pk", flat=True)[:AT_ONCE])
        for model in (Support, ParkingSuggestion, Trace, ApvItem):
            model.objects.filter(item__in=gone).delete()
        ParkedItem.objects.filter(item__in=gone).update(item=None)
        AgendaItem.objects.filter(pk__in=gone).delete()
    return len(gone)


def let_go_of_apvs(now: datetime) -> None:
    """The questions that were asked for its sake stay as long as their meetings do."""
    for apv in Apv.objects.to_let_go(now):
        with transaction.atomic():
            ApvItem.objects.filter(apv=apv).delete()
            Apv.objects.filter(pk=apv.pk).let_go()
