"""Any number of leaders in the shape of the demo, with years of meetings behind them.

The rows are written straight into the tables (COPY), since the verbs would take hours; what the
verbs promise holds all the same: tests/meetings/test_populate.py. Nothing is sent for it.
"""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from meetings.demo import people, words
from meetings.demo.history import close_some_weeks, email_of
from meetings.models import AgendaItem, Invitation, Meeting, ParkedItem, Series, Support
from meetings.models.series import end_of_half_year
from networks.models import Group, Membership, Organisation, Unit, User
from notifications.models import CalendarEntry, Delivery
from notifications.models.delivery import new_message_id
from wellbeing.models import Guidepost

YEARS = 3
PER_ORGANISATION = 3000  # leaders
TEAM = 12
NETWORK = 6
IN_NETWORKS = 0.3  # of the leaders
FORMING = 20  # one network group in so many is still forming
CLOCKS = [time(8, 30), time(9), time(10), time(13)]
PLACES = ["Rådhuset, lokale Fjorden", "Plejecenter Lindehøj, mødesalen", "Biblioteket, lokale 3"]

FIRST_NAMES, LAST_NAMES = zip(
    *(name.split() for area in people.AREAS.values() for name, _title in area["leaders"]),
    strict=True,
)


def populate(leaders: int, seed: int, now: datetime, say=lambda words: None) -> None:
    """Organisations of at most PER_ORGANISATION leaders. Those that are there already stay."""
    count = -(-leaders // PER_ORGANISATION)
    for number in range(1, count + 1):
        name = f"Prøvekommune {seed}.{number}"
        if Organisation.objects.filter(name=name).exists():
            say(f"{name} is there already.")
            continue
        size = leaders // count + (number <= leaders % count)
        with transaction.atomic():
            town = Town(name, random.Random(f"{seed}.{number}"), now)
            town.settle(size)
        say(f"{name}: {town}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


# ---- writing rows -------------------------------------------------------------------------


class Table:
    """Writes rows of a model by COPY. Columns that aren't named get the model's default."""

    def __init__(self, model, *names: str):
        self.model = model
        fields = {f.attname: f for f in model._meta.concrete_fields if not f.generated}
        others = [f for n, f in fields.items() if n not in names and not f.primary_key]
        self.defaults = tuple(f.get_default() for f in others)
        columns = [f'"{f.column}"' for f in [*(fields[n] for n in names), *others]]
        self.statement = f'COPY "{model._meta.db_table}" ({", ".join(columns)}) FROM STDIN'

    def write(self, rows: Iterable[Sequence]) -> int:
        written = 0
        with connection.cursor() as cursor, cursor.copy(self.statement) as copy:
            for row in rows:
                copy.write_row((*row, *self.defaults))
                written += 1
        return written


def keys(model, count: int) -> list[int]:
    """That many primary keys nobody else gets."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor]


# ---- dates --------------------------------------------------------------------------------


@dataclass
class Season:
    """A season as every group of one rhythm has it: its dates, and what people were told."""

    starts_on: date
    ends_on: date
    meetings: list[Meeting]
    told: str


@dataclass
class Rhythm:
    interval: int
    offset: int  # days after a Monday
    clock: time
    has_agenda: bool
    place: str

    @property
    def minutes(self) -> int:
        return 90 if self.interval == 14 else 120

    def seasons(self, organisation: Organisation, now: datetime) -> list[Season]:
        """From YEARS ago to the end of this half-year, without a break in the rhythm."""
        today = organisation.local_date(now)
        day = today - timedelta(days=YEARS * 365 + today.weekday()) + timedelta(days=self.offset)
        last = end_of_half_year(today)
        found = []
        while day <= last:
            ends_on = min(end_of_half_year(day), last)
            season = Series(
                group=Group(organisation=organisation),
                starts_on=day,
                ends_on=ends_on,
                interval_days=self.interval,
                time=self.clock,
                minutes=self.minutes,
                place=self.place,
                has_agenda=self.has_agenda,
            )
            found.append(self._season(season, now, current=ends_on >= today))
            while day <= ends_on:
                day += timedelta(days=self.interval)
        return found

    def _season(self, series: Series, now: datetime, current: bool) -> Season:
        meetings = [Meeting.of(series, d.starts_at) for d in series.dates() if not d.skipped]
        for meeting in meetings:
            meeting.status = self._status(meeting, now)
        told = {meeting.key: meeting.as_told() for meeting in meetings} if current else {}
        return Season(series.starts_on, series.ends_on, meetings, json.dumps(told))

    def _status(self, meeting: Meeting, now: datetime) -> str:
        if meeting.ends_at <= now:
            return Meeting.Status.HELD
        if meeting.agenda_closes_at <= now:
            return Meeting.Status.SET
        if self.has_agenda and meeting.agenda_opens_at <= now:
            return Meeting.Status.OPEN
        return Meeting.Status.PLANNED


# ---- one organisation ---------------------------------------------------------------------


@dataclass
class Circle:
    """A group while it is being written."""

    pk: int
    rhythm: Rhythm
    members: list[int]
    senior: int | None = None

    @property
    def participants(self) -> list[int]:
        return [*self.members, self.senior] if self.senior else self.members


class Town:
    """One organisation of the crowd."""

    def __init__(self, name: str, dice: random.Random, now: datetime):
        self.dice, self.now = dice, now
        self.begun = now - timedelta(days=YEARS * 365 + 30)
        self.organisation = Organisation.found(name, keeps_hours=False, elsewhere=people.ELSEWHERE)
        self.organisation.begin(at=self.begun)
        self.domain = f"by{name.split()[-1]}.example"
        year = now.astimezone(self.organisation.zone).year
        close_some_weeks(self.organisation, year - YEARS + 1)
        close_some_weeks(self.organisation, year + 1)
        self.written: dict[str, int] = {}
        self._seasons: dict[tuple, list[Season]] = {}

    def __str__(self):
        return ", ".join(f"{count} {name}" for name, count in self.written.items())

    def settle(self, leaders: int) -> None:
        teams = self.employ(leaders)
        circles = [*self.form_teams(teams), *self.form_networks([p for t in teams for p in t[2]])]
        self.meet(circles)

    def _write(self, table: Table, rows: Iterable[Sequence]) -> None:
        name = str(table.model._meta.model_name)
        self.written[name] = self.written.get(name, 0) + table.write(rows)

    # ---- people

    def employ(self, leaders: int) -> list[tuple[int, int, list[int]]]:
        """Director, secretariat, areas with a senior manager and leaders with a workplace each.

        Answers (unit, senior manager, leaders) of each area.
        """
        areas = max(1, round(leaders / TEAM))
        sizes = [leaders // areas + (number < leaders % areas) for number in range(areas)]
        units = iter(keys(Unit, 1 + areas + leaders))
        persons = iter(keys(User, 2 + areas + leaders))
        self.hired = 0
        top, director, secretary = next(units), next(persons), next(persons)
        unit_rows = [(top, None, "administration", "Ældre og Handicap", director)]
        user_rows = [
            self._person(director, "Direktør", top, None),
            self._person(secretary, "Sekretariatsleder", top, director, secretariat=True),
        ]
        found = []
        for number, size in enumerate(sizes, 1):
            area, senior = next(units), next(persons)
            unit_rows.append((area, top, "area", f"Område {number}", senior))
            user_rows.append(self._person(senior, f"Områdechef, område {number}", area, director))
            team = []
            for place in range(1, size + 1):
                workplace, leader = next(units), next(persons)
                name = f"Arbejdsplads {number}.{place}"
                unit_rows.append((workplace, area, "workplace", name, leader))
                user_rows.append(self._person(leader, f"Leder, {name}", workplace, senior))
                team.append(leader)
            found.append((area, senior, team))
        here = self.organisation.pk
        units_table = Table(Unit, "id", "parent_id", "kind", "name", "head_id", "organisation_id")
        self._write(units_table, ((*row, here) for row in unit_rows))
        users_table = Table(
            User,
            *("id", "email", "name", "title", "phone", "unit_id", "manager_id", "is_secretariat"),
            *("organisation_id", "password", "date_joined"),
        )
        # "!" is a password nobody has.
        self._write(users_table, ((*row, here, "!", self.begun) for row in user_rows))
        return found

    def _person(self, pk: int, title: str, unit: int, manager: int | None, secretariat=False):
        name = f"{self.dice.choice(FIRST_NAMES)} {self.dice.choice(LAST_NAMES)}"
        self.hired += 1
        email = email_of(f"{name} {self.hired}", self.domain)
        return (pk, email, name, title, f"99 {self.hired:06d}", unit, manager, secretariat)

    # ---- groups

    def form_teams(self, teams) -> list[Circle]:
        circles = [
            Circle(pk, self._rhythm(14), leaders, senior)
            for pk, (_unit, senior, leaders) in zip(keys(Group, len(teams)), teams, strict=True)
        ]
        self._write_groups(
            Group.Kind.TEAM,
            (
                (circle.pk, unit, f"Ledergruppen i område {number}", "running", senior, self.begun)
                for number, (circle, (unit, senior, _)) in enumerate(
                    zip(circles, teams, strict=True), 1
                )
            ),
            "Proces og dialog, ikke drift.",
        )
        self._write_memberships(circles, agreement=None)
        self._word_guideposts([unit for unit, _senior, _leaders in teams[::2]])
        return circles

    def form_networks(self, leaders: list[int]) -> list[Circle]:
        """Of leaders alone, who all stand on one level: so no one has their own manager there."""
        count = int(len(leaders) * IN_NETWORKS) // NETWORK
        drawn = iter(self.dice.sample(leaders, count * NETWORK))
        circles, forming = [], set()
        for number, pk in enumerate(keys(Group, count), 1):
            members = [next(drawn) for _ in range(NETWORK)]
            if number % FORMING == 0:
                members = members[: NETWORK // 2]
                forming.add(pk)
            circles.append(Circle(pk, self._rhythm(35), members))
        names = list(people.NETWORKS)
        self._write_groups(
            Group.Kind.NETWORK,
            (
                (
                    circle.pk,
                    None,
                    f"{names[number % len(names)]} {number + 1}",
                    "forming" if circle.pk in forming else "running",
                    None,
                    None,
                )
                for number, circle in enumerate(circles)
            ),
            "Vi hjælper hinanden med at stå fast, når det blæser.",
        )
        self._write_memberships(circles, agreement=self.organisation.agreements.get().pk)
        return [circle for circle in circles if circle.pk not in forming]

    def _write_groups(self, kind, rows, purpose: str) -> None:
        table = Table(
            Group,
            *("id", "unit_id", "name", "status", "senior_manager_id", "begun_at"),
            *("organisation_id", "kind", "purpose", "created_at"),
        )
        rest = (self.organisation.pk, kind, purpose, self.begun)
        self._write(table, ((*row, *rest) for row in rows))

    def _write_memberships(self, circles: list[Circle], agreement: int | None) -> None:
        table = Table(
            Membership,
            *("group_id", "user_id", "role", "agreement_id", "affirmed_at", "joined_at"),
        )
        affirmed = self.now - timedelta(days=60) if agreement else None  # once a year
        self._write(
            table,
            (
                (
                    circle.pk,
                    user,
                    "facilitator" if agreement and not place else "member",
                    agreement,
                    affirmed,
                    self.begun,
                )
                for circle in circles
                for place, user in enumerate(circle.members)
            ),
        )

    def _word_guideposts(self, units: list[int]) -> None:
        table = Table(
            Guidepost,
            *("id", "unit_id", "theme", "wording", "how_we_see_it", "organisation_id", "worded_on"),
        )
        self.guideposts = keys(Guidepost, len(units) * len(words.GUIDEPOSTS))
        numbered = iter(self.guideposts)
        rest = (self.organisation.pk, self.begun.date())
        self._write(
            table, ((next(numbered), u, *g, *rest) for u in units for g in words.GUIDEPOSTS)
        )

    def _rhythm(self, interval: int) -> Rhythm:
        weeks = interval // 7
        return Rhythm(
            interval,
            self.dice.randrange(weeks) * 7 + self.dice.randrange(5),
            self.dice.choice(CLOCKS),
            interval == 14 or self.dice.random() < 0.5,
            self.dice.choice(PLACES),
        )

    # ---- meetings

    def meet(self, circles: list[Circle]) -> None:
        planned = [(circle, season) for circle in circles for season in self._of(circle.rhythm)]
        series = list(zip(keys(Series, len(planned)), planned, strict=True))
        self._write_series(series)
        self._invite(series)
        numbers = iter(keys(Meeting, sum(len(season.meetings) for _, season in planned)))
        meetings = [
            (next(numbers), pk, circle, meeting)
            for pk, (circle, season) in series
            for meeting in season.meetings
        ]
        self._write_meetings(meetings)
        with_agenda = [
            (pk, circle, meeting)
            for pk, _series, circle, meeting in meetings
            if circle.rhythm.has_agenda and meeting.status != Meeting.Status.PLANNED
        ]
        self._ask(with_agenda)
        self._park(with_agenda)
        self._remember_what_was_sent(meetings)

    def _of(self, rhythm: Rhythm) -> list[Season]:
        key = (rhythm.interval, rhythm.offset, rhythm.clock, rhythm.has_agenda, rhythm.place)
        if key not in self._seasons:
            self._seasons[key] = rhythm.seasons(self.organisation, self.now)
        return self._seasons[key]

    def _write_series(self, series) -> None:
        table = Table(
            Series,
            *("id", "group_id", "starts_on", "ends_on", "interval_days", "time", "minutes"),
            *("place", "has_agenda", "planned_by_id", "planned_at"),
        )
        self._write(
            table,
            (
                (
                    *(pk, circle.pk, season.starts_on, season.ends_on),
                    *(circle.rhythm.interval, circle.rhythm.clock, circle.rhythm.minutes),
                    *(circle.rhythm.place, circle.rhythm.has_agenda),
                    *(circle.senior or circle.members[0], self.begun),
                )
                for pk, (circle, season) in series
            ),
        )

    def _invite(self, series) -> None:
        """Everybody has been told once, of the season that runs exactly what stands."""
        rows = [
            (pk, Series(pk=pk).uid, user, season.told)
            for pk, (circle, season) in series
            for user in circle.participants
        ]
        numbers = keys(CalendarEntry, len(rows))
        columns = ("id", "uid", "person_id", "told", "sequence", "told_sequence")
        entries = Table(CalendarEntry, *columns)
        numbered = list(zip(numbers, rows, strict=True))
        self._write(entries, ((n, *row[1:], 1, 1) for n, row in numbered))
        invitations = Table(Invitation, "series_id", "user_id", "entry_id", "created_at")
        self._write(invitations, ((pk, user, n, self.begun) for n, (pk, _, user, _) in numbered))

    def _write_meetings(self, meetings) -> None:
        names = ("original_start", "starts_at", "ends_at", "status")
        names += ("agenda_opens_at", "agenda_closes_at")
        table = Table(Meeting, "id", "series_id", *names)
        self._write(
            table,
            (
                (pk, series, *(getattr(meeting, name) for name in names))
                for pk, series, _circle, meeting in meetings
            ),
        )

    def _ask(self, meetings) -> None:
        """Three questions a meeting, most wanted first; of those that are open two are asked."""
        supporters: list[tuple[int, int]] = []
        numbers = iter(keys(AgendaItem, 3 * len(meetings)))
        table = Table(
            AgendaItem,
            *("id", "group_id", "meeting_id", "question", "by_id", "guidepost_id"),
            *("minutes", "status", "position", "why", "proposed_at"),
        )
        self._write(table, self._items(meetings, numbers, supporters))
        self._write(Table(Support, "item_id", "user_id"), supporters)

    def _items(self, meetings, numbers, supporters):
        asked = len(words.ASKED)
        for turn, (pk, circle, meeting) in enumerate(meetings):
            opened = meeting.status == Meeting.Status.OPEN
            size = len(circle.members)
            wanted = sorted((self.dice.randrange(4) for _ in range(3)), reverse=True)
            for place, support in enumerate(wanted[: 2 if opened else 3]):
                number, first = next(numbers), (3 * turn + place) % size
                question, _support, guidepost = words.ASKED[(3 * turn + place) % asked]
                others = [circle.members[(first + 1 + n) % size] for n in range(support)]
                supporters += ((number, other) for other in others[: size - 1])
                yield (
                    *(number, circle.pk, pk, question, circle.members[first]),
                    None if guidepost is None else self.guideposts[guidepost],
                    *((20, "waiting", None, "") if opened else (18, "set", place + 1, "support")),
                    meeting.agenda_opens_at + timedelta(hours=1 + place),
                )

    def _park(self, meetings) -> None:
        table = Table(ParkedItem, "group_id", "meeting_id", "question", "owner_id", "parked_at")
        self._write(
            table,
            (
                (circle.pk, pk, words.PARKED, circle.members[0], self.now)
                for pk, circle, meeting in meetings[::3]
                if meeting.status == Meeting.Status.OPEN
            ),
        )

    def _remember_what_was_sent(self, meetings) -> None:
        """For the meetings to come, so that reconciling finds nothing to send."""
        table = Table(
            Delivery,
            *("kind", "subject_type_id", "subject_id", "version", "recipient_id"),
            *("due_at", "state", "message_id", "sent_at"),
        )
        about = ContentType.objects.get_for_model(Meeting).pk
        self._write(
            table,
            (
                (kind, about, pk, version, user, at, "sent", new_message_id(), at)
                for pk, _series, circle, meeting in meetings
                if meeting.starts_at > self.now
                for kind, version, at in _sent(meeting)
                for user in circle.participants
            ),
        )


def _sent(meeting: Meeting) -> Iterable[tuple[str, str, datetime]]:
    agenda = meeting.series.has_agenda
    if agenda and meeting.status in (Meeting.Status.OPEN, Meeting.Status.SET):
        yield "meetings.opening", meeting.version_of("meetings.opening"), meeting.agenda_opens_at
    if meeting.status == Meeting.Status.SET:
        kind = meeting.closing_kind
        yield kind, meeting.version_of(kind), meeting.agenda_closes_at
