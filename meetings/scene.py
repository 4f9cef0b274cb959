"""What a screen in the live room shows just now: a room read for people, in their language."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from meetings.models import AgendaItem, ParkedItem, Room, Sparring
from meetings.models.format import in_own_language
from networks.models import User
from wellbeing.models import Guidepost

RING = 100  # the length of the ring's line, as the drawing says it (pathLength)


@dataclass(frozen=True)
class Chip:
    """One part of what is done just now: think alone, in pairs, ..."""

    title: str
    state: str  # done, now or to come


@dataclass
class Stretch:
    """One line of the whole meeting: a phase, or a question with all its parts."""

    title: str
    question: bool
    state: str
    seconds: float
    became: str = ""

    @property
    def minutes(self) -> int:
        return max(round(self.seconds / 60), 1)


@dataclass
class Scene:
    room: Room
    user: User
    now: datetime
    projector: bool = False
    people: dict[int, User] = field(default_factory=dict)
    items: dict[int, AgendaItem] = field(default_factory=dict)

    @classmethod
    def of(cls, room: Room, user: User, now: datetime, projector: bool = False) -> "Scene":
        keys = {step["item"] for step in room.steps} - {None}
        items = AgendaItem.objects.filter(pk__in=keys).select_related("by", "guidepost")
        people = room.insiders().order_by("sort_name", "pk")
        by_key = {item.pk: item for item in items} if keys else {}
        return cls(room, user, now, projector, {one.pk: one for one in people}, by_key)

    # ---- what is done just now

    @property
    def step(self) -> dict:
        return self.room.steps[self.room.position]

    @property
    def kind(self) -> str:
        return self.step["kind"]

    @property
    def title(self) -> str:
        return in_own_language(*self.step["title"])

    @property
    def line(self) -> str:
        return in_own_language(*self.step["line"])

    @property
    def whole(self) -> str:
        return in_own_language(*self.step["whole"])

    @cached_property
    def item(self) -> AgendaItem | None:
        """The question talked about, unless it was taken away or hidden meanwhile."""
        item = self.items.get(self.step["item"])
        return item if item and item.status == AgendaItem.Status.SET else None

    @property
    def is_gone(self) -> bool:
        return self.step["item"] is not None and self.item is None

    @cached_property
    def guidepost(self) -> Guidepost | None:
        """The one for the phase about a guidepost; a question has its own."""
        if self.kind != "guidepost":
            return self.item and self.item.guidepost
        day = self.room.meeting.group.organisation.local_date(self.now)
        return Guidepost.objects.visible_to(self.user).standing().of_the_fortnight(day)

    @property
    def heading(self) -> str:
        """The largest words on the screen: a question if there is one, else what is done."""
        if self.is_gone:
            return _("This question was taken off the agenda.")
        if self.kind == "guidepost" and self.guidepost:
            return self.guidepost.wording
        return self.item.question if self.item else self.title

    @property
    def is_voice(self) -> bool:
        return self.item is not None or (self.kind == "guidepost" and self.guidepost is not None)

    @property
    def place(self) -> str:
        """Where in the meeting this is, in a few words."""
        if self.step["item"] is None:
            return self.whole if len(self.chips) > 1 or self.heading != self.whole else ""
        asked = list(dict.fromkeys(step["item"] for step in self.room.steps if step["item"]))
        if len(asked) == 1:
            return _("the question")
        number = asked.index(self.step["item"]) + 1
        return _("question %(number)s of %(count)s") % {"number": number, "count": len(asked)}

    @cached_property
    def chips(self) -> list[Chip]:
        parts = [
            (number, step)
            for number, step in enumerate(self.room.steps)
            if step["of"] == self.step["of"]
        ]
        return [Chip(in_own_language(*step["title"]), self._state(n)) for n, step in parts]

    def _state(self, number: int) -> str:
        if self.room.pk is None:  # not begun yet
            return "to come"
        position = self.room.position
        return "now" if number == position else "done" if number < position else "to come"

    @cached_property
    def following(self) -> str:
        """What comes next, "" at the end."""
        later = [step for step in self.room.steps[self.room.position + 1 :]]
        step = next((step for step in later if not step.get("became")), None)
        if step is None:
            return ""
        item = self.items.get(step["item"])
        same = step["of"] == self.step["of"]
        return in_own_language(*step["title"]) if same or not item else item.question

    @cached_property
    def course(self) -> list[Stretch]:
        """The whole meeting, line by line."""
        lines: dict[int, Stretch] = {}
        for number, step in enumerate(self.room.steps):
            line = lines.setdefault(step["of"], self._stretch(step))
            line.seconds += step["spent"] if step.get("done") else step["seconds"]
            states = {line.state, self._state(number)}
            if line.state:
                line.state = states.pop() if len(states) == 1 else "now"
            else:
                line.state = self._state(number)
        return list(lines.values())

    def _stretch(self, step: dict) -> Stretch:
        item = self.items.get(step["item"])
        shown = item and item.status != AgendaItem.Status.HIDDEN
        title = item.question if shown else in_own_language(*step["whole"])
        return Stretch(title, bool(shown), "", 0, step.get("became", ""))

    # ---- parked operations

    @cached_property
    def parked(self) -> list[ParkedItem]:
        """In the phase for it: who takes what where. A team's alone."""
        meeting = self.room.meeting
        if self.kind != "parked" or not meeting.group.is_team:
            return []
        return list(ParkedItem.objects.named_at(meeting))

    @cached_property
    def parked_count(self) -> int:
        """All that was parked for this meeting, also what its owner alone knows of."""
        return self.room.meeting.parked_items.count() + self.room.meeting.parked_gone

    # ---- sparring

    @cached_property
    def talk(self) -> Sparring | None:
        """The one it is the time of, or the last one, as long as nobody has closed it."""
        begun = any(step.get("talk") for step in self.room.steps[: self.room.position + 1])
        return self.room.talk() if begun and self.room.is_open else None

    @cached_property
    def talk_state(self) -> str:
        """What there is to do about it: none, preparing, running or over; "" is nothing."""
        number = self.room.talk_number
        if self.talk is None:
            return "none" if number and not self.room.was_talked_over(number) else ""
        if not self.talk.is_running:
            return "preparing" if number else ""
        if not self.talk.in_room:
            return ""
        return "over" if self.room.has_gone_through(self.talk.in_room) else "running"

    @property
    def talk_question(self) -> str:
        return self.talk.question_for(self.user) if self.talk else ""

    @property
    def is_focus_person(self) -> bool:
        return bool(self.talk) and self.talk.focus_person_id == self.user.pk

    # ---- the clock

    @cached_property
    def left(self) -> float:
        return round(self.room.left_at(self.now), 1)

    @property
    def is_over(self) -> bool:
        return self.left < 0

    @property
    def clock(self) -> str:
        minutes, seconds = divmod(abs(int(self.left)), 60)
        return f"{'+' if self.is_over else ''}{minutes:02d}:{seconds:02d}"

    @property
    def total(self) -> float:
        return max(self.step["seconds"] - self.step["spent"] * bool(self.step.get("done")), 1)

    @property
    def gone_of_ring(self) -> float:
        """How much of the ring has been used up, as the drawing measures it."""
        return round(RING * (1 - min(max(self.left / self.total, 0), 1)), 1)

    @property
    def done_at(self) -> datetime:
        return self.room.done_at(self.now)

    @property
    def minutes_late(self) -> int:
        return max(round((self.done_at - self.room.ends_at).total_seconds() / 60), 0)

    # ---- who does what

    @property
    def leads(self) -> bool:
        return self.user.pk == self.room.chair_id and not self.projector

    @property
    def may_lead(self) -> bool:
        senior = self.room.meeting.group.senior_manager_id
        return self.user.pk != senior and self.user.pk in self.people and not self.projector

    @property
    def others(self) -> list[User]:
        """To whom the chair can be handed over."""
        nobody = (self.room.chair_id, self.room.meeting.group.senior_manager_id)
        return [person for key, person in self.people.items() if key not in nobody]

    # ---- the round

    @property
    def speaks(self) -> User | None:
        return self.people.get(self.room.round.get("speaks")) if self.room.round else None

    @property
    def has_passed(self) -> list[User]:
        return self._of_round("passed")

    @property
    def has_spoken(self) -> list[User]:
        return self._of_round("spoken")

    @cached_property
    def to_speak(self) -> list[User]:
        if not self.room.round:
            return []
        known = {*self.room.round["spoken"], *self.room.round["passed"], self.room.round["speaks"]}
        order = [key for key in self.room.round["order"] if key not in known]
        return [self.people[key] for key in order if key in self.people]

    def _of_round(self, what: str) -> list[User]:
        keys = self.room.round.get(what, [])
        return [self.people[key] for key in keys if key in self.people]
