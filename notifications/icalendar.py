"""Calendar messages (iTIP, RFC 5546) and feeds, out of plain values: no database, no settings.

One season of meetings is one UID. What a recipient holds is the rhythm (RRULE) from the first
date that is theirs, without the dates that don't stand (EXDATE), and an override (RECURRENCE-ID)
for each meeting that stands elsewhere than the rhythm has it. A message about the season says all
of that each time, since calendars forget overrides when the season comes again.

SEQUENCE and stamp are the caller's: per person and UID, higher with each message, never lowered.
What each calendar program makes of it: docs/calendar-clients.md.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Conference,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
)

PRODUCT = "-//Pejling//Pejling//EN"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HOUR = timedelta(hours=1)
BRUSSELS = ZoneInfo("Europe/Brussels")
SPRING = datetime(1970, 3, 29, 1, tzinfo=UTC)  # the last Sundays of March and October at 01:00,
AUTUMN = datetime(1970, 10, 25, 1, tzinfo=UTC)  # of the year that calendar programs count from


@dataclass(frozen=True)
class Occurrence:
    """One meeting: the date of the rhythm it belongs to, and where it stands now."""

    original_start: datetime
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    standing: bool = True


@dataclass(frozen=True, kw_only=True)
class Season:
    """A season as one person is to see it: every meeting that is, or was, theirs.

    Dates of the rhythm between the first and the last that aren't among `occurrences` are
    skipped. `interval_days` 0 is something that happens once. The words are the caller's: for a
    network group a neutral title, and `private`.
    """

    uid: str
    title: str
    zone: ZoneInfo
    organizer: str  # a bare address of ours
    attendee: str = ""
    interval_days: int = 14
    minutes: int
    occurrences: tuple[Occurrence, ...]
    place: str = ""
    link: str = ""  # to the video meeting
    description: str = ""
    url: str = ""
    private: bool = False
    language: str = ""

    def __post_init__(self):
        if not self.occurrences:
            raise ValueError(f"{self.uid} has no meetings")
        if strangers := {one.original_start for one in self.occurrences} - set(self.rhythm):
            raise ValueError(f"{self.uid} has no such dates: {sorted(strangers)}")

    @property
    def rhythm(self) -> list[datetime]:
        """Every date from the first to the last, at the same time of day summer and winter."""
        starts = [self.local(one.original_start) for one in self.occurrences]
        first, days = min(starts), (max(starts).date() - min(starts).date()).days
        step = self.interval_days or days + 1
        return [first + timedelta(days=n) for n in range(0, days + 1, step)]

    @property
    def standing(self) -> list[Occurrence]:
        return [one for one in self.occurrences if one.standing]

    @property
    def left_out(self) -> list[datetime]:
        """The dates of the rhythm that nobody meets on: skipped, or cancelled."""
        standing = {one.original_start for one in self.standing}
        return [start for start in self.rhythm if start not in standing]

    @property
    def moved(self) -> list[Occurrence]:
        """What stands otherwise than the rhythm and the season's place have it."""
        if not self.interval_days:
            return []
        return [
            one
            for one in self.standing
            if replace(one, place=one.place or self.place) != self.planned(one.original_start)
        ]

    def planned(self, original_start: datetime) -> Occurrence:
        ends_at = original_start.astimezone(UTC) + timedelta(minutes=self.minutes)
        return Occurrence(original_start, original_start, ends_at, self.place)

    def until(self, moment: datetime) -> "Season | None":
        """This season with nothing that begins at `moment` or later; None if nothing is left."""
        return self._only([one for one in self.standing if one.starts_at < moment])

    def without_its_rest(self) -> "Season | None":
        """This season as far as something stands: its rhythm ends there."""
        return self._only(self.standing)

    def _only(self, left: list[Occurrence]) -> "Season | None":
        if not left:
            return None
        last = max(one.original_start for one in left)
        known = [one for one in self.occurrences if one.original_start <= last]
        kept = tuple(replace(one, standing=one in left) for one in known)
        return replace(self, occurrences=kept)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)


@dataclass(frozen=True)
class Message:
    """What goes into a mail, last among its alternatives: `attach_alternative(text, mimetype)`."""

    method: str
    text: str

    @property
    def mimetype(self) -> str:
        return f"text/calendar; method={self.method}"


