from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import models

from meetings.rounds import Round, speaking_order
from networks.models import User


class Rounds(models.Model):
    """Rounds in a room: person by person, and anyone passes (`meetings.rounds` has the rules).

    Whatever goes round knows its `meeting`, its `chair` and who its `insiders` are.
    """

    # The round under way: who speaks, who has spoken, who passed. No times; gone with the step.
    round = models.JSONField(default=dict, blank=True)
    openers = models.JSONField(default=list, blank=True)  # who has begun a round in this meeting

    class Meta:
        abstract = True

    # ---- verbs: rounds

    def go_round(self, by: User, at: datetime | None = None) -> None:
        """Person by person. Who hasn't begun a round in this meeting begins this one."""
        with self._led(by, None, at):
            if not self.round:
                self._say(Round().next(self.speaking_order()))
                if (first := self.round["speaks"]) is not None:
                    self.openers = [*(one for one in self.openers if one != first), first]

    def next_speaker(
        self, by: User, after: int | None, to: int | None = None, at: datetime | None = None
    ) -> None:
        """Whoever speaks has spoken. `after` is who the chair saw speaking, `to` who is wanted."""
        with self._led(by, None, at):
            under_way = Round.of(self.round)
            if under_way and under_way.speaks == after:
                self._say(under_way.next(self.speaking_order(), wanted=to))

    def pass_word(self, by: User, whose: int, at: datetime | None = None) -> None:
        """Whoever has the word passes; the chair may say it for them. No reason is asked."""
        with self._changing(at):
            self._still_open()
            if by.pk not in (whose, self.chair_id):
                raise PermissionDenied
            under_way = Round.of(self.round)
            if under_way and under_way.speaks == whose:
                self._say(under_way.pass_word(self.speaking_order()))

    def end_round(self, by: User, at: datetime | None = None) -> None:
        with self._led(by, None, at):
            self.round = {}

    def _say(self, under_way: Round) -> None:
        self.round = under_way.as_json() | {"order": self.speaking_order()}

    def speaking_order(self) -> list[int]:
        """Who is here, by whose turn it is to begin; the senior manager speaks last."""
        away = self.meeting.answers.staying_away().values("user")
        people = self.insiders().exclude(pk__in=away).order_by("sort_name", "pk")
        last = self.meeting.group.senior_manager_id
        return speaking_order(list(people.values_list("pk", flat=True)), self.openers, last)
