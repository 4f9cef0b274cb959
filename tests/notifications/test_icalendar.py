from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifications import icalendar
from notifications.icalendar import Occurrence, Season
from tests.notifications.calendar_client import CalendarClient, Malformed, Manner, as_told, read

HERE = ZoneInfo("Europe/Copenhagen")
STAMP = datetime(2026, 11, 9, 9, tzinfo=UTC)
MINUTES = 90


def make_season(first=date(2026, 10, 12), dates=6, skipped=(), clock=time(9), **values):
    """A season of so many dates, those with the numbers in `skipped` left out."""
    zone, step = values.get("zone", HERE), values.get("interval_days", 14)
    starts = [
        datetime.combine(first + timedelta(days=n * step), clock, zone).astimezone(UTC)
        for n in range(dates)
        if n not in skipped
    ]
    meetings = [Occurrence(s, s, s + timedelta(minutes=MINUTES)) for s in starts]
    defaults = {
        "uid": "season-7@pejling.example",
        "title": "Leader meeting",
        "zone": HERE,
        "organizer": "calendar@pejling.example",
        "attendee": "karen@havby.example",
        "minutes": MINUTES,
        "place": "Room 2",
        "occurrences": tuple(meetings),
    }
    return Season(**{**defaults, **values})


def with_one(season: Season, number: int, **values) -> tuple[Season, Occurrence]:
    """The season with one meeting changed, and that meeting."""
    meetings = list(season.occurrences)
    meetings[number] = replace(meetings[number], **values)
    return replace(season, occurrences=tuple(meetings)), meetings[number]


def move(season: Season, number: int, by: timedelta) -> tuple[Season, Occurrence]:
    one = season.occurrences[number]
    start = one.original_start + by
    return with_one(season, number, starts_at=start, ends_at=start + timedelta(minutes=MINUTES))


def what_stands(season: Season) -> set:
    return {(one.starts_at, one.ends_at, one.place or season.place) for one in season.standing}


def held_after(*messages, manner=Manner.STRICT) -> set:
    client = CalendarClient(manner)
    for message in messages:
        client.receive(message.text)
    return client.standing()


def starts(held: set) -> list[str]:
    return [f"{start:%m-%d %H:%M}" for start, _, _ in sorted(held)]


# ---- one message


def test_nine_is_nine_on_both_sides_of_the_clock_change():
    autumn = held_after(icalendar.request(make_season(dates=2), 1, STAMP))
    spring = held_after(icalendar.request(make_season(date(2027, 3, 22), dates=2), 1, STAMP))
    assert starts(autumn) == ["10-12 07:00", "10-26 08:00"]
    assert starts(spring) == ["03-22 08:00", "04-05 07:00"]


def test_skipped_dates_are_left_out_and_the_others_keep_their_place():
    season = make_season(date(2026, 12, 7), dates=4, skipped=[1, 2])
    held = held_after(icalendar.request(season, 1, STAMP))
    assert starts(held) == ["12-07 08:00", "01-18 08:00"]


def test_whole_weeks_are_weekly_with_a_day_and_end_in_utc():
    text = icalendar.request(make_season(dates=3), 1, STAMP).text
    assert "RRULE:FREQ=WEEKLY;UNTIL=20261109T080000Z;INTERVAL=2;BYDAY=MO" in text
    odd = icalendar.request(make_season(dates=3, interval_days=10), 1, STAMP).text
    assert "RRULE:FREQ=DAILY;UNTIL=20261101T080000Z;INTERVAL=10" in odd


def test_moving_the_third_says_only_the_third():
    before = make_season()
    season, third = move(before, 2, timedelta(days=1, hours=4))
    message = icalendar.change(season, [third], 2, STAMP)
    (event,) = read(message.text).vevent_list
    assert message.method == "REQUEST"
    assert event.recurrence_id.value == third.original_start
    assert as_told(event)[0] == third.starts_at
    assert held_after(icalendar.request(before, 1, STAMP), message) == what_stands(season)


