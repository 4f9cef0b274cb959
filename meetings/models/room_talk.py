from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import models

from meetings import steps
from meetings.models.format import Format
from meetings.models.part import Part
from meetings.models.sparring import Sparring
from networks.models import User
from wellbeing.models import Guidepost


class RoomTalks(models.Model):
    """Sparring as a part of a meeting under way: what was prepared begins when its phase does, by
    the room's clock, and is over when the room has gone through it.

    Where a format goes round, each round is a talk of its own, numbered from 1: the steps of the
    room say whose time it is. Whatever has talks knows its `meeting`, `steps` and `position`.
    """

    class Meta:
        abstract = True

    # ---- verbs

    def prepare_talk(self, by: User, at: datetime | None = None) -> None:
        """Offer a question, and who does what, by whose turn it is. `by` leads, so is its host."""
        with self._led(by, None, at) as now:
            if self.talk_number:
                self._prepare_next(by, now)

    def answer_for_talk(self, by: User, yes: bool, at: datetime | None = None) -> None:
        """Whose question it is says yes, or not today; the chair may say it for them."""
        with self._changing(at) as now:
            self._still_open()
            talk = self.talk()
            person = talk and talk.focus_person
            if by.pk not in (person and person.pk, self.chair_id):
                raise PermissionDenied
            if person and yes:
                talk.take(Part.Role.FOCUS, person)
            elif person:
                talk.pass_on(Part.Role.FOCUS, person)
            self._start_talk(now)

    def close_talk(
        self,
        by: User,
        asks_again: int = 0,
        guidepost: Guidepost | None = None,
        at: datetime | None = None,
    ) -> None:
        """The room has gone through it. If it is time for another, that one is offered."""
        with self._led(by, None, at) as now:
            if (talk := self.talk()) and talk.is_running:
                talk.close(asks_again=asks_again, guidepost=guidepost, at=now)
                if self.talk_number and self.talk_number != talk.in_room:
                    self._prepare_next(by, now)

    def hear_of_talk(self, talk: Sparring) -> None:
        """Something was said about it on its own page."""
        if self._held:
            self._again = True
            return
        with self._changing(None) as now:
            self._again = True
            if self.is_open and talk.pk:
                self._start_talk(now)

    def _prepare_next(self, by: User, now: datetime) -> None:
        if self.talk() is None and not self.was_talked_over(self.talk_number):
            Sparring.objects.prepare(self.meeting, by=by, as_host=True, at=now, room=self)

    def _start_talk(self, now: datetime) -> None:
        """It is time for a talk, and whose question it is has said yes."""
        talk = self.talk() if self.talk_number else None
        if talk and talk.is_ready and not self.was_talked_over(self.talk_number):
            talk.start(by=self.chair, at=now)

    def _take_in_talk(self) -> None:
        """One that runs already goes on by the clock of the meeting."""
        talk = self.talk() if self.has_talks else None
        if talk and talk.is_running:
            talk.go_on_in(self)

    def _end_talk(self, now: datetime) -> None:
        if (talk := self.talk()) and talk.in_room and talk.is_running:
            talk.close(at=now)

    def _lay_talk(self, position: int) -> None:
        """Where sparring begins: its phases are those of the format that was chosen since."""
        if not steps.begins_talk(self.steps, position):
            return
        format = Format.objects.sparring_at(self.meeting)
        self.steps = steps.lay_again(self.steps, position, format.talk_beats if format else ())

    # ---- questions

    def talk(self) -> Sparring | None:
        """The one that is prepared or under way at this meeting, read anew."""
        if self.meeting.group.is_team:
            return None
        found = Sparring.objects.under_way().filter(meeting=self.meeting_id).for_page().first()
        if found:
            found.room = self
        return found

    @property
    def talk_number(self) -> int:
        """Which talk it is the time of; 0 of none."""
        return 0 if self.meeting.group.is_team else self.steps[self.position].get("talk", 0)

    @property
    def has_talks(self) -> bool:
        return not self.meeting.group.is_team and any(step.get("talk") for step in self.steps)

    def has_gone_through(self, number: int) -> bool:
        """The phases of that talk lie behind."""
        places = [place for place, step in enumerate(self.steps) if step.get("talk") == number]
        return bool(places) and self.position > places[-1]

    def was_talked_over(self, number: int) -> bool:
        """Whoever goes a step back doesn't begin another."""
        closed = Sparring.objects.closed().filter(meeting=self.meeting_id)
        return closed.filter(in_room=number).exists()
