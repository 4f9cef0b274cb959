"""Alive, ready, and a few figures. Outside transactions, sessions and sign-in."""

from datetime import timedelta

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, transaction
from django.db.models import Count, Min
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from notifications.models import Delivery

RECENTLY = timedelta(hours=1)


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
    dwelt = Delivery.objects.dwelt(timezone.now() - RECENTLY)
    lines = [
        "# HELP pejling_deliveries Messages of the last 90 days by kind and state.",
        "# TYPE pejling_deliveries gauge",
        *_counts(),
        "# TYPE pejling_oldest_due_seconds gauge",
        f"pejling_oldest_due_seconds {oldest_due_seconds()}",
        "# HELP pejling_dwell_seconds From due to handed over, of what was sent in the last hour.",
        "# TYPE pejling_dwell_seconds gauge",
        f'pejling_dwell_seconds{{quantile="0.5"}} {dwelt["median"]:.3f}',
        f'pejling_dwell_seconds{{quantile="0.99"}} {dwelt["p99"]:.3f}',
        f'pejling_dwell_seconds{{quantile="1"}} {dwelt["longest"]:.3f}',
        "# TYPE pejling_sent_last_hour gauge",
        f"pejling_sent_last_hour {dwelt['count']}",
        "# TYPE pejling_broker_up gauge",
        f"pejling_broker_up {int(broker_answers())}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def _counts() -> list[str]:
    """A line for each state, also where there are none, and then for each kind."""
    rows = Delivery.objects.values_list("kind", "state").order_by("kind", "state")
    by_kind = rows.annotate(count=Count("pk"))
    in_all = dict.fromkeys(Delivery.State.values, 0)
    for _kind, state, count in by_kind:
        in_all[state] += count
    return [
        *(f'pejling_deliveries{{state="{state}"}} {count}' for state, count in in_all.items()),
        "# TYPE pejling_deliveries_by_kind gauge",
        *(
            f'pejling_deliveries_by_kind{{kind="{kind}",state="{state}"}} {count}'
            for kind, state, count in by_kind
        ),
    ]


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
