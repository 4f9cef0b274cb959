"""What is asked: people, groups, and what holds between them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from math import ceil

SMALLEST, LARGEST = 4, 8

# What it costs to go without, in the objective. A wish weighs more than any evenness of units; a
# person alone among leaders of another level more than a wish (design: same level by default).
LEVEL = 30
WISH = 20
CIRCLES = {"unit": 12, "team": 4, "area": 3}
STAY = 2


@dataclass(frozen=True)
class Person:
    key: int
    level: str = ""
    circles: frozenset[tuple[str, int]] = frozenset()  # ("unit", 7): who shares one knows another
    above: frozenset[int] = frozenset()  # everybody above them in the line of command


@dataclass(frozen=True)
class Wish:
    """These want to be in one group; `by` asked for it."""

    people: frozenset[int]
    key: int = 0
    by: int = 0

    @property
    def weight(self) -> int:
        return WISH * (len(self.people) - 1)


@dataclass(frozen=True)
class Puzzle:
    people: tuple[Person, ...]
    groups: int
    wishes: tuple[Wish, ...] = ()
    apart: frozenset[frozenset[int]] = frozenset()
    locked: Mapping[int, int] = field(default_factory=dict)  # person: the group they stay in
    away: Mapping[int, int] = field(default_factory=dict)  # person: the group they leave
    now: Mapping[int, int] = field(default_factory=dict)  # where they sit, better not moved
    full: frozenset[int] = frozenset()  # groups that get nobody but those locked in them

    @cached_property
    def by_key(self) -> dict[int, Person]:
        return {person.key: person for person in self.people}

    @cached_property
    def levels(self) -> list[str]:
        return sorted({person.level for person in self.people})

    @cached_property
    def commands(self) -> frozenset[frozenset[int]]:
        """Pairs of which one stands above the other."""
        here = self.by_key.keys()
        return frozenset(
            frozenset((person.key, boss))
            for person in self.people
            for boss in person.above & here
            if boss != person.key
        )

    @cached_property
    def granted(self) -> tuple[Wish, ...]:
        """Wishes between at least two of those who are here."""
        here = self.by_key.keys()
        return tuple(wish for wish in self.wishes if len(wish.people) > 1 and wish.people <= here)

    @cached_property
    def separated(self) -> frozenset[frozenset[int]]:
        """Pairs that can't share a group, whatever the reason."""
        here = self.by_key.keys()
        return self.commands | {pair for pair in self.apart if pair <= here}

    @cached_property
    def circles(self) -> dict[tuple[str, int], list[int]]:
        """Everybody of a circle, where it has at least two here."""
        found: dict[tuple[str, int], list[int]] = {}
        for person in self.people:
            for circle in sorted(person.circles):
                found.setdefault(circle, []).append(person.key)
        return {circle: people for circle, people in found.items() if len(people) > 1}

    def fair(self, circle: tuple[str, int]) -> int:
        """As many of a circle as each group gets when they are spread as well as can be."""
        return ceil(len(self.circles[circle]) / self.groups)

    @cached_property
    def sizes(self) -> list[tuple[int, int]]:
        """Least and most of each group: as even as those who are locked allow."""
        held = Counter(self.locked.values())
        counts = [held[group] for group in range(self.groups)]
        open_ones = [group for group in range(self.groups) if group not in self.full]
        for _ in range(len(self.people) - len(self.locked)):
            if open_ones:
                counts[min(open_ones, key=counts.__getitem__)] += 1
        low = min((counts[group] for group in open_ones), default=0)
        return [
            (counts[group], counts[group])
            if group in self.full
            else (max(low, held[group]), max(self._high(counts, low, held, open_ones), held[group]))
            for group in range(self.groups)
        ]

    @staticmethod
    def _high(counts, low, held, open_ones) -> int:
        """One more, where the people don't divide evenly."""
        return low + any(held[group] <= low < counts[group] for group in open_ones)

    @cached_property
    def interchangeable(self) -> list[int]:
        """Groups that are alike, so that only one order of them has to be looked at."""
        if self.now or self.away:
            return []
        held = set(self.locked.values()) | self.full
        return [group for group in range(self.groups) if group not in held]

    def pairs(self, wish: Wish):
        return map(frozenset, combinations(sorted(wish.people), 2))
