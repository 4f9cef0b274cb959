"""The live room of a meeting: where in its script it is, who leads, and what the clock says.

The clock is three facts: so many seconds were left, at that moment, and whether they run. All else
follows from the server's time, so that a reload, a dead battery or another device changes nothing.
The meeting is meant to end when it was meant to end: after each step what is still to come is
fitted into the time that is left (`meetings.script.fit_rest`), so that time saved goes to the
questions and time overdrawn is taken from everything alike.
"""

from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from config import live
from meetings import script, steps
from meetings.models.agenda import AgendaItem
from meetings.models.chair import KIND, Chair
from meetings.models.format import Format
from meetings.models.meeting import Meeting
from meetings.models.room_talk import RoomTalks
from meetings.models.spoken_round import Rounds
from networks.models import User

BEFORE = timedelta(minutes=15)  # earlier than this before its time a meeting isn't begun
AFTER = timedelta(days=3)  # a meeting that was held on another day after all
MORE = 120  # seconds: what "+2 minutes" gives


class RoomQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))

    def open(self):
        return self.filter(closed_at=None)

    def hold(self, meeting_id: int) -> "Room | None":
        """The open room of that meeting, held until the transaction ends."""
        return (
            self.open()
            .for_page()
            .select_for_update(of=("self",))
            .filter(meeting=meeting_id)
            .first()
        )

    def for_page(self):
        return self.select_related(
            "meeting__series__group__organisation",
            "meeting__series__group__senior_manager",
            "chair",
            "format",
        )