def test_cancelling_one_leaves_the_others():
    before = make_season()
    season, one = with_one(before, 3, standing=False)
    message = icalendar.change(season, [one], 2, STAMP)
    assert message.method == "CANCEL"
    held = held_after(icalendar.request(before, 1, STAMP), message)
    assert len(held) == 5
    assert held == what_stands(season)


def test_a_moved_and_a_cancelled_meeting_share_one_message():
    before = make_season()
    season, moved = move(before, 1, timedelta(hours=2))
    season, gone = with_one(season, 4, standing=False)
    message = icalendar.change(season, [moved, gone], 2, STAMP)
    assert held_after(icalendar.request(before, 1, STAMP), message) == what_stands(season)


def test_the_first_meeting_cancelled_leaves_the_rhythm_where_it_was():
    season, _ = with_one(make_season(), 0, standing=False)
    message = icalendar.request(season, 2, STAMP)
    assert read(message.text).vevent.dtstart.value.date() == date(2026, 10, 12)
    assert held_after(message) == what_stands(season)


def test_who_leaves_keeps_what_lies_behind():
    season = make_season()
    message = icalendar.end(season, season.occurrences[2].starts_at, 2, STAMP)
    assert message.method == "REQUEST"
    assert "UNTIL=20261026T080000Z" in message.text
    assert "EXDATE" not in message.text
    assert starts(held_after(icalendar.request(season, 1, STAMP), message)) == [
        "10-12 07:00",
        "10-26 08:00",
    ]


def test_who_leaves_before_the_first_meeting_gets_a_cancellation():
    season = make_season()
    message = icalendar.end(season, season.occurrences[0].starts_at, 2, STAMP)
    assert message.method == "CANCEL"
    assert held_after(icalendar.request(season, 1, STAMP), message) == set()


def test_leaving_counts_when_a_meeting_was_held_and_not_its_original_date():
    season, early = move(make_season(), 3, -timedelta(days=27))  # before the third
    season, late = move(season, 0, timedelta(days=60))
    left = icalendar.end(season, season.occurrences[2].starts_at, 2, STAMP)
    assert {start for start, _, _ in held_after(left)} == {
        early.starts_at,
        season.occurrences[1].starts_at,
    }
    assert late.starts_at not in {start for start, _, _ in held_after(left)}


def test_something_that_happens_once_is_no_series():
    day = make_season(dates=1, interval_days=0, title="Theme day")
    moved, one = move(day, 0, timedelta(days=3))
    message = icalendar.change(moved, [one], 2, STAMP)
    assert not {"rrule", "recurrence-id"} & read(message.text).vevent.contents.keys()
    assert held_after(icalendar.request(day, 1, STAMP), message) == what_stands(moved)
    gone, one = with_one(moved, 0, standing=False)
    told = icalendar.change(gone, [one], 3, STAMP)
    assert held_after(icalendar.request(day, 1, STAMP), message, told) == set()


def test_a_meeting_outside_the_rhythm_is_refused():
    season = make_season()
    extra = replace(season.occurrences[1], original_start=STAMP)
    with pytest.raises(ValueError, match="no such dates"):
        replace(season, occurrences=(*season.occurrences, extra))
    with pytest.raises(ValueError, match="no meetings"):
        replace(season, occurrences=())


# ---- who may read it


def test_a_network_group_is_private_and_its_guest_is_asked_for_nothing():
    text = icalendar.request(make_season(private=True, title="Optaget"), 1, STAMP).text
    guest = read(text).vevent.attendee
    assert "CLASS:PRIVATE" in text
    assert guest.params["RSVP"] == ["FALSE"]
    assert guest.params["PARTSTAT"] == ["NEEDS-ACTION"]
    assert "CN=" not in text


@pytest.mark.parametrize("method", [icalendar.request, icalendar.cancel_all])
def test_a_title_can_not_write_other_properties(method):
    evil = "Møde, kl. 9; \\n\r\nATTENDEE:mailto:evil@example.com\r\nEND:VEVENT\x00\x85"
    season = make_season(title=evil, place=evil, description=evil, language="da")
    message = method(season, 1, STAMP)
    held_after(message)  # the judge counts the attendees
    event = read(message.text).vevent
    flat = "Møde, kl. 9; \\n ATTENDEE:mailto:evil@example.com END:VEVENT"
    assert event.summary.value == event.location.value == flat
    assert event.description.value.splitlines() == [
        "Møde, kl. 9; \\n",
        "ATTENDEE:mailto:evil@example.com",
        "END:VEVENT",
    ]


