"""Says a seating in words: what holds, what doesn't and why, and whether it could be better.

Who is kept apart is never said: where that is the reason, it's "something you marked as
confidential", and of a wish that can't be met because of it only that it can't.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from networks import composing
from networks.composition import LARGEST, SMALLEST, Judgement, Puzzle, judge
from networks.composition.puzzle import WISH
from networks.models import Composition, ProposedGroup, Seat

TRIED = 60  # people up to which it's tried out what an unmet wish would cost
SHOWN = 40  # unmet wishes said one by one


@dataclass
class Table:
    """A group on the board: who sits there, what is broken, what could be better."""

    group: ProposedGroup
    seats: list[Seat] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class Board:
    """A composition as its page shows it. Reads everything once, however many people there are."""

    def __init__(self, composition: Composition):
        self.composition = composition
        self.groups = list(composition.groups.select_related("facilitator"))
        seats = composition.seats.taken().in_order().select_related("user__unit__parent")
        self.seats = list(seats)
        self.puzzle: Puzzle = composing.puzzle_of(composition, self.seats, self.groups)
        self.seating = self._best_so_far() if composition.is_busy else self._as_it_stands()
        self.judgement: Judgement = judge(self.puzzle, self.seating)

    def _as_it_stands(self) -> dict[int, int]:
        numbers = {group.pk: group.number for group in self.groups}
        return {seat.user_id: numbers[seat.group_id] for seat in self.seats if seat.group_id}

    def _best_so_far(self) -> dict[int, int]:
        return {int(one): number for one, number in self.composition.best.items()}

    # ---- names

    @cached_property
    def by_key(self) -> dict[int, Seat]:
        return {seat.user_id: seat for seat in self.seats}

    def name(self, person: int) -> str:
        return str(self.by_key[person].user) if person in self.by_key else _("somebody")

    def names(self, people) -> str:
        return get_text_list([self.name(one) for one in people], _("and"))

    def group_name(self, number: int | None) -> str:
        return next((group.name for group in self.groups if group.number == number), "")

    @cached_property
    def units(self) -> dict[int, str]:
        units = [seat.user.unit for seat in self.seats if seat.user.unit]
        return {
            one.pk: one.name for unit in units for one in (unit, unit.parent) if one is not None
        }

    # ---- group by group

    @cached_property
    def tables(self) -> list[Table]:
        return [
            Table(
                group,
                [s for s in self.seats if self.seating.get(s.user_id) == group.number],
                self.broken(self.judgement, group.number) if self.seating else [],
                self.remarks(self.judgement, group.number),
            )
            for group in self.groups
        ]

    @property
    def unseated(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.user_id not in self.seating]

    def broken(self, judgement: Judgement, number: int) -> list[str]:
        said = []
        if (count := judgement.wrong_size.get(number)) is not None:
            said.append(
                _("A group needs at least four; here are %(count)s.") % {"count": count}
                if count < SMALLEST
                else _("A group has eight at most; here are %(count)s.") % {"count": count}
            )
        for boss, person in judgement.commanding.get(number, []):
            names = {"boss": self.name(boss), "person": self.name(person)}
            said.append(_("%(boss)s stands above %(person)s in the line of command.") % names)
        if number in judgement.apart_broken:
            said.append(_("Something you marked as confidential is broken here."))
        return said

    def remarks(self, judgement: Judgement, number: int) -> list[str]:
        here = Counter(self.seating.values())[number]
        said = []
        if lone := judgement.off_level.get(number):
            leads = {self.puzzle.by_key[one].level for one in lone}
            words = (
                _("%(names)s: leading leaders, among leaders of employees.")
                if leads == {"leaders"}
                else _("%(names)s: leading employees, among leaders of leaders.")
            )
            said.append(words % {"names": self.names(lone)})
        crowded = judgement.crowded.get(number, [])
        for (_kind, key), count in [one for one in crowded if one[0][0] != "team"]:
            where = {"count": count, "here": here, "unit": self.units.get(key, "")}
            said.append(
                _("All come from %(unit)s.") % where
                if count == here
                else _("%(count)s of %(here)s come from %(unit)s.") % where
            )
        if not said and crowded:
            most = max(count for _circle, count in crowded)
            words = _("%(count)s know each other from their leadership team.")
            said.append(words % {"count": most})
        return list(dict.fromkeys(said))

    # ---- wishes

    def wish_words(self, wish) -> str:
        by, others = self.wish_order[wish.key]
        if len(others) > 1:
            return _("%(names)s together") % {"names": self.names([by, *others])}
        return _("%(name)s with %(other)s") % {"name": self.name(by), "other": self.name(others[0])}

    @cached_property
    def wish_order(self) -> dict[int, tuple[int, list[int]]]:
        return {wish.key: (wish.by, sorted(wish.people - {wish.by})) for wish in self.puzzle.wishes}

    @property
    def met(self) -> int:
        return len(self.judgement.met)

    @property
    def wishes(self) -> int:
        return len(self.puzzle.granted)

    @cached_property
    def unmet(self) -> list[tuple[str, str]]:
        """(the wish, why it isn't met)."""
        said = [(self.wish_words(one.wish), self._why(one)) for one in self.judgement.unmet[:SHOWN]]
        if (more := len(self.judgement.unmet) - SHOWN) > 0:
            words = ngettext("%(count)s more", "%(count)s more", more) % {"count": more}
            said.append((words, ""))
        return said

    def _why(self, unmet) -> str:
        if unmet.why == "command":
            return _("one of them stands above the other")
        if unmet.why == "locked":
            return _("they are locked in different groups")
        if unmet.why == "many":
            return _("they are more than a group can hold")
        if len(self.seats) > TRIED or len(unmet.wish.people) != 2:
            return _("others’ wishes and the rules came first")
        return self._price(unmet.wish)

    def _price(self, wish) -> str:
        """What the cheapest exchange of two people that meets it would cost."""
        found = [
            (judge(self.puzzle, after), moved, other)
            for after, moved, other in self._exchanges(wish)
        ]
        allowed = [one for one in found if one[0].keeps_the_rules]
        if not allowed:
            return _("it doesn’t go together with what else holds")
        judgement, moved, other = min(allowed, key=lambda one: one[0].cost)
        if judgement.cost < self.judgement.cost:
            names = {"one": self.name(moved), "other": self.name(other)}
            return _("it could be: exchange %(one)s and %(other)s") % names
        were = {one.key for one in self.judgement.met}
        lost = [one.wish for one in judgement.unmet if one.wish.key in were]
        if lost:
            words = get_text_list([self.wish_words(one) for one in lost[:3]], _("and"))
            return _("it would cost another wish: %(wishes)s") % {"wishes": words}
        return _("the groups would be less mixed")

    def _exchanges(self, wish):
        one, other = sorted(wish.people)
        for moved, stays in ((one, other), (other, one)):
            here, there = self.seating.get(moved), self.seating.get(stays)
            if moved in self.puzzle.locked or here is None or there is None:
                continue
            for third, group in self.seating.items():
                if group == there and third != stays and third not in self.puzzle.locked:
                    yield {**self.seating, moved: there, third: here}, moved, third

    # ---- the whole

    @property
    def is_broken(self) -> bool:
        return not self.judgement.keeps_the_rules

    @cached_property
    def could_be_met(self) -> int:
        """Of the unmet wishes so many as nobody has proven to be impossible."""
        if self.composition.proven:
            return 0
        open_ones = sum(not one.why for one in self.judgement.unmet)
        return min(open_ones, max(0, self.judgement.cost - self.composition.bound) // WISH)

    @property
    def verdict(self) -> str:
        if self.is_broken:
            return _("A rule is broken, so these groups can’t be started yet.")
        if self.composition.proven:
            return _("Better is not possible: that is proven.")
        if self.could_be_met:
            return ngettext(
                "At most %(count)s more wish could be met.",
                "At most %(count)s more wishes could be met.",
                self.could_be_met,
            ) % {"count": self.could_be_met}
        return _("No further wish can be met. At most the groups could be a little more mixed.")

    @property
    def facts(self) -> list[tuple[bool, str]]:
        """(holds, in words)."""
        judgement = self.judgement
        sizes = sorted(Counter(self.seating.values()).values())
        return [
            (
                not judgement.wrong_size,
                _("%(count)s in each group") % {"count": sizes[0]}
                if sizes and sizes[0] == sizes[-1]
                else _("From %(few)s to %(many)s in each group")
                % {"few": sizes[0] if sizes else 0, "many": sizes[-1] if sizes else 0},
            ),
            (not judgement.commanding, _("Nobody shares a group with anybody above them")),
            (not judgement.off_level, _("Same leadership level in each group")),
            (not judgement.crowded, _("Units and teams spread as evenly as can be")),
        ]

    @property
    def picture(self) -> dict:
        """The bar of wishes: how wide what is met, and what perhaps could be, of 300."""
        total = self.wishes or 1
        return {
            "met": round(300 * self.met / total),
            "could": round(300 * self.could_be_met / total),
        }

    @property
    def swaps(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.wants_swap]

    # ---- what a move would do

    def moves(self, seat: Seat) -> list[dict]:
        """Each other group, and what it would break and gain to sit there."""
        return [
            {"group": group} | self._change(seat, group)
            for group in self.groups
            if group.number != self.seating.get(seat.user_id)
        ]

    def _change(self, seat: Seat, group: ProposedGroup) -> dict:
        here = self.seating.get(seat.user_id)
        after = judge(self.puzzle, {**self.seating, seat.user_id: group.number})
        broken = [
            words
            for number in (group.number, here)
            if number is not None
            for words in self.broken(after, number)
            if words not in self.broken(self.judgement, number)
        ]
        were, are = (
            {one.key: one for one in judgement.met} for judgement in (self.judgement, after)
        )
        return {
            "broken": broken,
            "lost": [self.wish_words(were[key]) for key in were.keys() - are.keys()],
            "gained": [self.wish_words(are[key]) for key in are.keys() - were.keys()],
            "count": sum(number == group.number for number in self.seating.values()),
        }


# ---- what is impossible


def demands_in_words(board: Board) -> list[str]:
    composition = board.composition
    numbers = {
        "people": len(board.seats),
        "groups": composition.number_of_groups,
        "fewest": -(-len(board.seats) // LARGEST),
        "most": len(board.seats) // SMALLEST,
    }
    said = [_one_demand(board, demand, numbers) for demand in composition.demands]
    return list(dict.fromkeys(said))


def _one_demand(board: Board, demand: dict, numbers: dict) -> str:
    names, group = board.names(demand["people"]), board.group_name(demand["group"])
    said = {"names": names, "group": group, "count": len(demand["people"])} | numbers
    return {
        "few": _(
            "%(people)s leaders can’t fill %(groups)s groups, since a group needs at least four. "
            "Choose more leaders, or at most %(most)s groups."
        ),
        "many": _(
            "%(people)s leaders are too many for %(groups)s groups of at most eight. "
            "Choose at least %(fewest)s groups."
        ),
        "alone": _(
            "%(names)s stands above or below nearly all the others, so there aren’t three "
            "colleagues to share a group with. Leave %(names)s out: a group among leaders of the "
            "same level is better."
        ),
        "bosses": _(
            "%(names)s stand one above the other and need a group each, but there are only "
            "%(groups)s."
        ),
        "sizes": _("%(count)s people are locked in %(group)s, and the groups can’t come out even.")
        if group
        else _("%(people)s leaders in %(groups)s groups of about the same size"),
        "command": _("%(names)s: nobody shares a group with those below them"),
        "locked": _("%(names)s locked in %(group)s")
        if names
        else _("the people locked in %(group)s"),
        "away": _("%(names)s asked to leave %(group)s"),
        "apart": _("something you marked as confidential"),
    }[demand["what"]] % said
