"""A group as one of its members saw it: when it met, who came and went, when it rested."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from meetings.models import Meeting

KEPT = timedelta(days=3 * 366)  # as long as agendas are


@dataclass(frozen=True)
class Event:
    at: datetime
    kind: str
    of: Any


def events_of(group, membership, now) -> list[Event]:
    """The newest first; four queries. Nothing of what was said, nor who was there."""
    since = max(membership.joined_at, now - KEPT)
    held = Meeting.objects.filter(series__group=group, status=Meeting.Status.HELD)
    seats = list(group.memberships.select_related("user"))
    events = [Event(one.starts_at, "met", one) for one in held.filter(starts_at__gte=since)]
    events += [Event(one.joined_at, "came", one) for one in seats if one.joined_at > since]
    events += [Event(one.left_at, "left", one) for one in seats if (one.left_at or since) > since]
    for one in group.pauses.filter(paused_at__gt=since):
        events.append(Event(one.paused_at, "rested", one))
        if one.ended_at:
            events.append(Event(one.ended_at, "went_on", one))
    asked = group.reviews.filter(closed_at__gt=since, go_on__isnull=False)
    events += [Event(one.closed_at, "review", one) for one in asked]
    return sorted(events, key=lambda event: event.at, reverse=True)