@given(st.text(max_size=100))
@settings(max_examples=10, deadline=None)
def test_any_words_make_a_sound_message(words):
    season = make_season(title=words, place=words, description=words, dates=1)
    message = icalendar.request(season, 1, STAMP)
    CalendarClient().receive(message.text)


def test_an_address_with_a_line_break_is_refused():
    with pytest.raises(ValueError, match="CR or LF"):
        icalendar.request(make_season(attendee="a@b.dk\r\nX:1"), 1, STAMP)


# ---- where it goes


def test_the_place_is_the_link_where_there_is_no_other():
    link = "https://video.example/1,2;3"
    season = make_season(place="", link=link)
    season, _ = with_one(season, 0, place="Room 9")
    text = icalendar.request(season, 1, STAMP).text
    master, room = read(text).vevent_list[:2]
    assert (master.location.value, room.location.value) == (link, "Room 9")
    assert f"CONFERENCE;FEATURE=VIDEO;VALUE=URI:{link}" in text


def test_in_a_mail_it_is_the_last_alternative_and_names_its_method():
    season = make_season(title="Ledermøde i Område Nord – nu med æøå")
    message = icalendar.request(season, 1, STAMP)
    mail = EmailMultiAlternatives("Møder", "Tekst", "a@example.org", ["b@example.org"])
    mail.attach_alternative("<p>Tekst", "text/html")
    mail.attach_alternative(message.text, message.mimetype)
    mail.attach("invite.ics", message.text.encode(), "application/ics")
    client = CalendarClient()
    client.receive_mail(mail.message())
    assert client.standing() == what_stands(season)


def test_the_feed_holds_the_same_without_anybody_invited():
    season, _ = move(make_season(), 1, timedelta(hours=1))
    season, _ = with_one(season, 2, standing=False)
    once = make_season(date(2026, 12, 3), dates=1, interval_days=0, uid="day-1@pejling.example")
    over, _ = with_one(once, 0, standing=False)
    over = replace(over, uid="day-2@pejling.example")
    client = CalendarClient()
    client.receive(icalendar.published([season, once, over], STAMP, HERE, "Møder"))
    assert client.standing() == what_stands(season) | what_stands(once)


def test_an_empty_feed_is_a_calendar():
    client = CalendarClient()
    client.receive(icalendar.published([], STAMP, HERE))
    assert client.standing() == set()


# ---- time zones

EUROPE = ["Copenhagen", "Berlin", "London", "Dublin", "Lisbon", "Helsinki"]
ELSEWHERE = ["America/New_York", "America/Nuuk", "Asia/Tokyo", "Australia/Sydney", "UTC"]


@pytest.mark.parametrize("name", [*(f"Europe/{town}" for town in EUROPE), *ELSEWHERE])
def test_every_zone_reads_right_summer_and_winter(name):
    zone = ZoneInfo(name)
    season = make_season(date(2026, 9, 7), dates=26, zone=zone)
    message = icalendar.request(season, 1, STAMP)
    assert held_after(message) == what_stands(season)
    assert {one.astimezone(zone).hour for one, _, _ in held_after(message)} == {9}


@pytest.mark.parametrize("town", EUROPE)
def test_european_zones_are_two_yearly_rules(town):
    text = icalendar.request(make_season(zone=ZoneInfo(f"Europe/{town}")), 1, STAMP).text
    zone = text[: text.index("BEGIN:VEVENT")]
    assert zone.count("RRULE:FREQ=YEARLY;BYDAY=-1SU;") == 2
    assert "RDATE" not in zone


def test_the_zone_of_denmark_in_full():
    text = icalendar.request(make_season(), 1, STAMP).text
    rules = text[text.index("BEGIN:STANDARD") : text.index("END:VTIMEZONE")].split()
    assert rules == [
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
    ]


# ---- the judge judges


