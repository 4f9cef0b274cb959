"""What a seating keeps and what it breaks. The page asks after each move, so it's quick."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from networks.composition.puzzle import CIRCLES, LARGEST, LEVEL, SMALLEST, STAY, Puzzle, Wish

Seating = Mapping[int, int]  # person: group


@dataclass(frozen=True)
class Unmet:
    """A wish that isn't met. `why`: "command", "locked", "many" or "" where others came first.

    A pair that is kept apart is never the reason given: to name the wish would be to name them.
    """

    wish: Wish
    why: str = ""


@dataclass
class Judgement:
    """`commanding` are pairs (boss, person) in one group; of pairs kept apart only how many."""

    cost: int = 0
    met: list[Wish] = field(default_factory=list)
    unmet: list[Unmet] = field(default_factory=list)
    unseated: list[int] = field(default_factory=list)
    wrong_size: dict[int, int] = field(default_factory=dict)
    commanding: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    apart_broken: dict[int, int] = field(default_factory=dict)
    off_level: dict[int, list[int]] = field(default_factory=dict)
    crowded: dict[int, list[tuple[tuple[str, int], int]]] = field(default_factory=dict)

    @property
    def keeps_the_rules(self) -> bool:
        broken = self.unseated or self.wrong_size or self.commanding or self.apart_broken
        return not broken


def judge(puzzle: Puzzle, seating: Seating) -> Judgement:
    found = Judgement(unseated=[p.key for p in puzzle.people if p.key not in seating])
    members = defaultdict(list)
    for person in puzzle.people:
        if person.key in seating:
            members[seating[person.key]].append(person)
    for group in range(puzzle.groups):
        if not SMALLEST <= len(members[group]) <= LARGEST:
            found.wrong_size[group] = len(members[group])
        _judge_level(puzzle, found, group, members[group])
        _judge_circles(puzzle, found, group, members[group])
    _judge_pairs(puzzle, found, seating)
    _judge_wishes(puzzle, found, seating)
    found.cost += STAY * sum(seating.get(one) != group for one, group in puzzle.now.items())
    return found


def _judge_level(puzzle, found, group, members) -> None:
    levels = Counter(person.level for person in members)
    if len(levels) < 2:
        return
    usual = max(puzzle.levels, key=lambda level: levels[level])
    found.off_level[group] = [person.key for person in members if person.level != usual]
    found.cost += LEVEL * len(found.off_level[group])


def _judge_circles(puzzle, found, group, members) -> None:
    counts = Counter(circle for person in members for circle in person.circles)
    for circle, count in sorted(counts.items()):
        if circle in puzzle.circles and count > puzzle.fair(circle):
            found.crowded.setdefault(group, []).append((circle, count))
            found.cost += CIRCLES[circle[0]] * (count - puzzle.fair(circle))


def _judge_pairs(puzzle, found, seating) -> None:
    for pair in puzzle.separated:
        one, other = sorted(pair)
        group = seating.get(one)
        if group is None or group != seating.get(other):
            continue
        if pair in puzzle.commands:
            boss_first = (one, other) if one in puzzle.by_key[other].above else (other, one)
            found.commanding.setdefault(group, []).append(boss_first)
        if pair in puzzle.apart:
            found.apart_broken[group] = found.apart_broken.get(group, 0) + 1
    for pairs in found.commanding.values():
        pairs.sort()


def _judge_wishes(puzzle, found, seating) -> None:
    for wish in puzzle.granted:
        groups = {seating.get(one) for one in wish.people}
        if len(groups) == 1 and None not in groups:
            found.met.append(wish)
        else:
            found.unmet.append(Unmet(wish, _why(puzzle, wish)))
            found.cost += wish.weight


def _why(puzzle, wish) -> str:
    if len(wish.people) > LARGEST:
        return "many"
    if any(pair in puzzle.commands for pair in puzzle.pairs(wish)):
        return "command"
    held = {puzzle.locked[one] for one in wish.people if one in puzzle.locked}
    return "locked" if len(held) > 1 else ""
