"""Meetings as they were held: somebody in the chair, step by step, a little early or late."""

from datetime import datetime, timedelta
from itertools import cycle

from meetings.models import Meeting, Part, Room, Sparring
from networks.models import User

REMEMBERED = timedelta(days=30)  # how far back one can see how a meeting went
BEGUN = timedelta(minutes=6)
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


def be_under_way(organisation, cast, now: datetime) -> None:
    """Fyret met a few minutes ago: Jonas leads, and Dorte has said yes to her question."""
    jonas, dorte = cast["Jonas Lindgaard"], cast["Dorte Nygaard"]
    coming = Meeting.objects.standing().filter(
        series__group__organisation=organisation, series__group__name="Fyret", starts_at__gt=now
    )
    meeting, begun = coming.for_page().order_by("starts_at").first(), now - BEGUN
    if meeting is None:
        return
    meeting.move(begun.replace(second=0, microsecond=0), by=jonas, at=now - timedelta(days=3))
    talk = Sparring.objects.prepare(meeting, by=jonas, as_host=True, at=begun)
    if talk.focus_person == dorte:
        talk.take(Part.Role.FOCUS, dorte)
    Room.start(meeting, by=jonas, at=begun)
