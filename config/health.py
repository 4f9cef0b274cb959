"""Alive, ready, and a few figures. Outside transactions, sessions and sign-in."""

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, transaction
from django.db.models import Count, Min
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from notifications.models import Delivery


@login_not_required
@transaction.non_atomic_requests
def healthz(request):
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@transaction.non_atomic_requests
def readyz(request):
    """503 only without the database: everything else can wait."""
    try:
        oldest = oldest_due_seconds()
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    return JsonResponse(
        {"database": True, "broker": broker_answers(), "oldest_due_seconds": oldest}
    )


@login_not_required
@transaction.non_atomic_requests
def metrics(request):
    """Prometheus text format: nothing in it is about a person."""
    counts = dict(Delivery.objects.values_list("state").annotate(Count("pk")))
    lines = ["# TYPE pejling_deliveries gauge"]
    lines += [f'pejling_deliveries{{state="{s}"}} {counts.get(s, 0)}' for s in Delivery.State]
    lines += [
        "# TYPE pejling_oldest_due_seconds gauge",
        f"pejling_oldest_due_seconds {oldest_due_seconds()}",
        "# TYPE pejling_broker_up gauge",
        f"pejling_broker_up {int(broker_answers())}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def oldest_due_seconds() -> float:
    now = timezone.now()
    oldest = Delivery.objects.due(now).aggregate(oldest=Min("due_at"))["oldest"]
    return round((now - oldest).total_seconds(), 1) if oldest else 0.0


def broker_answers() -> bool:
    options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **options) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
