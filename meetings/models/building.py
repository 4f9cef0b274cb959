"""How the agenda of one meeting is built: what the bank offers, standing items, the order."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone, translation

from meetings import composition, script
from meetings.models.agenda import AgendaItem
from meetings.models.apv_item import ApvItem
from meetings.models.meeting import Meeting
from meetings.models.parked import ParkedItem
from meetings.models.renewal import Renewal
from meetings.models.trace import Trace, sentence
from networks.models import Membership
from wellbeing.models import DialogueQuestion, Guidepost

CHIPS = 6  # guideposts offered under a question
TRACES = 8  # lines of who did what


@dataclass(frozen=True)
class Line:
    """One line of who did what."""

    words: str
    at: datetime


@dataclass(frozen=True)
class Around:
    """What stands around the questions, read at once."""

    guideposts: list[dict] = field(default_factory=list)
    traces: list[Line] = field(default_factory=list)
    parked: int = 0
    leaders: list[dict] = field(default_factory=list)
    renewed: list[dict] = field(default_factory=list)  # who said yes to the agreement this season
    own: list[ParkedItem] = field(default_factory=list)  # what one parked and follows until done

    def has_renewed(self, user) -> bool:
        return any(one["pk"] == user.pk for one in self.renewed)

    def guidepost_for(self, theme: str) -> int | None:
        return next((one["pk"] for one in self.guideposts if one["theme"] == theme), None)


class Building:
    def __init__(self, meeting: Meeting):
        self.meeting = meeting

    # ---- verbs

    def compose(self) -> None:
        """Give the waiting questions their places; carry the rest over, once."""
        meeting = self.meeting
        follows_up = Exists(ApvItem.objects.follow_ups().filter(item=OuterRef("pk")))
        found = meeting.items.waiting().annotate(supporters=Count("support"), follows_up=follows_up)
        waiting = [item for item in found if not item.follows_up]
        following_up = [item for item in found if item.follows_up]
        fixed = {item.pk: item for item in meeting.series.standing_items.standing()}
        minutes, usual = self._time_for_questions()
        had = self._had_lately()
        places, left_over = composition.compose(
            [item.as_proposal(*had.get(item.by_id, ())) for item in waiting],
            minutes,
            [
                composition.Standing(item.pk, item.minutes)
                for item in [*fixed.values(), *following_up]
            ],
            usual,
        )
        meeting.for_questions = minutes
        meeting.save(update_fields=["for_questions"])
        by_key = {item.pk: item for item in [*waiting, *following_up]}
        for position, place in enumerate(places, 1):
            if place.key in by_key and place.why == AgendaItem.Why.STANDING:
                place = replace(place, why=AgendaItem.Why.FOLLOW_UP)
            item = by_key.get(place.key) or fixed[place.key].copied_to(meeting)
            item.set_at(position, place)
        following = meeting.next_building()
        for key in left_over:
            by_key[key].carry_over(meeting, following)
        left = minutes - sum(place.minutes for place in places)
        if not waiting and left >= composition.LEAST:
            self._fill_from_bank(len(places) + 1, min(left, usual[0]))

    def _time_for_questions(self) -> tuple[int, list[int]]:
        """Minutes in all, and those of the first, the second and so on, as the format has them."""
        beats = self.meeting.followed_format.beats
        minutes, places = script.for_questions(beats, self.meeting.minutes)
        least = composition.LEAST
        return max(minutes, least), [max(one, least) for one in places] or [composition.USUAL]

    def _had_lately(self) -> dict[int, tuple[int, int]]:
        """How often each person had the table on the group's last meetings, how long ago last."""
        lately = (
            Meeting.objects.filter(
                series__group=self.meeting.group, starts_at__lt=self.meeting.starts_at
            )
            .standing()
            .order_by("-starts_at")
            .values_list("pk", flat=True)[: composition.LATELY]
        )
        ago = {pk: number for number, pk in enumerate(lately, 1)}
        places = (
            AgendaItem.objects.filter(status=AgendaItem.Status.SET, meeting__in=ago)
            .exclude(why__in=AgendaItem.NOBODYS)
            .values_list("by", "meeting")
        )
        turns, last = Counter(), {}
        for by, which in places:
            turns[by] += 1
            last[by] = min(ago[which], last.get(by, ago[which]))
        return {by: (count, last[by]) for by, count in turns.items()}

    def _fill_from_bank(self, position: int, minutes: int) -> None:
        """Nobody had a question: the one that was offered stands there by itself."""
        around = self.around()
        with translation.override("da"):
            if question := self.offered(around=around):
                item = AgendaItem.objects.create(
                    group=self.meeting.group,
                    meeting=self.meeting,
                    question=question.text,
                    from_bank=question,
                    theme=question.theme,
                    guidepost_id=around.guidepost_for(question.theme),
                )
                item.set_at(position, composition.Place(item.pk, minutes, AgendaItem.Why.BANK))

    def take_from_bank(self, question: DialogueQuestion, by, at=None) -> AgendaItem:
        """Put a question from the bank on the agenda, under the guidepost it was chosen by."""
        with transaction.atomic():
            item = self.meeting.propose(question.text, by, at=at)
            if item.from_bank_id is None:
                item.from_bank, item.theme = question, question.theme
                item.guidepost_id = self.around().guidepost_for(question.theme)
                item.save(update_fields=["from_bank", "theme", "guidepost"])
                self.trace(by, Trace.What.BANK, item, at=at)
        return item

    def add_standing(self, question: str, minutes: int, by, at=None) -> AgendaItem:
        """Part of each agenda of the season from now on. The same twice is one."""
        with transaction.atomic():
            self.meeting._lock()
            item, new = AgendaItem.objects.get_or_create(
                group=self.meeting.group,
                season=self.meeting.series,
                status=AgendaItem.Status.STANDING,
                question=question,
                defaults={"by": by, "minutes": minutes, "proposed_at": at or timezone.now()},
            )
            if new:
                self.trace(by, Trace.What.BEGAN, item, at=at)
        return item

    def end_standing(self, item: AgendaItem, by, at=None) -> None:
        with transaction.atomic():
            ended = AgendaItem.objects.filter(pk=item.pk, status=AgendaItem.Status.STANDING)
            if ended.update(status=AgendaItem.Status.WITHDRAWN):
                self.trace(by, Trace.What.ENDED, item, at=at)

    def place(self, key: int, place: int, seen: list[int], by, at=None) -> bool:
        """Move one question of a set agenda to that place, counted from 1.

        `seen` is the order the person looked at: False, and nothing is changed, if another one
        stands there by now.
        """
        with transaction.atomic():
            self.meeting._lock()
            items = list(self.meeting.items.on_agenda())
            order = [item.pk for item in items]
            if order != seen or key not in order:
                return False
            moved = next(item for item in items if item.pk == key)
            place = max(1, min(place, len(items)))
            if items.index(moved) != place - 1:
                items.remove(moved)
                items.insert(place - 1, moved)
                for position, item in enumerate(items, 1):
                    item.position = position
                AgendaItem.objects.bulk_update(items, ["position"])
                self.trace(by, Trace.What.PLACED, moved, place=place, at=at)
        return True

    def trace(self, by, what: str, item=None, place: int | None = None, at=None) -> None:
        Trace.objects.create(
            meeting=self.meeting, by=by, what=what, item=item, place=place, at=at or timezone.now()
        )

    # ---- questions

    def offered(self, skip: int = 0, around: Around | None = None) -> DialogueQuestion | None:
        """The question from the bank whose guidepost hasn't been talked about the longest.

        With `skip` the one after it, and so on round.
        """
        guideposts = (around or self.around()).guideposts
        themes = list(dict.fromkeys(guidepost["theme"] for guidepost in guideposts))
        own = Q(items__group=self.meeting.group)
        questions = list(
            DialogueQuestion.objects.meant_for(self.meeting.group).annotate(
                used=Count("items", filter=own), last=Max("items__proposed_at", filter=own)
            )
        )
        if not questions:
            return None
        since = {}  # when each theme was last taken from the bank, for where no guidepost decides
        for one in questions:
            since[one.theme] = max(since.get(one.theme, ""), str(one.last or ""))
        rank = {theme: number for number, theme in enumerate(themes)}
        questions.sort(
            key=lambda one: (rank.get(one.theme, len(rank)), since[one.theme], one.used, one.pk)
        )
        # One of each theme first, so that "another one" is another thing to talk about.
        seen: dict[str, int] = {}
        rounds = []
        for one in questions:
            seen[one.theme] = seen.get(one.theme, 0) + 1
            rounds.append((seen[one.theme], one))
        ordered = [one for _round, one in sorted(rounds, key=lambda pair: pair[0])]
        return ordered[skip % len(ordered)]

    def around(self, user=None) -> Around:
        """The guideposts to choose from, who did what, what was parked: in one query."""
        found = (
            Meeting.objects.filter(pk=self.meeting.pk)
            .annotate(
                near=ArraySubquery(self._guideposts()),
                done=ArraySubquery(self._traces()),
                parked=Coalesce(
                    Subquery(
                        ParkedItem.objects.filter(meeting=OuterRef("pk"))
                        .values("meeting")
                        .values(number=Count("pk")),
                        output_field=IntegerField(),
                    ),
                    Value(0),
                )
                + F("parked_gone"),
            )
            .annotate(
                leaders=ArraySubquery(self._leaders()),
                renewed=ArraySubquery(self._renewed()),
                own=ArraySubquery(self._parked_by(user)),
            )
            .values_list("near", "done", "parked", "leaders", "renewed", "own")
            .get()
        )
        guideposts, traces, parked, leaders, renewed, own = found
        lines = [
            Line(
                sentence(one["what"], one["by"], one["question"], one["place"]),
                datetime.fromisoformat(one["at"]),
            )
            for one in traces
        ]
        own = [ParkedItem.read(self.meeting, user, one) for one in own]
        return Around(guideposts, lines, parked, leaders, renewed, own)

    def _parked_by(self, user):
        """In the whole group: it is followed from meeting to meeting."""
        own = ParkedItem.objects.standing().filter(group=self.meeting.group, owner=user)
        return own.order_by("parked_at", "pk").values(json=ParkedItem.as_json())

    def _leaders(self):
        standing = Membership.objects.standing().filter(group=self.meeting.group)
        return standing.order_by("user__sort_name", "user").values(
            json=JSONObject(pk="user", name="user__name")
        )

    def _renewed(self):
        yes = Renewal.objects.filter(series=OuterRef("series")).order_by("by__sort_name", "by")
        return yes.values(json=JSONObject(pk="by", name="by__name"))

    def _guideposts(self):
        """Those of the own unit first, then what this group hasn't talked about the longest."""
        group = self.meeting.group
        talked = AgendaItem.objects.filter(
            group=group, guidepost=OuterRef("pk"), status=AgendaItem.Status.SET
        )
        last = talked.order_by().values("guidepost").values(last=Max("meeting__starts_at"))
        near = Case(When(unit=group.unit_id, then=0), default=1, output_field=IntegerField())
        return (
            Guidepost.objects.standing()
            .filter(organisation=group.organisation_id)
            .annotate(near=near, last=Subquery(last))
            .order_by("near", F("last").asc(nulls_first=True), "pk")
            .values(json=JSONObject(pk="pk", wording="wording", theme="theme"))[:CHIPS]
        )

    @staticmethod
    def _traces():
        """Never the words of what is hidden."""
        words = Case(
            When(item__status=AgendaItem.Status.HIDDEN, then=Value("")),
            default=F("item__question"),
        )
        return (
            Trace.objects.filter(meeting=OuterRef("pk"))
            .annotate(words=words)
            .order_by("-at", "-pk")
            .values(
                json=JSONObject(
                    by="by__name", what="what", question="words", place="place", at="at"
                )
            )[:TRACES]
        )
