"""What a feed says: the person's own meetings to come and of the last three months, as they stand.

Titles and words are those of the invitations: neutral and private for a network group.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils import translation

from meetings import calendar_part
from meetings.models import Feed, Meeting
from meetings.models.invitation import Invitation
from notifications import icalendar

BACK = timedelta(days=92)
FORM = 1  # raise it when the same dates are written otherwise, so that calendars fetch them again
END = 1  # place in the ledger's [starts_at, ends_at, place, standing]


@dataclass(frozen=True)
class Dates:
    """Everything that is written into a feed, before the work of writing it."""

    seasons: tuple[icalendar.Season, ...]
    sequences: dict[str, int]
    zone: ZoneInfo
    name: str

    @cached_property
    def fingerprint(self) -> str:
        said = (FORM, self.seasons, sorted(self.sequences.items()), self.zone.key, self.name)
        return sha256(repr(said).encode()).hexdigest()

    def written(self, stamp: datetime) -> str:
        return icalendar.published(self.seasons, stamp, self.zone, self.name, self.sequences)


def dates(feed: Feed, now: datetime) -> Dates:
    zone = feed.person.organisation.zone
    since = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0) - BACK
    with translation.override(feed.person.language):
        seasons, sequences = [], {}
        for invited in _invitations(feed, since):
            if season := _season(invited, since, now):
                seasons.append(season)
                sequences[season.uid] = invited.entry.sequence
        name = str(feed.group) if feed.group and feed.group.is_team else "Pejling"
    return Dates(tuple(seasons), sequences, zone, name)


def _invitations(feed: Feed, since: datetime):
    lately = Meeting.objects.filter(series=OuterRef("series"), ends_at__gte=since)
    return (
        feed.invitations()
        .filter(Exists(lately))
        .select_related("entry", "user", "series__group__organisation")
        .prefetch_related("series__meetings")
        .order_by("pk")
    )


def _season(invited: Invitation, since: datetime, now: datetime) -> icalendar.Season | None:
    stands = {
        key: told
        for key, told in invited.as_it_stands(now).items()
        if datetime.fromisoformat(told[END]) >= since
    }
    return calendar_part.season_of(invited, stands) if stands else None