def test_the_judge_knows_of_zones_only_what_it_is_told():
    text = icalendar.request(make_season(dates=2), 1, STAMP).text
    wrong = CalendarClient()
    wrong.receive(text.replace("TZOFFSETTO:+0100", "TZOFFSETTO:+0300"))
    assert starts(wrong.standing()) == ["10-12 07:00", "10-26 06:00"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("TZID:Europe/Copenhagen\r\n", "TZID:Europe/Berlin\r\n"),
        ("UNTIL=20261221T080000Z", "UNTIL=20261221T090000"),
        ("ORGANIZER:", "ORGANIZER;CN=Us:"),
        ("STATUS:CONFIRMED", "STATUS:CANCELLED"),
        ("\r\n", "\n"),
    ],
)
def test_the_judge_refuses_what_calendars_stumble_over(right, wrong):
    text = icalendar.request(make_season(), 1, STAMP).text
    assert right in text
    with pytest.raises(Malformed):
        CalendarClient().receive(text.replace(right, wrong))


def test_the_judge_sees_a_sequence_that_did_not_rise():
    before = make_season()
    after = replace(before, place="Room 9")
    told, late = icalendar.request(before, 2, STAMP), STAMP + timedelta(seconds=1)
    assert held_after(told, icalendar.request(after, 1, late)) == what_stands(before)
    assert held_after(told, icalendar.request(after, 2, STAMP)) == what_stands(before)
    assert held_after(told, icalendar.request(after, 2, late)) == what_stands(after)


# ---- whole histories

numbers = st.integers(0, 30)  # of a meeting, counted round
steps = st.one_of(
    st.tuples(st.just("move"), numbers, st.integers(-6 * 24, 6 * 24)),
    st.tuples(st.just("back"), numbers),
    st.tuples(st.just("cancel"), numbers),
    st.tuples(st.just("place"), numbers, st.sampled_from(["Room 9", "Town hall, 2", ""])),
    st.tuples(st.just("two at once"), numbers, numbers),
    st.tuples(st.just("season's place"), st.sampled_from(["Room 2", "Library; north"])),
    st.tuples(st.just("cancel all")),
    st.tuples(st.just("leave"), numbers),
    st.tuples(st.just("join again"), numbers),
)
plans = st.builds(
    dict,
    first=st.dates(date(2026, 1, 1), date(2028, 3, 31)),
    dates=st.integers(1, 14),
    skipped=st.frozensets(st.integers(1, 12), max_size=4),
    clock=st.times(time(6), time(20)).map(lambda t: t.replace(second=0, microsecond=0)),
    interval_days=st.sampled_from([7, 14, 14, 28, 35, 10]),
)


