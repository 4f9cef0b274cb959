"""A small calendar that judges our messages as a recipient's calendar would (RFC 5546).

It reads with vobject and expands with dateutil: neither wrote the message. What it knows of time
zones is only what the message says (VTIMEZONE).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from enum import Enum
from functools import lru_cache

import vobject.icalendar
from dateutil.rrule import rrulestr


class Manner(Enum):
    STRICT = "as RFC 5546 has it"
    FORGETS = "drops every exception when the series comes again, as Exchange does"
    REPLACES = "drops all it had of the UID with each message, as SabreDAV does (Nextcloud)"


class Malformed(Exception):
    """No calendar could be expected to read this."""


@dataclass
class Entry:
    """What is held of one UID. An instance that is None was cancelled."""

    version: tuple = ()
    master: object = None
    instances: dict[datetime, tuple] = field(default_factory=dict)


class CalendarClient:
    def __init__(self, manner: Manner = Manner.STRICT):
        self.manner = manner
        self.entries: dict[str, Entry] = {}

    def receive_mail(self, mail: EmailMessage) -> None:
        """A mail as it arrives: the invitation is the last of its alternatives."""
        body = mail.get_body(("plain",))
        groups = [p for p in mail.walk() if p.get_content_type() == "multipart/alternative"]
        if body is None or len(groups) != 1:
            raise Malformed("one multipart/alternative with plain text in it")
        part = groups[0].get_payload()[-1]
        if part.get_content_type() != "text/calendar":
            raise Malformed("text/calendar isn't the last alternative")
        text = part.get_payload(decode=True).decode()
        if part["Content-Transfer-Encoding"] != "base64":  # text: on its way it ends in CRLF
            text = text.replace("\r\n", "\n").replace("\n", "\r\n")
        if part["Content-Type"].params.get("method") != read(text).method.value:
            raise Malformed("METHOD and the method parameter differ")
        self.receive(text)

    def receive(self, text: str) -> None:
        calendar = read(text)
        check(text, calendar)
        method, events = calendar.method.value, getattr(calendar, "vevent_list", [])
        if method == "PUBLISH":
            self.entries = {}  # a feed is fetched whole
        if self.manner is Manner.REPLACES:
            self._replace(method, events)
        for event in sorted(events, key=lambda event: hasattr(event, "recurrence_id")):
            self._apply(None if method == "CANCEL" else event, event)

    def _replace(self, method: str, events: list) -> None:
        uid, newest = events[0].uid.value, max(version(event) for event in events)
        if method == "CANCEL" or newest > self.entry(uid).version:
            self.entries[uid] = Entry(version=newest if method == "CANCEL" else ())

    def _apply(self, content, event) -> None:
        entry, new = self.entry(event.uid.value), version(event)
        if not hasattr(event, "recurrence_id"):
            if new <= entry.version:
                return  # late or twice
            entry.version, entry.master = new, content
            newer = {k: held for k, held in entry.instances.items() if held[0] > new}
            entry.instances = newer if self.manner is Manner.STRICT else {}
            return
        which = instant(event.recurrence_id.value)
        held = entry.instances.get(which, (entry.version,))[0]
        if new > held or (new == held and which not in entry.instances):
            entry.instances[which] = (new, content)

    def entry(self, uid: str) -> Entry:
        return self.entries.setdefault(uid, Entry())

    def standing(self) -> set[tuple]:
        """(start, end, place) of everything in this calendar."""
        found = []
        for entry in self.entries.values():
            found += [as_told(event) for _, event in entry.instances.values() if event]
            if entry.master:
                told = [one for one in expand(entry.master) if one[0] not in entry.instances]
                found += told
        assert len(found) == len(set(found)), "one meeting stands twice"
        return set(found)


@lru_cache(maxsize=64)
def read(text: str):
    known = vars(vobject.icalendar)["__tzidMap"]  # it would go on with the zone it met first
    known.clear()
    known["UTC"] = UTC
    return vobject.readOne(text)


def version(event) -> tuple:
    return int(event.sequence.value), instant(event.dtstamp.value)


def instant(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def as_told(event) -> tuple:
    place = event.location.value if hasattr(event, "location") else ""
    return instant(event.dtstart.value), instant(event.dtend.value), place


def expand(event) -> list[tuple]:
    start, end, place = as_told(event)
    if not hasattr(event, "rrule"):
        return [(start, end, place)]
    without = {instant(d) for line in getattr(event, "exdate_list", []) for d in line.value}
    starts = {instant(d) for d in rrulestr(event.rrule.value, dtstart=event.dtstart.value)}
    if without - starts:
        raise Malformed(f"EXDATE of dates that aren't in the series: {without - starts}")
    return [(one, one + (end - start), place) for one in sorted(starts - without)]


def check(text: str, calendar) -> None:
    """What RFC 5545 and 5546 demand of the form, as far as calendars have stumbled over it."""
    lines = text.split("\r\n")
    must("\n" not in text.replace("\r\n", ""), "lines end in CRLF")
    must(max(len(line.encode()) for line in lines) <= 75, "lines are folded")
    must(
        not any(ord(c) < 32 and c != "\t" for line in lines for c in line), "no control characters"
    )
    must(calendar.version.value == "2.0" and calendar.prodid.value, "VERSION and PRODID")
    method = calendar.method.value
    must(method in ("REQUEST", "CANCEL", "PUBLISH"), "a METHOD we send")
    zones = {zone.tzid.value for zone in getattr(calendar, "vtimezone_list", [])}
    events = getattr(calendar, "vevent_list", [])
    must(method == "PUBLISH" or len({event.uid.value for event in events}) == 1, "one UID")
    for event in events:
        for line in event.lines():
            used = line.params.get("X-VOBJ-ORIGINAL-TZID", line.params.get("TZID", []))
            must(zones.issuperset(used), "each TZID is defined")
        _check_event(event, method)


def _check_event(event, method: str) -> None:
    start, end = event.dtstart.value, event.dtend.value
    must(start.tzinfo and end > start, "it ends after it starts")
    must(event.dtstamp.value.utcoffset().total_seconds() == 0, "DTSTAMP in UTC")
    must(event.organizer.value.startswith("mailto:"), "an ORGANIZER")
    must(not event.organizer.params, "as a bare address")
    guests = getattr(event, "attendee_list", [])
    must(len(guests) == (method != "PUBLISH"), "its recipient as ATTENDEE, and nobody else")
    must((event.status.value == "CANCELLED") == (method == "CANCEL"), "STATUS as METHOD")
    if hasattr(event, "rrule"):
        must(event.rrule.value.count("UNTIL") == 1, "a season ends")
        until = dict(part.split("=") for part in event.rrule.value.split(";"))["UNTIL"]
        must(until.endswith("Z"), "UNTIL in UTC")
        must(not hasattr(event, "recurrence_id"), "an override has no rule")


def must(true, what: str) -> None:
    if not true:
        raise Malformed(f"a message must have: {what}")
