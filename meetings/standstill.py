"""A group rests, goes on, or closes well: what becomes of it and of its meetings, in one go."""

from datetime import date, time

from django.db import transaction
from django.utils import timezone

from meetings.models import Cancellation, DateSearch, Meeting, Series
from networks.models import Ending, Pause


def pause(group, by, reason: str, until: date, at=None) -> Pause | None:
    """Let it rest until that day. What falls in between is cancelled with one mail a season; what
    was planned for later stands. Done twice it is done once.
    """
    at = at or timezone.now()
    with transaction.atomic():
        begun = Pause.begin(group, by, reason, until, at=at)
        if begun:
            _call_off(group, by, reason, at, before=group.organisation.at(begun.until, time.min))
        return begun


def close(group, by, farewell: str = "", at=None) -> Ending:
    """For good. All that is to come is cancelled, with one mail a season; what was held stays."""
    at = at or timezone.now()
    with transaction.atomic():
        ending = Ending.of(group, by, farewell, at=at)
        DateSearch.objects.open().filter(group=group).update(closed_at=at)
        for season in Series.objects.filter(group=group).current(at.date()):
            coming = season.meetings.standing().filter(starts_at__gt=at)
            if coming.exclude(status=Meeting.Status.LIVE).exists():
                season.end(by, at=at)
        return ending


def meetings_until(group, until: date | None, now) -> list[Meeting]:
    """What a pause until that day would cancel; without a day, what an ending would."""
    coming = Meeting.objects.filter(series__group=group, starts_at__gt=now).standing()
    if until:
        coming = coming.filter(starts_at__lt=group.organisation.at(until, time.min))
    return list(coming.order_by("starts_at", "pk"))


def _call_off(group, by, reason: str, at, before) -> None:
    for season in Series.objects.filter(group=group).current(at.date()):
        season.hold()
        between = season.meetings.filter(starts_at__gt=at, starts_at__lt=before)
        going = between.call_off(by, Cancellation.Why.ALONE, reason, at)
        for meeting in going:
            meeting.hand_on_questions()
        if going:
            season.note_last_day()
            season.tell(at)