# ---- the messages


def request(season: Season, sequence: int, stamp: datetime) -> Message:
    """The whole season as it stands."""
    if not season.standing:
        return cancel_all(season, sequence, stamp)
    events = _season(season, sequence=sequence, stamp=stamp)
    return _message("REQUEST", [season.zone], events, stamp)


def request_one(season: Season, one: Occurrence, sequence: int, stamp: datetime) -> Message:
    """One meeting elsewhere in time or place, or back where the rhythm has it."""
    event = _override(season, one, sequence=sequence, stamp=stamp)
    return _message("REQUEST", [season.zone], [event], stamp)


def cancel_one(season: Season, one: Occurrence, sequence: int, stamp: datetime) -> Message:
    event = _override(season, one, sequence=sequence, stamp=stamp, status="CANCELLED")
    return _message("CANCEL", [season.zone], [event], stamp)


def cancel_all(season: Season, sequence: int, stamp: datetime) -> Message:
    event = _master(season, sequence=sequence, stamp=stamp, status="CANCELLED")
    return _message("CANCEL", [season.zone], [event], stamp)


def change(
    season: Season, changed: Iterable[Occurrence], sequence: int, stamp: datetime
) -> Message:
    """The smallest message for who was told of the season before some meetings `changed`.

    One meeting alone, else the whole season: a message has one method, so a moved and a
    cancelled meeting can't share one otherwise. A cancelled meeting that stands again needs
    `request`, since a date that was left out can't be overridden.
    """
    changed = list(changed)
    if not season.standing or len(changed) != 1 or not season.interval_days:
        return request(season, sequence, stamp)
    one = changed[0]
    tell = request_one if one.standing else cancel_one
    return tell(season, one, sequence, stamp)


def end(season: Season, moment: datetime, sequence: int, stamp: datetime) -> Message:
    """Nothing from `moment` on: who leaves, or a season that another one takes over from.

    What lies behind stays, so the season ends earlier; only if nothing lies behind is it
    cancelled.
    """
    left = season.until(moment)
    return request(left, sequence, stamp) if left else cancel_all(season, sequence, stamp)


def published(
    seasons: Iterable[Season],
    stamp: datetime,
    zone: ZoneInfo,
    name: str = "",
    sequences: Mapping[str, int] | None = None,
) -> str:
    """A feed of these seasons: the same UIDs, no attendee, nothing to answer.

    `sequences` is the SEQUENCE of each UID, 0 where it isn't named.
    """
    standing = [replace(season, attendee="") for season in seasons if season.standing]
    zones = {zone: None} | {season.zone: None for season in standing}
    of = sequences or {}
    events = [
        event
        for season in standing
        for event in _season(season, sequence=of.get(season.uid, 0), stamp=stamp)
    ]
    called = {"NAME": _line(name), "X-WR-CALNAME": _line(name)} if name else {}
    return _message("PUBLISH", zones, events, stamp, **called).text


# ---- their parts


def _message(method: str, zones: Iterable[ZoneInfo], events: list[Event], stamp, **extra):
    calendar = Calendar()
    for name, value in {"PRODID": PRODUCT, "VERSION": "2.0", "METHOD": method, **extra}.items():
        calendar.add(name, value)
    years = [stamp.year, *(event["DTSTART"].dt.year for event in events)]
    for zone in zones:
        calendar.add_component(_timezone(zone, min(years), max(years) + 1))
    for event in events:
        calendar.add_component(event)
    return Message(method, calendar.to_ical().decode())


def _season(season: Season, **version) -> list[Event]:
    overrides = [_override(season, one, **version) for one in season.moved]
    return [_master(season, **version), *overrides]


def _master(season: Season, **version) -> Event:
    """The rhythm, without what doesn't stand. It begins at the first date even if that is out."""
    if not season.interval_days:
        return _override(season, season.occurrences[0], **version)
    event = _event(season, season.planned(season.rhythm[0]), **version)
    event.add("RRULE", _rule(season))
    if season.left_out:
        event.add("EXDATE", season.left_out)
    return event


