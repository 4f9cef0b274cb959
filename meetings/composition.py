"""Composes an agenda: who comes first, how long, and why. Plain data in, plain data out.

Carried over first, then whoever has had the table least, then support, then who asked first,
until the time is full (design: Agenda).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

USUAL = 20  # minutes
LEAST = 10  # minutes below which a question isn't worth beginning


@dataclass(frozen=True)
class Proposal:
    """A question that asks for a place. `turns`: how often its asker had the table lately."""

    key: int
    carried: bool
    turns: int
    support: int
    asked_at: datetime
    minutes: int

    @property
    def rank(self):
        return (not self.carried, self.turns, -self.support, self.asked_at, self.key)


@dataclass(frozen=True)
class Place:
    """A question's place. `why` is one of carried, turn, support, first."""

    key: int
    minutes: int
    why: str


def compose(proposals: Sequence[Proposal], minutes: int) -> tuple[list[Place], list[int]]:
    """Places in order, within `minutes`; and the keys of what did not fit, in the same order."""
    places, left_over, left = [], [], minutes
    ranked = sorted(proposals, key=lambda proposal: proposal.rank)
    for proposal in ranked:
        given = min(proposal.minutes, left)
        if given < min(LEAST, proposal.minutes):
            left_over.append(proposal.key)
            continue
        places.append(Place(proposal.key, given, _why(proposal, ranked)))
        left -= given
    return places, left_over


def _why(proposal: Proposal, ranked: Sequence[Proposal]) -> str:
    """What put it before the next one that isn't its equal."""
    if proposal.carried:
        return "carried"
    behind = ranked[ranked.index(proposal) + 1 :]
    if any(other.turns > proposal.turns for other in behind):
        return "turn"
    return "support" if proposal.support else "first"
