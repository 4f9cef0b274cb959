"""What a closing week that came later, or goes again, touches in seasons that are planned.

Adding or removing one changes nothing by itself: these say what it would change, season by season,
and do it for those that somebody says yes to. A date is skipped, never slid.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from meetings.models import Cancellation, Invitation, Meeting, Series
from networks.models import ClosingPeriod


@dataclass
class Touched:
    """One season: which of its meetings would go, or come back, and how many get a mail."""

    series: Series
    meetings: list[Meeting]
    people: int = 0


def falling_in(period: ClosingPeriod, now: datetime) -> list[Touched]:
    """The seasons with meetings to come on days of that closing week."""
    meetings = (
        Meeting.objects.standing()
        .filter(
            series__group__organisation=period.organisation,
            starts_at__range=period.days,
            starts_at__gt=now,
        )
        .exclude(status=Meeting.Status.LIVE)
        .select_related("series__group__organisation")
    )
    return _by_season(meetings.order_by("starts_at", "pk"))


def skip(period: ClosingPeriod, seasons, by, at=None) -> int:
    """Cancel what falls in it, in these seasons (keys). Answers how many meetings that were."""
    at, count = at or timezone.now(), 0
    with transaction.atomic():
        for touched in falling_in(period, at):
            if touched.series.pk in seasons:
                series, keys = touched.series, [meeting.pk for meeting in touched.meetings]
                series.hold()
                chosen = series.meetings.filter(pk__in=keys)
                going = chosen.call_off(by, Cancellation.Why.CLOSED, period.name, at)
                for meeting in going:
                    meeting.hand_on_questions()
                series.note_last_day()
                series.tell(at)
                count += len(going)
    return count


def coming_back(period: ClosingPeriod, now: datetime) -> list[Touched]:
    """The seasons with dates that were skipped for that week only: unsaved where never planned."""
    organisation = period.organisation.without(period)
    seasons = (
        Series.objects.current(now.date())
        .filter(
            group__organisation=organisation,
            ended_at=None,
            starts_on__lte=period.ends_on,
            ends_on__gte=period.starts_on,
        )
        .select_related("group")
    )
    back = []
    rows = _rows_of(seasons)
    for series in seasons.order_by("group__name", "pk"):
        series.group.organisation = organisation
        back += _back_in(series, rows.get(series.pk, []), period, now)
    return _by_season(back)


def _rows_of(seasons) -> dict[int, list[Meeting]]:
    rows: dict[int, list[Meeting]] = {}
    for meeting in Meeting.objects.filter(series__in=seasons).select_related("cancellation"):
        rows.setdefault(meeting.series_id, []).append(meeting)
    return rows


def _back_in(series: Series, rows: list[Meeting], period: ClosingPeriod, now: datetime) -> list:
    """What was cancelled for that week, and the dates of the rhythm that were left out for it."""
    first, last = period.days
    known = {meeting.original_start for meeting in rows}
    found = [
        Meeting.of(series, date.starts_at)
        for date in series.dates()
        if first <= date.starts_at <= last and not date.skipped and date.starts_at not in known
    ]
    for meeting in rows:
        meeting.series = series
        skipped = meeting.is_cancelled and meeting.cancellation.why == Cancellation.Why.CLOSED
        if skipped and first <= meeting.starts_at <= last:
            found.append(meeting)
    standing = [meeting for meeting in rows if not meeting.is_cancelled]
    return [
        one
        for one in sorted(found, key=lambda meeting: meeting.starts_at)
        if one.starts_at > now and not any(one.overlaps(other) for other in standing)
    ]


def remove(period: ClosingPeriod, seasons, by, at=None) -> int:
    """Be open then after all. In these seasons (keys) what was skipped for it comes back."""
    at, count = at or timezone.now(), 0
    with transaction.atomic():
        for touched in coming_back(period, at):
            if touched.series.pk in seasons:
                touched.series.hold()
                for meeting in touched.meetings:
                    meeting.stand_again() if meeting.pk else meeting.save()
                touched.series.note_last_day()
                touched.series.tell(at)
                count += len(touched.meetings)
        period.delete()
    return count


def _by_season(meetings) -> list[Touched]:
    found: dict[int, Touched] = {}
    for meeting in meetings:
        found.setdefault(meeting.series_id, Touched(meeting.series, [])).meetings.append(meeting)
    told = Invitation.objects.standing().filter(series__in=found, entry__told_sequence__gt=0)
    people = dict(told.values_list("series").annotate(Count("pk")))
    for key, touched in found.items():
        touched.people = 0 if touched.series.group.rehearses else people.get(key, 0)
    return list(found.values())
