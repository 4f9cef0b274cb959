"""Seats everybody with OR-Tools' CP-SAT, and says how good it is at most."""

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from networks.composition.conflicts import Demand, why_impossible
from networks.composition.guessing import guess
from networks.composition.judging import judge
from networks.composition.model import Model
from networks.composition.puzzle import Puzzle

SECONDS = 30
LEAST = 1  # second for the solver, however long the rest took
SMALL = 800  # people times groups


@dataclass
class Outcome:
    """`proven`: nothing better exists. `bound` is a cost that nothing can be below."""

    seating: dict[int, int] | None = None
    cost: int = 0
    bound: int = 0
    proven: bool = False
    impossible: list[Demand] = field(default_factory=list)


class Search:
    """One search. `run()` blocks; meanwhile another thread may read `best`, `bound`, or `stop()`.

    The same puzzle and seed give the same seating as long as it's proven, or the work of the
    search (`effort`) ends it and not the clock.
    """

    def __init__(
        self,
        puzzle: Puzzle,
        *,
        seconds: float = SECONDS,
        seed: int = 1,
        workers: int | None = None,
    ):
        self.puzzle, self.seconds, self.seed = puzzle, seconds, seed
        self.workers = workers or os.cpu_count() or 1
        self.best: Mapping[int, int] | None = None
        self.cost: int | None = None
        self.bound = 0
        self.found = 0  # how often something better was found
        self._began = 0.0
        self._stopped = threading.Event()
        self._solver: cp_model.CpSolver | None = None

    def stop(self) -> None:
        self._stopped.set()
        if self._solver:
            self._solver.stop_search()

    def run(self) -> Outcome:
        if demands := why_impossible(self.puzzle, quickly=True):
            return Outcome(impossible=demands)
        self._began = time.monotonic()
        first = guess(self.puzzle, self.seed, self._stopped.is_set)
        self._note(first)
        model = Model(self.puzzle)
        model.hint(first)
        status = self._solve(model)
        if status == cp_model.INFEASIBLE:
            return Outcome(impossible=why_impossible(self.puzzle))
        proven = status == cp_model.OPTIMAL
        if self.best is None:
            return Outcome(bound=self.bound)
        bound = self.cost if proven else min(self.bound, self.cost)
        return Outcome(dict(self.best), self.cost, bound, proven)

    def _solve(self, model: Model) -> int:
        solver = cp_model.CpSolver()
        left = self.seconds - (time.monotonic() - self._began)
        solver.parameters.max_time_in_seconds = max(LEAST, left)
        solver.parameters.random_seed = self.seed
        solver.parameters.num_workers = self.workers
        # In parallel and yet the same each time. On a large puzzle it would cost too much, and
        # looking for symmetry would lose the hint.
        small = len(self.puzzle.people) * self.puzzle.groups <= SMALL
        solver.parameters.interleave_search = small
        solver.parameters.symmetry_level = 2 if small else 0
        solver.best_bound_callback = self._note_bound
        self._solver = solver
        if self._stopped.is_set():
            return cp_model.UNKNOWN
        status = solver.solve(model.model, _Watch(self, model))
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self._note(model.seating(solver.boolean_value))
            self._note_bound(solver.best_objective_bound)
        return status

    def _note(self, seating: Mapping[int, int]) -> None:
        judgement = judge(self.puzzle, seating)
        if not judgement.keeps_the_rules or any(
            seating.get(one) == group for one, group in self.puzzle.away.items()
        ):
            return
        if self.cost is None or judgement.cost < self.cost:
            self.best, self.cost = dict(seating), judgement.cost
            self.found += 1

    def _note_bound(self, bound: float) -> None:
        self.bound = max(self.bound, round(bound))


class _Watch(cp_model.CpSolverSolutionCallback):
    def __init__(self, search: Search, model: Model):
        super().__init__()
        self.search, self.model_of_search = search, model

    def on_solution_callback(self):
        self.search._note(self.model_of_search.seating(self.boolean_value))
        if self.search._stopped.is_set():
            self.stop_search()
