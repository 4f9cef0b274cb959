"""The puzzle as CP-SAT reads it: one yes or no for each person and group."""

import itertools
from collections.abc import Callable
from functools import partial

from ortools.sat.python import cp_model

from networks.composition.puzzle import CIRCLES, LARGEST, LEVEL, STAY, Puzzle

ORDERED = 500  # people times groups up to which alike groups are put in order


class Model:
    def __init__(self, puzzle: Puzzle):
        self.puzzle, self.model = puzzle, cp_model.CpModel()
        self.groups = range(puzzle.groups)
        self.x = {
            (person.key, group): self.model.new_bool_var("")
            for person in puzzle.people
            for group in self.groups
        }
        self.costs: list = []
        self.follows: list[tuple] = []  # what else there is to hint: (variable, value of a seating)
        self.pinned = self._separate_and_pin()
        self._seat()
        self._grant()
        self._level()
        self._spread()
        self._stay()
        self.model.minimize(sum(self.costs))

    def seating(self, value: Callable) -> dict[int, int]:
        return {one: group for (one, group), var in self.x.items() if value(var)}

    # ---- hard

    def _seat(self) -> None:
        for person in self.puzzle.people:
            self.model.add_exactly_one(self.x[person.key, group] for group in self.groups)
        for group, (least, most) in enumerate(self.puzzle.sizes):
            members = [self.x[person.key, group] for person in self.puzzle.people]
            self.model.add_linear_constraint(sum(members), least, most)
        for one, group in self.puzzle.locked.items():
            self.model.add(self.x[one, group] == 1)
        for one, group in self.puzzle.away.items():
            self.model.add(self.x[one, group] == 0)

    def _separate_and_pin(self) -> dict[int, int]:
        """Nobody with whom they can't be. Some who all keep out of each other's way are put into
        groups that are alike, one each: which one makes no difference.
        """
        for pair in sorted(self.puzzle.separated, key=sorted):
            one, other = sorted(pair)
            for group in self.groups:
                self.model.add_at_most_one(self.x[one, group], self.x[other, group])
        free = self.puzzle.interchangeable
        pinned = dict(zip(self._clique(), free, strict=False))
        for one, group in pinned.items():
            self.model.add(self.x[one, group] == 1)
        if len(self.x) <= ORDERED:
            self._order([group for group in free if group not in pinned.values()])
        return pinned

    def _clique(self) -> list[int]:
        near: dict[int, set[int]] = {}
        for one, other in map(sorted, self.puzzle.separated):
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
        clique: list[int] = []
        for one in sorted(near, key=lambda key: (-len(near[key]), key)):
            if one not in self.puzzle.locked and all(one in near[other] for other in clique):
                clique.append(one)
        return clique

    def _order(self, alike: list[int]) -> None:
        """Of alike groups the first is the one with the first person, and so on."""
        before: list[int] = []
        for person in self.puzzle.people:
            for earlier, group in itertools.pairwise(alike):
                self.model.add(
                    self.x[person.key, group] <= sum(self.x[one, earlier] for one in before)
                )
            before.append(person.key)

    # ---- soft

    def _grant(self) -> None:
        for wish in self.puzzle.granted:
            people = sorted(wish.people)
            there = [self.model.new_bool_var("") for _ in self.groups]
            for group in self.groups:
                for one in people:
                    self.model.add_implication(there[group], self.x[one, group])
                self._follow(there[group], partial(_all_in, people, group))
            self.model.add_at_most_one(there)
            self.costs.append(wish.weight * (1 - sum(there)))

    def _level(self) -> None:
        levels = self.puzzle.levels
        if len(levels) < 2:
            return
        for group in self.groups:
            usual = [self.model.new_bool_var("") for _ in levels]
            self.model.add_exactly_one(usual)
            lone = self.model.new_int_var(0, LARGEST, "")
            of_level = {level: self._of_level(level) for level in levels}
            self._follow(lone, partial(_fewest_others, of_level, group))
            for level, is_usual in zip(levels, usual, strict=True):
                self._follow(is_usual, partial(_is_usual, of_level, level, group))
                others = [
                    self.x[person.key, group]
                    for person in self.puzzle.people
                    if person.level != level
                ]
                self.model.add(lone >= sum(others)).only_enforce_if(is_usual)
            self.costs.append(LEVEL * lone)

    def _of_level(self, level: str) -> list[int]:
        return [person.key for person in self.puzzle.people if person.level == level]

    def _spread(self) -> None:
        for circle, people in self.puzzle.circles.items():
            fair = self.puzzle.fair(circle)
            for group in self.groups:
                if len(people) > fair:
                    over = self.model.new_int_var(0, max(LARGEST, len(people)), "")
                    self.model.add(over >= sum(self.x[one, group] for one in people) - fair)
                    self._follow(over, partial(_over, people, fair, group))
                    self.costs.append(CIRCLES[circle[0]] * over)

    def _stay(self) -> None:
        for one, group in self.puzzle.now.items():
            if (one, group) in self.x:
                self.costs.append(STAY * (1 - self.x[one, group]))

    # ---- where to begin

    def _follow(self, var, value: Callable) -> None:
        self.follows.append((var, value))

    def hint(self, seating: dict[int, int]) -> None:
        """The whole of it: a hint with gaps is often not found again."""
        names = self._names(seating)
        named = {one: names[group] for one, group in seating.items()}
        for (one, group), var in self.x.items():
            self.model.add_hint(var, named[one] == group)
        for var, value in self.follows:
            self.model.add_hint(var, value(named))

    def _names(self, seating: dict[int, int]) -> dict[int, int]:
        """Alike groups as the model calls them."""
        free = self.puzzle.interchangeable
        names = {group: group for group in self.groups if group not in free}
        left = list(free)
        for one, group in self.pinned.items():
            if seating[one] not in names:
                names[seating[one]] = group
                left.remove(group)
        for person in self.puzzle.people:
            if seating[person.key] not in names:
                names[seating[person.key]] = left.pop(0)
        for group in self.groups:
            if group not in names:
                names[group] = left.pop(0)
        return names


def _all_in(people, group, seating) -> bool:
    return all(seating[one] == group for one in people)


def _over(people, fair, group, seating) -> int:
    return max(0, sum(seating[one] == group for one in people) - fair)


def _counts(of_level, group, seating) -> dict[str, int]:
    return {level: sum(seating[p] == group for p in people) for level, people in of_level.items()}


def _is_usual(of_level, level, group, seating) -> bool:
    counts = _counts(of_level, group, seating)
    return level == max(counts, key=counts.__getitem__)


def _fewest_others(of_level, group, seating) -> int:
    counts = _counts(of_level, group, seating)
    return sum(counts.values()) - max(counts.values())
