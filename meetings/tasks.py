from celery import shared_task

from meetings import reconciling


@shared_task
def reconcile() -> None:
    reconciling.reconcile()
