"""Composing groups: how soon the best is proven, and how much of a planted answer is found."""

import os
import time

from networks.composition import Puzzle, Search, judge
from tests.bench.figure import Figure
from tests.bench.planted import planted

ROUNDS = 5
CORES = 2
LIMIT = 27  # seconds: what is under way then is ended before 30


def measure_31() -> list[Figure]:
    """31 leaders into 4 groups: the slowest of five until nothing better is proven to exist."""
    taken = []
    for seed in range(ROUNDS):
        puzzle, _met = planted(31, 4, seed=seed)
        seconds, outcome = _search(puzzle, seconds=30)
        taken.append(seconds if outcome.proven else float("inf"))
    return [
        Figure.at_most(
            "compose_31",
            max(taken),
            "s",
            reach=2,
            note=f"proven best; slowest of {ROUNDS}, the fastest took {min(taken):.2f} s",
        )
    ]


def measure_300() -> list[Figure]:
    """300 leaders into 45: the share of the planted seating's wishes after 30 seconds."""
    puzzle, met = planted(300, 45)
    seconds, outcome = _search(puzzle, seconds=LIMIT)
    judgement = judge(puzzle, outcome.seating)
    share, kept = len(judgement.met) / met, judgement.keeps_the_rules
    return [
        Figure.at_least(
            "compose_300",
            len(judgement.met),
            "wishes met",
            floor=met,
            ratio=share if kept else 0,
            reach=0.95,
            note=f"in {seconds:.0f} s; all hard rules {'kept' if kept else 'NOT kept'}",
        )
    ]


def _search(puzzle: Puzzle, seconds: float):
    began = time.perf_counter()
    outcome = Search(puzzle, seconds=seconds, workers=min(CORES, os.cpu_count() or 1)).run()
    return time.perf_counter() - began, outcome