def _rule(season: Season) -> dict:
    """Whole weeks as WEEKLY with its day, as Outlook and Google write theirs; else DAILY.

    UNTIL is the start of the last date, in UTC as RFC 5545 section 3.3.10 demands beside a TZID.
    """
    first, last = season.rhythm[0], season.rhythm[-1]
    weeks, rest = divmod(season.interval_days, 7)
    rule = {"FREQ": "DAILY", "INTERVAL": season.interval_days}
    if not rest:
        rule = {"FREQ": "WEEKLY", "INTERVAL": weeks, "BYDAY": WEEKDAYS[first.weekday()]}
    return rule | {"UNTIL": last.astimezone(UTC)}


def _override(season: Season, one: Occurrence, **version) -> Event:
    event = _event(season, one, **version)
    if season.interval_days:
        event.add("RECURRENCE-ID", season.local(one.original_start))
    return event


def _event(season: Season, one: Occurrence, *, sequence, stamp, status="CONFIRMED") -> Event:
    event = Event()
    event.add("UID", season.uid)
    event.add("DTSTAMP", stamp.astimezone(UTC))
    event.add("SEQUENCE", sequence)
    event.add("DTSTART", season.local(one.starts_at))
    event.add("DTEND", season.local(one.ends_at))
    event.add("STATUS", status)
    event.add("TRANSP", "OPAQUE")
    event.add("CLASS", "PRIVATE" if season.private else "PUBLIC")
    event.add("ORGANIZER", vCalAddress.new(season.organizer))
    if season.attendee:
        event.add("ATTENDEE", _guest(season.attendee))
        event.add("X-MICROSOFT-DISALLOW-COUNTER", "TRUE")  # nobody reads other proposals
    for name, text in (
        ("SUMMARY", _line(season.title)),
        ("LOCATION", _line(one.place or season.place or season.link)),
        ("DESCRIPTION", "\n".join(_line(line) for line in season.description.splitlines())),
    ):
        if text:
            event.add(name, text, {"LANGUAGE": season.language or None})
    if season.url:
        event.add("URL", season.url)
    if season.link:
        event.add("CONFERENCE", Conference(season.link, feature="VIDEO").to_uri())
    return event


def _guest(address: str) -> vCalAddress:
    """Invited and not asked for an answer: nobody reads it, and the page is where to say it."""
    return vCalAddress.new(
        address, cutype="INDIVIDUAL", role="REQ-PARTICIPANT", partstat="NEEDS-ACTION", rsvp=False
    )


def _line(text: str) -> str:
    """One line without control characters, which a calendar must not hold."""
    line = " ".join(text.split())
    return "".join(c for c in line if unicodedata.category(c) not in ("Cc", "Cs"))


# ---- the time zone


@lru_cache
def _timezone(zone: ZoneInfo, first_year: int, last_year: int) -> Timezone:
    """The zone's rules, in two lines where the clocks change as in the European Union.

    The library lists each single change; Thunderbird and Nextcloud then show the hour wrong.
    """
    first, last = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year, 12, 31, tzinfo=UTC)
    days = range((last - first).days)
    moments = [first + timedelta(days=day, minutes=m) for day in days for m in (59, 60)]
    ahead = {_offset(zone, moment) - _offset(BRUSSELS, moment) for moment in moments}
    winter = ahead.pop() + HOUR
    if ahead or not -HOUR <= winter < 22 * HOUR:  # else it changes on another day than Sunday
        return Timezone.from_tzid(zone.key, first_date=first.date(), last_date=last.date())
    made = Timezone()
    made.add("TZID", zone.key)
    for part, change, before, after in (
        (TimezoneStandard(), AUTUMN, winter + HOUR, winter),
        (TimezoneDaylight(), SPRING, winter, winter + HOUR),
    ):
        named = datetime(first_year, change.month, 31, 12, tzinfo=UTC)
        part.add("DTSTART", (change + before).replace(tzinfo=None))
        part.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": change.month, "BYDAY": "-1SU"})
        part.add("TZNAME", named.astimezone(zone).tzname())
        part.add("TZOFFSETFROM", before)
        part.add("TZOFFSETTO", after)
        made.add_component(part)
    return made


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset()
