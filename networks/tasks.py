from celery import shared_task
from django.utils import timezone

from networks import composing


@shared_task
def heavy_compositions() -> None:
    composing.compose_what_lies(timezone.now())
