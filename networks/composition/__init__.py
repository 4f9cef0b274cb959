"""Composing groups: plain data in, plain data out, no database and no words.

`Search(puzzle).run()` seats everybody; `judge(puzzle, seating)` says what a seating keeps and what
it breaks; `why_impossible(puzzle)` names a small set of demands that can't all be kept.
"""

from networks.composition.conflicts import Demand, why_impossible
from networks.composition.judging import Judgement, Unmet, judge
from networks.composition.puzzle import LARGEST, SMALLEST, Person, Puzzle, Wish
from networks.composition.solving import Outcome, Search

__all__ = [
    "LARGEST",
    "SMALLEST",
    "Demand",
    "Judgement",
    "Outcome",
    "Person",
    "Puzzle",
    "Search",
    "Unmet",
    "Wish",
    "judge",
    "why_impossible",
]