class Person:
    """Somebody who is told each step, one message a step, and what should stand for them."""

    def __init__(self, season: Season):
        self.plan = season  # what the group has
        self.season = season  # what is theirs of it
        self.messages = []
        self.invited = True
        self.tell(icalendar.request, season)

    def tell(self, verb, *arguments):
        number = len(self.messages) + 1
        self.messages.append(verb(*arguments, number, STAMP + timedelta(minutes=number)))

    @property
    def stands(self) -> set:
        return what_stands(self.season)

    def do(self, step: str, *arguments) -> None:
        getattr(self, step.replace(" ", "_").replace("'", ""))(*arguments)

    def _change(self, *changes) -> None:
        """Change meetings of the group, by number; tell of those that are this person's."""
        meetings = list(self.plan.occurrences)
        for number, values in changes:
            number %= len(meetings)
            if meetings[number].standing:
                meetings[number] = replace(meetings[number], **values)
        self.plan = replace(self.plan, occurrences=tuple(meetings))
        if not self.invited:
            return
        mine = {one.original_start for one in self.season.occurrences}
        now = tuple(one for one in meetings if one.original_start in mine)
        different = [one for one in now if one not in self.season.occurrences]
        self.season = replace(self.season, occurrences=now)
        if different:
            self.tell(icalendar.change, self.season, different)

    def _when(self, number: int, hours: int = 0) -> dict:
        one = self.plan.occurrences[number % len(self.plan.occurrences)]
        start = one.original_start + timedelta(hours=hours)
        return {"starts_at": start, "ends_at": start + timedelta(minutes=MINUTES)}

    def move(self, number, hours):
        self._change((number, self._when(number, hours)))

    def back(self, number):
        self._change((number, self._when(number)))

    def cancel(self, number):
        self._change((number, {"standing": False}))

    def place(self, number, place):
        self._change((number, {"place": place}))

    def two_at_once(self, number, other):
        self._change((number, self._when(number, 3)), (other, {"standing": False}))

    def seasons_place(self, place):
        self.plan = replace(self.plan, place=place)
        if self.invited:
            self.season = replace(self.season, place=place)
            self.tell(icalendar.request, self.season)

    def cancel_all(self):
        self._out(icalendar.cancel_all, None)

    def leave(self, number):
        moment = self.plan.occurrences[number % len(self.plan.occurrences)].starts_at
        self._out(icalendar.end, self.season.until(moment), moment)

    def _out(self, verb, left, *arguments):
        if self.invited:
            self.tell(verb, self.season, *arguments)
            gone = tuple(replace(one, standing=False) for one in self.season.occurrences)
            self.season = left or replace(self.season, occurrences=gone)
            self.invited = False

    def join_again(self, number):
        """From that meeting on; what they had been at is still theirs."""
        if self.invited:
            return
        from_then = self.plan.occurrences[number % len(self.plan.occurrences) :]
        theirs = {one.original_start: one for one in self.season.standing}
        theirs |= {one.original_start: one for one in from_then}
        self.season = replace(self.plan, occurrences=tuple(theirs.values()))
        self.invited = True
        self.tell(icalendar.request, self.season)


def live(plan, history):
    """The person after each step."""
    person = Person(make_season(**plan))
    yield person
    for step in history:
        person.do(*step)
        yield person


def plan(first, dates, interval_days=14):
    return {"first": first, "dates": dates, "interval_days": interval_days}


WEEK_53 = plan(date(2026, 12, 14), 4)
LEAP_DAY = plan(date(2028, 2, 1), 4)
BOTH_CHANGES = plan(date(2026, 3, 16), 26, 14)
ALL_OF_IT = [
    ("move", 1, 5),
    ("back", 1),
    ("move", 2, -30),
    ("cancel", 0),
    ("place", 3, "Room 9"),
    ("two at once", 1, 2),
    ("season's place", "Library; north"),
    ("leave", 3),
    ("join again", 2),
    ("cancel all",),
    ("join again", 0),
]


@given(plans, st.lists(steps, max_size=8))
@example(WEEK_53, ALL_OF_IT)
@example(LEAP_DAY, ALL_OF_IT)
@example(BOTH_CHANGES, ALL_OF_IT)
@settings(max_examples=20, deadline=None)
def test_the_calendar_holds_what_stands(plan, history):
    clients = [CalendarClient(manner) for manner in (Manner.STRICT, Manner.FORGETS)]
    seen = 0
    for person in live(plan, history):
        for client in clients:
            for message in person.messages[seen:]:
                client.receive(message.text)
            assert client.standing() == person.stands, client.manner
        seen = len(person.messages)


@given(plans, st.lists(steps, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_mails_may_come_late_or_twice(plan, history, random):
    *_, person = live(plan, history)
    mails = person.messages * 2
    random.shuffle(mails)
    assert held_after(*mails) == person.stands


@given(plans, st.lists(steps, max_size=4))
@settings(max_examples=6, deadline=None)
def test_a_message_about_the_whole_season_needs_nothing_before_it(plan, history):
    """So it is right even for calendars that drop all they had with each message."""
    *_, person = live(plan, history)
    last = icalendar.request(person.season, 99, STAMP)
    for before in ([], person.messages):
        assert held_after(*before, last, manner=Manner.REPLACES) == person.stands


def test_a_message_about_one_meeting_is_more_than_some_calendars_bear():
    """Known and written down in docs/calendar-clients.md: what such a calendar would hold."""
    season, one = move(make_season(), 1, timedelta(hours=1))
    messages = icalendar.request(make_season(), 1, STAMP), icalendar.change(season, [one], 2, STAMP)
    assert len(held_after(*messages, manner=Manner.REPLACES)) == 1
