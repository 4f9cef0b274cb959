from celery import shared_task
from django.utils import timezone

from meetings import letting_go, reconciling


@shared_task
def reconcile() -> None:
    reconciling.reconcile()


@shared_task
def let_go() -> None:
    letting_go.let_go_of_meetings(timezone.now())
