"""Meetings as they were held: somebody in the chair, step by step, a little early or late."""

from datetime import datetime, timedelta
from itertools import cycle

from meetings.models import Meeting, Room
from networks.models import User

REMEMBERED = timedelta(days=30)  # how far back one can see how a meeting went
PACE = (0.9, 1.1, 1.0, 0.8, 1.2)  # of the time a step was given


def hold(meeting: Meeting, leaders: list[User], now: datetime) -> None:
    """Older meetings were held too, but nobody remembers how."""
    if meeting.ends_at < now - REMEMBERED:
        meeting.end()
        return
    chair, at = leaders[meeting.pk % len(leaders)], meeting.starts_at
    room, pace = Room.start(meeting, by=chair, at=at), cycle(PACE)
    for _ in room.steps:
        at += timedelta(seconds=room.steps[room.position]["seconds"] * next(pace))
        room.next(by=chair, at=at)
    room.close(by=chair, at=at)
    meeting.refresh_from_db(fields=["status"])
