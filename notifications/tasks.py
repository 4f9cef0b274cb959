from celery import shared_task

from notifications import delivery


@shared_task
def deliver() -> None:
    delivery.deliver_due()


@shared_task
def tidy() -> None:
    delivery.tidy()
