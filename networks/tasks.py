from celery import shared_task
from django.utils import timezone

from networks import composing, models


@shared_task
def heavy_compositions() -> None:
    composing.compose_what_lies(timezone.now())


@shared_task
def heavy_imports() -> None:
    models.Import.objects.go_on()


@shared_task
def forget_imports() -> None:
    models.Import.objects.forget_old(timezone.now())
