"""Composes an agenda: who comes first, how long, and why. Plain data in, plain data out.

The season's standing items take their minutes first. Then what was carried over, then whoever has
had the table least of late (as often: longest ago), then support, then who asked first, until the
time is full (design: Agenda). Each place one gets counts at once, so that nobody has a second
question before another's first. Who didn't say how long gets what the format gives that place.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

LATELY = 12  # meetings back that count: a whole round, also of twelve with one question a time
USUAL = 20  # minutes of a question where the format has no place for one
LEAST = 10  # minutes below which a question isn't worth beginning


@dataclass(frozen=True)
class Standing:
    """What the season begins each agenda with."""

    key: int
    minutes: int


@dataclass(frozen=True)
class Proposal:
    """A question that asks for a place. `turns`: how often its asker had the table lately;
    `ago`: how many meetings back that was last; `minutes`: None for as many as usual.
    """

    key: int
    carried: bool
    turns: int
    support: int
    asked_at: datetime
    minutes: int | None
    asker: int | None = None
    ago: int = LATELY + 1

    def share(self, taken: Counter) -> tuple[int, int]:
        """How much of the table its asker has had, the least first."""
        ago = 0 if taken[self.asker] else self.ago
        return self.turns + taken[self.asker], -ago

    def rank(self, taken: Counter):
        share = self.share(taken)
        return (not self.carried, *share, -self.support, self.asked_at, self.key)


@dataclass(frozen=True)
class Place:
    """A question's place. `why` is one of standing, carried, turn, support, first."""

    key: int
    minutes: int
    why: str


def compose(
    proposals: Sequence[Proposal],
    minutes: int,
    standing: Sequence[Standing] = (),
    usual: Sequence[int] = (USUAL,),
) -> tuple[list[Place], list[int]]:
    """Places in order, within `minutes`; and the keys of what did not fit, in the same order.

    `usual`: minutes of the first question, of the second and so on; the last holds for the rest.
    """
    places, left_over, left = [], [], minutes
    for one in standing:
        if given := _given(one.minutes, left):
            places.append(Place(one.key, given, "standing"))
            left -= given
    waiting, taken = list(proposals), Counter()
    usual = _within(left, usual)
    while waiting:
        proposal = min(waiting, key=lambda one: one.rank(taken))
        waiting.remove(proposal)
        if given := _given(proposal.minutes or usual[0], left):
            places.append(Place(proposal.key, given, _why(proposal, waiting, taken)))
            left -= given
            taken[proposal.asker] += 1
            usual = usual[1:] or usual
        else:
            left_over.append(proposal.key)
    return places, left_over


def _within(left: int, usual: Sequence[int]) -> list[int]:
    """What is usual, or its share of what standing items have left."""
    whole = sum(usual)
    return [one if whole <= left else max(one * left // whole, LEAST) for one in usual]


def _given(wanted: int, left: int) -> int:
    """What it wants, or what is left where that is worth beginning."""
    given = min(wanted, left)
    return 0 if given < min(LEAST, wanted) else given


def _why(proposal: Proposal, behind: Sequence[Proposal], taken: Counter) -> str:
    """What put it before those behind it."""
    if proposal.carried:
        return "carried"
    if any(other.share(taken) > proposal.share(taken) for other in behind):
        return "turn"
    return "support" if proposal.support else "first"
