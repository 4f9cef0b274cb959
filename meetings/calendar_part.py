"""The calendar part of a mail: what stands for one person, as `notifications.icalendar` takes it.

A network group has a neutral title and is private: calendars are often open to colleagues.
"""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from meetings.models import Invitation
from meetings.models.invitation import STANDING
from notifications import icalendar


def invitation(invited: Invitation, now: datetime) -> icalendar.Message:
    season = season_of(invited, invited.as_it_stands(now))
    return icalendar.request(season, invited.entry.sequence, now)


def change(invited: Invitation, now: datetime) -> icalendar.Message:
    """The difference to what was told; who has left keeps what lies behind."""
    told, sequence = invited.entry.told, invited.entry.sequence
    if invited.ended_at:
        return icalendar.end(season_of(invited, told), now, sequence, now)
    stands = invited.as_it_stands(now)
    season = season_of(invited, stands)
    keys = [key for key in stands if stands[key] != told.get(key)]
    if invited.series.ended_at and season.standing:  # an earlier UNTIL, also after a change before
        return icalendar.request(season.without_its_rest(), sequence, now)
    if any(key not in told or not told[key][STANDING] for key in keys):  # new, or standing again
        return icalendar.request(season, sequence, now)
    return icalendar.change(season, [occurrence(key, stands[key]) for key in keys], sequence, now)


def season_of(invited: Invitation, stands: dict[str, list]) -> icalendar.Season:
    series, person = invited.series, invited.user
    url = settings.SITE_URL + series.get_absolute_url()
    return icalendar.Season(
        uid=series.uid,
        title=series.group.name if series.group.is_team else _("Network meeting"),
        zone=series.group.organisation.zone,
        organizer=settings.ORGANIZER_EMAIL,
        attendee=person.email,
        interval_days=series.interval_days,
        minutes=series.minutes,
        occurrences=tuple(occurrence(key, told) for key, told in sorted(stands.items())),
        place=series.place or series.link,
        link=series.link,
        description="\n".join(filter(None, [series.link, url])),
        url=url,
        private=not series.group.is_team,
        language=person.language,
    )


def occurrence(key: str, told: list) -> icalendar.Occurrence:
    starts_at, ends_at, place, standing, link = told
    return icalendar.Occurrence(
        original_start=datetime.fromisoformat(key),
        starts_at=datetime.fromisoformat(starts_at),
        ends_at=datetime.fromisoformat(ends_at),
        place=place or link,
        standing=standing,
    )
