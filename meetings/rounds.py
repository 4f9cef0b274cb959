"""A round, person by person: who has the word, who has had it, who passed. Plain data.

Whoever hasn't had the word is next; anyone passes, and may have it later after all. Who hasn't
begun a round yet begins the next one. How long somebody spoke isn't known to anybody.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True)
class Round:
    speaks: int | None = None
    spoken: tuple[int, ...] = ()
    passed: tuple[int, ...] = ()

    @classmethod
    def of(cls, data: dict) -> "Round | None":
        if not data:
            return None
        return cls(data["speaks"], tuple(data["spoken"]), tuple(data["passed"]))

    def as_json(self) -> dict:
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}

    def next(self, order: Sequence[int], wanted: int | None = None) -> "Round":
        """Whoever has the word has spoken; `wanted` is next if they may, also who passed."""
        spoken = self.spoken if self.speaks is None else (*self.spoken, self.speaks)
        return replace(self, spoken=spoken, speaks=None)._give_word(order, wanted)

    def pass_word(self, order: Sequence[int]) -> "Round":
        passed = self.passed if self.speaks is None else (*self.passed, self.speaks)
        return replace(self, passed=passed, speaks=None)._give_word(order)

    def _give_word(self, order: Sequence[int], wanted: int | None = None) -> "Round":
        silent = [one for one in order if one not in self.spoken]
        willing = [one for one in silent if one not in self.passed]
        speaks = wanted if wanted in silent else next(iter(willing), None)
        passed = tuple(one for one in self.passed if one != speaks)
        return replace(self, speaks=speaks, passed=passed)


def speaking_order(people: Sequence[int], openers: Sequence[int], last: int | None) -> list[int]:
    """Those who haven't begun a round first, then those who did longest ago; `last` at the end."""
    place = {one: number for number, one in enumerate(openers, 1)}
    return sorted(people, key=lambda one: (one == last, place.get(one, 0)))
