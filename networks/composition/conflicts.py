"""Why nobody can be seated: a small set of demands that can't all be kept."""

from collections import Counter
from dataclasses import dataclass

from ortools.sat.python import cp_model

from networks.composition.puzzle import LARGEST, SMALLEST, Puzzle

MOMENT = 2.0  # seconds for one question; one that isn't answered by then keeps its demand


@dataclass(frozen=True)
class Demand:
    """`what`: "few", "many", "alone", "bosses", "sizes", "command", "locked", "away", "apart".

    Who is kept apart is never said: an "apart" demand has no people.
    """

    what: str
    people: tuple[int, ...] = ()
    group: int | None = None


def why_impossible(puzzle: Puzzle, quickly: bool = False) -> list[Demand]:
    """[] if it's possible, or with `quickly` if it isn't plain at a glance that it is not."""
    at_a_glance = _too_few_or_many(puzzle) or _alone(puzzle) or _chain(puzzle) or _locks(puzzle)
    return at_a_glance if at_a_glance or quickly else _core(puzzle)


def _too_few_or_many(puzzle: Puzzle) -> list[Demand]:
    sizes = puzzle.sizes
    if len(puzzle.people) < SMALLEST * puzzle.groups:
        return [Demand("few")]
    if len(puzzle.people) > LARGEST * puzzle.groups:
        return [Demand("many")]
    for group, (least, most) in enumerate(sizes):
        if not SMALLEST <= least <= most <= LARGEST or sum(most for _, most in sizes) < len(
            puzzle.people
        ):
            held = [one for one, locked in sorted(puzzle.locked.items()) if locked == group]
            return [Demand("sizes", tuple(held), group)]
    return []


def _alone(puzzle: Puzzle) -> list[Demand]:
    """Somebody who stands above or below nearly everybody."""
    bound = Counter(one for pair in puzzle.commands for one in pair)
    for one, count in sorted(bound.items(), key=lambda item: (-item[1], item[0])):
        if len(puzzle.people) - 1 - count < SMALLEST - 1:
            return [Demand("alone", (one,))]
    return []


def _chain(puzzle: Puzzle) -> list[Demand]:
    """More people one above the other than there are groups."""
    longest: dict[int, list[int]] = {}

    def line(one: int, seen=frozenset()) -> list[int]:
        if one not in longest:
            above = puzzle.by_key[one].above & puzzle.by_key.keys() - seen - {one}
            best = max((line(boss, seen | {one}) for boss in sorted(above)), key=len, default=[])
            longest[one] = [*best, one]
        return longest[one]

    found = max((line(person.key) for person in puzzle.people), key=len, default=[])
    return [Demand("bosses", tuple(found))] if len(found) > puzzle.groups else []


def _locks(puzzle: Puzzle) -> list[Demand]:
    for pair in sorted(puzzle.separated, key=sorted):
        one, other = sorted(pair)
        group = puzzle.locked.get(one)
        if group is None or group != puzzle.locked.get(other):
            continue
        if pair in puzzle.commands:
            return [Demand("command", (one, other)), Demand("locked", (one, other), group)]
        return [Demand("apart"), Demand("locked", (), group)]
    for one, group in puzzle.away.items():
        if puzzle.locked.get(one) == group:
            return [Demand("away", (one,), group), Demand("locked", (one,), group)]
    return []


# ---- by asking the solver, leaving out one demand after the other


def _core(puzzle: Puzzle) -> list[Demand]:
    demands = _demands(puzzle)
    core = _assumed(puzzle, demands)
    for demand in list(core):
        fewer = [one for one in core if one is not demand]
        if _status(puzzle, fewer) == cp_model.INFEASIBLE:
            core = fewer
    return [Demand("sizes"), *(said for said, _pairs, _seats in core)]


def _demands(puzzle: Puzzle) -> list[tuple]:
    """(what is said, pairs that it separates, seats that it gives or refuses)."""
    found = []
    for person in puzzle.people:
        led = {pair for pair in puzzle.commands if _boss(puzzle, pair) == person.key}
        if led:
            found.append((Demand("command", (person.key,)), led, []))
    for pair in sorted(puzzle.apart, key=sorted):
        if pair <= puzzle.by_key.keys():
            found.append((Demand("apart"), {pair}, []))
    for one, group in puzzle.locked.items():
        found.append((Demand("locked", (one,), group), set(), [(one, group, True)]))
    for one, group in puzzle.away.items():
        found.append((Demand("away", (one,), group), set(), [(one, group, False)]))
    return found


def _boss(puzzle: Puzzle, pair: frozenset[int]) -> int:
    one, other = sorted(pair)
    return one if one in puzzle.by_key[other].above else other


def _assumed(puzzle: Puzzle, demands: list) -> list:
    """What the solver says is enough to make it impossible."""
    model, switches = _model(puzzle, demands)
    model.add_assumptions(switches)
    solver = _solver(seconds=5 * MOMENT)
    if solver.solve(model) != cp_model.INFEASIBLE:
        return demands
    enough = set(solver.sufficient_assumptions_for_infeasibility())
    named = [d for d, switch in zip(demands, switches, strict=True) if switch.index in enough]
    return named if _status(puzzle, named) == cp_model.INFEASIBLE else demands


def _status(puzzle: Puzzle, demands: list) -> int:
    model, switches = _model(puzzle, demands)
    for switch in switches:
        model.add(switch == 1)
    return _solver(MOMENT).solve(model)


def _model(puzzle: Puzzle, demands: list):
    model = cp_model.CpModel()
    groups = range(puzzle.groups)
    x = {(p.key, group): model.new_bool_var("") for p in puzzle.people for group in groups}
    for person in puzzle.people:
        model.add_exactly_one(x[person.key, group] for group in groups)
    for group, (least, most) in enumerate(puzzle.sizes):
        members = sum(x[person.key, group] for person in puzzle.people)
        model.add_linear_constraint(members, least, most)
    switches = []
    for _said, pairs, seats in demands:
        switch = model.new_bool_var("")
        for one, other in map(sorted, sorted(pairs, key=sorted)):
            for group in groups:
                model.add_bool_or(~switch, ~x[one, group], ~x[other, group])
        for one, group, there in seats:
            model.add(x[one, group] == int(there)).only_enforce_if(switch)
        switches.append(switch)
    return model, switches


def _solver(seconds: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    return solver
