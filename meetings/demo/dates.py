"""A network group that met on other days than its members could, and goes on otherwise."""

from datetime import datetime, time, timedelta

from meetings.demo import people
from meetings.models import Meeting
from networks.models import Organisation


def go_on_otherwise(organisation: Organisation, now: datetime) -> None:
    """Decided some days ago: from the meeting after next on in the afternoon, somewhere else."""
    at = now - timedelta(days=6)
    name = list(people.NETWORKS)[1]
    coming = Meeting.objects.filter(series__group__organisation=organisation).for_page()
    meeting = coming.filter(series__group__name=name, starts_at__gt=now).order_by("starts_at")[1]
    heir = meeting.series.going_on_from(meeting)
    heir.time, heir.place, heir.interval_days = time(15), "Kulturhuset, mødelokale 1", 28
    while organisation.away_because(heir.starts_on) or heir.starts_on.weekday() != 2:
        heir.starts_on += timedelta(days=1)
    heir.ends_on = heir.starts_on + timedelta(days=28 * 4)
    meeting.series.change_from(meeting, heir, by=meeting.series.planned_by, at=at)
