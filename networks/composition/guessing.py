"""A good seating to begin with: placed one by one, then bettered by exchanging people.

The solver proves and betters; on three hundred people it needs something to start from.
"""

import math
from collections import defaultdict
from random import Random

from networks.composition.puzzle import CIRCLES, LEVEL, STAY, Puzzle

BROKEN = 2000  # a rule broken, heavier than anything else together that one person can cost
WARM, COLD = 25.0, 0.6
MOST_ROUNDS = 600_000


class Guess:
    """A seating under change, with what each change would cost at hand."""

    def __init__(self, puzzle: Puzzle, seed: int):
        self.puzzle, self.random = puzzle, Random(seed)
        self.links = _links(puzzle)
        self.members: list[set[int]] = [set() for _ in range(puzzle.groups)]
        self.circle_counts = [defaultdict(int) for _ in range(puzzle.groups)]
        self.level_counts = [defaultdict(int) for _ in range(puzzle.groups)]
        self.seat: dict[int, int] = {}
        self.circles = {
            person.key: [
                (circle, CIRCLES[circle[0]], puzzle.fair(circle))
                for circle in sorted(person.circles)
                if circle in puzzle.circles
            ]
            for person in puzzle.people
        }
        self.movable = [p.key for p in puzzle.people if p.key not in puzzle.locked]

    # ---- one person in, one person out

    def cost_in(self, one: int, group: int) -> float:
        """What it would cost to have `one` in that group, who isn't in it."""
        members, links = self.members[group], self.links[one]
        cost = sum(weight for other, weight in links.items() if other in members)
        counts = self.circle_counts[group]
        for circle, weight, fair in self.circles[one]:
            if counts[circle] >= fair:
                cost += weight
        cost += LEVEL * self._lone(group, self.puzzle.by_key[one].level)
        if self.puzzle.away.get(one) == group:
            cost += BROKEN
        if self.puzzle.now.get(one, group) != group:
            cost += STAY
        return cost

    def _lone(self, group: int, level: str) -> int:
        if len(self.puzzle.levels) < 2:
            return 0
        counts = self.level_counts[group]
        total = sum(counts.values())
        return min(total - counts[level], counts[level] + 1) if total > counts[level] else 0

    def put(self, one: int, group: int) -> None:
        self.seat[one] = group
        self.members[group].add(one)
        self._count(one, group, 1)

    def take(self, one: int) -> int:
        group = self.seat.pop(one)
        self.members[group].remove(one)
        self._count(one, group, -1)
        return group

    def _count(self, one, group, step) -> None:
        for circle, _weight, _fair in self.circles[one]:
            self.circle_counts[group][circle] += step
        self.level_counts[group][self.puzzle.by_key[one].level] += step

    # ---- the whole

    def begin(self) -> None:
        """Whoever has most to do with others first, each where it costs least."""
        for one, group in self.puzzle.locked.items():
            self.put(one, group)
        low = [least for least, _most in self.puzzle.sizes]
        spare = len(self.puzzle.people) - sum(low)
        waiting = set(self.movable)
        while waiting:
            one = min(waiting, key=lambda key: (self._urgency(key), key))
            waiting.remove(one)
            open_ones = [
                group
                for group, (least, most) in enumerate(self.puzzle.sizes)
                if len(self.members[group]) < (most if spare > 0 else least)
            ]
            group = min(open_ones, key=lambda g: (self.cost_in(one, g), len(self.members[g]), g))
            if len(self.members[group]) >= low[group]:
                spare -= 1
            self.put(one, group)

    def _urgency(self, one: int) -> float:
        """Least for whom most friends are seated already."""
        links = self.links[one]
        drawn = sum(min(weight, 0) for other, weight in links.items() if other in self.seat)
        return drawn - 0.01 * len(links)

    def better(self, rounds: int, stopped=lambda: False) -> None:
        """Exchange two people at a time, at first boldly."""
        if len(self.movable) < 2:
            return
        best, best_cost, cost = dict(self.seat), 0.0, 0.0
        for number in range(rounds):
            if number % 500 == 0 and stopped():
                break
            heat = WARM * (COLD / WARM) ** (number / rounds)
            change = self._try(heat)
            cost += change
            if cost < best_cost - 1e-9:
                best, best_cost = dict(self.seat), cost
        self.seat = best

    def _try(self, heat: float) -> float:
        one = self.random.choice(self.movable)
        here, there = self.seat[one], self._somewhere(one)
        if there == here:
            return 0
        others = [other for other in sorted(self.members[there]) if other not in self.puzzle.locked]
        least, most = self.puzzle.sizes[here][0], self.puzzle.sizes[there][1]
        other = None
        if len(self.members[here]) > least and len(self.members[there]) < most:
            others.append(None)  # there is room: nobody has to go back
        if not others:
            return 0
        other = self.random.choice(others)
        return self._exchange(one, other, here, there, heat)

    def _exchange(self, one, other, here, there, heat) -> float:
        self.take(one)
        before = self.cost_in(one, here)
        if other is not None:
            self.take(other)
            before += self.cost_in(other, there)
        after = self.cost_in(one, there)
        self.put(one, there)
        if other is not None:
            # counted without `one`, who is gone from there
            after += self.cost_in(other, here)
            self.put(other, here)
        change = after - before
        if change <= 0 or self.random.random() < math.exp(-change / heat):
            return change
        if other is not None:
            self.take(other)
            self.put(other, there)
        self.take(one)
        self.put(one, here)
        return 0

    def _somewhere(self, one: int) -> int:
        """Mostly to somebody they want to be with."""
        friends = [other for other, weight in self.links[one].items() if weight < 0]
        if friends and self.random.random() < 0.6:
            return self.seat[self.random.choice(friends)]
        return self.random.randrange(self.puzzle.groups)


def _links(puzzle: Puzzle) -> dict[int, dict[int, float]]:
    """What it costs each person to sit with each other: less than nothing where it's wished."""
    links: dict[int, dict[int, float]] = {person.key: {} for person in puzzle.people}

    def link(pair, weight):
        one, other = sorted(pair)
        links[one][other] = links[one].get(other, 0) + weight
        links[other][one] = links[other].get(one, 0) + weight

    for wish in puzzle.granted:
        for pair in puzzle.pairs(wish):
            link(pair, -2 * wish.weight / (len(wish.people) * (len(wish.people) - 1)))
    for pair in sorted(puzzle.separated, key=sorted):
        link(pair, BROKEN)
    return links


def guess(puzzle: Puzzle, seed: int, stopped=lambda: False) -> dict[int, int]:
    """Always the same for the same puzzle and seed, unless it's stopped."""
    made = Guess(puzzle, seed)
    made.begin()
    rounds = min(300 * len(puzzle.people) + 20 * len(puzzle.people) * puzzle.groups, MOST_ROUNDS)
    made.better(rounds, stopped)
    return made.seat