class Room(Chair, Rounds, RoomTalks):
    """One to one with its meeting. Whoever has the chair leads; never the senior manager."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="room")
    format = models.ForeignKey(Format, models.PROTECT, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # The script as it was when the meeting began, with what became of each step. It names the
    # questions by key only: their words stay where they are protected.
    steps = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    # The clock: `left` seconds of this step at `since`, less what has passed if it is `running`.
    left = models.FloatField()
    since = models.DateTimeField()
    running = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    # While a verb holds the row: what it does elsewhere comes back here, and is shown with it.
    _held = _again = False

    objects = RoomQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("started_at")),
                name="a_room_ends_after_it_starts",
            ),
        ]

    def __str__(self):
        return f"{self.meeting_id}: {self.position}"

    # ---- verbs: begin and end

    @classmethod
    def start(cls, meeting: Meeting, by: User, at: datetime | None = None) -> "Room":
        """Begin the meeting, with `by` in the chair. Begun twice it is begun once.

        Raises PermissionDenied for the senior manager, ValidationError if it isn't the time.
        """
        at = at or timezone.now()
        with transaction.atomic():
            meeting._lock()
            if room := cls.objects.for_page().filter(meeting=meeting).first():
                return room
            if by.pk == meeting.group.senior_manager_id:
                raise PermissionDenied
            if words := why_not_now(meeting, at):
                raise ValidationError(words)
            meeting.compose_agenda(at=at)  # if its minute hasn't come round yet
            room = cls.as_planned(meeting, by, at)
            room.save(force_insert=True)
            meeting.status = Meeting.Status.LIVE
            meeting.save(update_fields=["status"])
            room._take_in_talk()
            room._show()
        return room

    @classmethod
    def as_planned(cls, meeting: Meeting, by: User, at: datetime) -> "Room":
        """An unsaved room: the meeting as it would be, begun at that time."""
        ends_at = when_it_ends(meeting, at)
        format = meeting.followed_format
        planned = cls._script(meeting, format, ends_at - at)
        return cls(
            meeting=meeting,
            format=format,
            chair=by,
            started_by=by,
            started_at=at,
            ends_at=ends_at,
            steps=planned,
            left=planned[0]["seconds"],
            since=at,
            seen_at=at,
        )

    @staticmethod
    def _script(meeting: Meeting, format: Format, length: timedelta) -> list[dict]:
        items = [
            script.Item(key, minutes)
            for key, minutes in meeting.items.on_agenda().values_list("pk", "minutes")
        ]
        sparring = Format.objects.sparring_at(meeting)
        minutes = max(int(length.total_seconds() // 60), 1)
        planned = script.script(
            format.beats, items, minutes, sparring.talk_beats if sparring else ()
        )
        return steps.begun(planned)

    def close(self, by: User, at: datetime | None = None) -> None:
        """The meeting has been held. Closing twice is closing once."""
        with self._changing(at) as now:
            if self.closed_at:
                return
            self._only_for_the_chair(by)
            self._leave_step(now)
            self._shut(now)

    def fall_shut(self, at: datetime | None = None) -> None:
        """Nobody closed it: it ended when it was meant to end, and took as long as was planned."""
        with self._changing(at) as now:
            if not self.closed_at:
                step = self.steps[self.position]
                step["spent"] = min(step["seconds"], self._spent(now))
                self._shut(now)

    def _shut(self, now: datetime) -> None:
        self.closed_at, self.running = now, False
        self.left, self.since = 0, now
        self.round, self.openers = {}, []
        self._end_talk(now)
        self.meeting.end()

    # ---- verbs: step by step. `seen` is the step the person was looking at: who presses twice,
    # ---- or on a page that has been overtaken, goes on once.

    def next(self, by: User, seen: int | None = None, at: datetime | None = None) -> None:
        """On to the next step. What time is left goes to what follows."""
        with self._led(by, seen, at) as now:
            if now and (following := self._following()) is not None:
                self._leave_step(now)
                self._enter(following, now)

    def back(self, by: User, seen: int | None = None, at: datetime | None = None) -> None:
        with self._led(by, seen, at) as now:
            if now and self.position:
                self._leave_step(now)
                self._enter(self.position - 1, now)

    def extend(self, by: User, seen: int | None = None, at: datetime | None = None) -> None:
        """Two minutes more, taken from what follows."""
        with self._led(by, seen, at) as now:
            if now:
                self.steps[self.position]["seconds"] += MORE
                self.left, self.since = self.left_at(now) + MORE, now
                self._fit_what_follows(now)

    def pause(self, by: User, at: datetime | None = None) -> None:
        with self._led(by, None, at) as now:
            if self.running:
                self.left, self.since, self.running = self.left_at(now), now, False

    def resume(self, by: User, at: datetime | None = None) -> None:
        with self._led(by, None, at) as now:
            if not self.running:
                self.since, self.running = now, True
                self._fit_what_follows(now)

    def park_rest(self, by: User, seen: int | None = None, at: datetime | None = None) -> None:
        """This question is about operations: into its owner's hand, and on to what follows."""
        self._end_question(by, seen, at, "parked", lambda item: item.park(by=by))

    def take_next_time(self, by: User, seen: int | None = None, at: datetime | None = None) -> None:
        """There is more to say than there is time: the question waits for the next meeting."""
        self._end_question(by, seen, at, "next_time", self._wait_for_next)

    def _wait_for_next(self, item: AgendaItem) -> None:
        item.wait_again()
        following = self.meeting.next_building()
        AgendaItem.objects.waiting().filter(pk=item.pk).update(
            meeting=following, carried_from=self.meeting
        )

    def _end_question(self, by, seen, at, became: str, verb) -> None:
        with self._led(by, seen, at) as now:
            step = self.steps[self.position]
            if not now or step["item"] is None or step.get("became"):
                return
            if item := AgendaItem.objects.on_agenda().filter(pk=step["item"]).first():
                verb(item)
            steps.end_question(self.steps, step["item"], became)
            self._leave_step(now)
            if (following := self._following()) is not None:
                self._enter(following, now)

    # ---- questions

    def left_at(self, now: datetime) -> float:
        """Seconds left of this step; less than none when it is over its time."""
        return self.left - (now - self.since).total_seconds() * self.running

    def done_at(self, now: datetime) -> datetime:
        """When the meeting will be over: what follows takes what it will be given then."""
        over = now + timedelta(seconds=max(self.left_at(now), 0))
        there = (self.ends_at - over).total_seconds()
        return over + timedelta(seconds=steps.fitted_from(self.steps, self.position + 1, there))

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def seconds_on_questions(self) -> float:
        """How long was talked about what the participants put on the agenda."""
        return steps.spent_on_questions(self.steps)

    def as_board(self) -> live.Board:
        """What other devices follow: figures only. A closed room is shown once more, and over."""
        people = self.insiders().order_by().values_list("pk", flat=True)
        state = {"step": self.position, "running": self.running, "closed": not self.is_open}
        return live.Board(self.version, state, frozenset(map(str, people)))

    @classmethod
    def load_board(cls, key: str) -> live.Board | None:
        """Read by polls: two lean queries."""
        found = cls.objects.select_related("meeting__series__group").defer("steps")
        room = found.filter(pk=key).first()
        return room and room.as_board()

    # ---- how a verb changes the room

    def look_again(self) -> None:
        """Something else that its page shows has changed: who follows fetches it anew.

        Holds the row until the transaction ends.
        """
        with transaction.atomic():
            locked = Room.objects.select_for_update(of=("self",)).for_page()
            self.refresh_from_db(from_queryset=locked)
            self.version += 1
            self.save(update_fields=["version"])
            self._show()

    @contextmanager
    def _changing(self, at: datetime | None):
        """Hold the row, change it, save it, and show it to everybody who follows."""
        with transaction.atomic():
            locked = Room.objects.select_for_update(of=("self",)).for_page()
            self.refresh_from_db(from_queryset=locked)
            before, seen_at = self._as_saved(), self.seen_at
            self._held, self._again = True, False
            try:
                yield at or timezone.now()
            finally:
                self._held = False
            if self._again or self._as_saved() != before:
                self.version += 1
                self.save()
                self._show()
            elif self.seen_at != seen_at:
                self.save(update_fields=["seen_at"])

    @contextmanager
    def _led(self, by: User, seen: int | None, at: datetime | None):
        """As above, by the chair alone. None instead of the time if the page was overtaken."""
        with self._changing(at) as now:
            self._still_open()
            self._only_for_the_chair(by)
            self.seen_at = now
            yield now if seen in (None, self.position) else None

    def _as_saved(self) -> list:
        fields = (field.attname for field in self._meta.concrete_fields)
        return [repr(getattr(self, name)) for name in fields if name != "seen_at"]

    def _still_open(self) -> None:
        if not self.is_open:
            raise ValidationError(_("The meeting is over."))

    def _show(self) -> None:
        live.publish(KIND, self.pk, self.as_board())

    # ---- steps and time

    def _spent(self, now: datetime) -> float:
        return max(round(self.steps[self.position]["seconds"] - self.left_at(now), 1), 0)

    def _leave_step(self, now: datetime) -> None:
        self.steps[self.position] |= {"spent": self._spent(now), "done": True}
        self.round = {}

    def _enter(self, position: int, now: datetime) -> None:
        """Begin a step, or go on with it; everything from here on shares the time that is left."""
        self._lay_talk(position)
        self.position, step = position, self.steps[position]
        step["done"] = False
        if step["spent"]:  # who goes back wants to go on
            step["seconds"] = max(step["seconds"], step["spent"] + MORE)
        steps.fit_from(self.steps, position, (self.ends_at - now).total_seconds())
        self.left, self.since, self.running = step["seconds"] - step["spent"], now, True
        self._start_talk(now)

    def _fit_what_follows(self, now: datetime) -> None:
        there = (self.ends_at - now).total_seconds() - max(self.left_at(now), 0)
        steps.fit_from(self.steps, self.position + 1, there)

    def _following(self) -> int | None:
        """The next step to go to: questions that were taken away meanwhile are passed over."""
        keys = steps.questions(self.steps[self.position + 1 :])
        there = AgendaItem.objects.on_agenda().filter(pk__in=keys).values_list("pk", flat=True)
        steps.take_away(self.steps[self.position + 1 :], keys - set(there))
        return steps.next_of(self.steps, self.position)


def when_it_ends(meeting: Meeting, at: datetime) -> datetime:
    """As planned, also when one begins a little late; else as long after as was planned."""
    length = meeting.ends_at - meeting.starts_at
    ends_at = min(meeting.ends_at, at + length)
    return ends_at if ends_at - at >= length / 2 else at + length


def why_not_now(meeting: Meeting, now: datetime) -> str:
    """Why this meeting can't be begun now, in words; "" if it can."""
    if meeting.is_cancelled:
        return _("This meeting is cancelled.")
    if now < meeting.starts_at - BEFORE:
        moment = timezone.localtime(meeting.starts_at - BEFORE, meeting.group.organisation.zone)
        words = _("You can begin from %(when)s.")
        return words % {"when": date_format(moment, "DATETIME_FORMAT")}
    if now > meeting.ends_at + AFTER:
        return _("That is too long ago. Plan another meeting and begin that one.")
    return ""
