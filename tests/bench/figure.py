"""One measured figure, and how it is shown."""

from dataclasses import asdict, dataclass, field


class Missing(Exception):
    """A figure can't be measured here; the text says why and what to do."""


@dataclass
class Figure:
    """`value` beside its `floor`; `reach` is compared with the ratio or, `by_value`, the value."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    reach: float | None = None
    reached: bool | None = None
    note: str = field(default="")

    @classmethod
    def at_least(cls, name, value, unit, *, floor, ratio, reach, note="") -> "Figure":
        reached = None if reach is None else ratio >= reach
        return cls(name, value, unit, floor, ratio, reach, reached, note)

    @classmethod
    def at_most(cls, name, value, unit, *, reach, floor=None, ratio=None, note="") -> "Figure":
        compared = value if ratio is None else ratio
        reached = None if reach is None else compared <= reach
        return cls(name, value, unit, floor, ratio, reach, reached, note)

    def as_dict(self) -> dict:
        return asdict(self)

    def as_row(self) -> list[str]:
        reached = {True: "yes", False: "no", None: ""}[self.reached]
        numbers = [_short(one) for one in (self.value, self.floor, self.ratio, self.reach)]
        value, floor, ratio, reach = numbers
        return [self.name, value, self.unit, floor, ratio, reach, reached, self.note]


def _short(number: float | None) -> str:
    if number is None:
        return ""
    if number == int(number) or abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.3f}" if abs(number) < 2 else f"{number:.1f}"
