"""The script of a meeting: which step when, for how long. Plain data in, plain data out.

A format and the agenda meet the length of the meeting, and the time adds up: too much is shortened
fairly, everything in the same proportion; what is left over goes to the questions, since that is
what people came for. The same rule holds while the meeting runs, for what is still to come.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

UNIT = 30  # seconds: nothing is shorter, and nothing is given in smaller change
SQUEEZED = 3  # the part of its time that a step keeps at least
LEAST_PART = 60  # seconds: shorter than this a question isn't cut into parts

Words = tuple[str, str]  # Danish, English

OPEN: tuple[Words, Words] = (
    ("Hvad fylder?", "What fills your days?"),
    (
        "Ingen havde et spørgsmål med. Tag en runde, og vælg det, der rører flest.",
        "Nobody brought a question. Go round, and choose what touches most of you.",
    ),
)
QUESTION: Words = ("Et spørgsmål", "A question")
ENDS = ("agree", "check_out")


@dataclass(frozen=True)
class Beat:
    """One phase of a format."""

    kind: str
    minutes: int
    title: Words
    line: Words = ("", "")
    parts: tuple["Beat", ...] = ()
    talk: int = 0  # of sparring: which talk it is a phase of


@dataclass(frozen=True)
class Item:
    """A question of the agenda: its key, and the minutes it was given."""

    key: int
    minutes: int


@dataclass(frozen=True)
class Step:
    """What is done for `seconds`. Steps with the same `of` are the parts of one thing."""

    kind: str
    seconds: int
    title: Words
    line: Words
    of: int
    whole: Words
    item: int | None = None
    talk: int = 0

    def as_json(self) -> dict:
        return asdict(self)


def script(
    beats: Sequence[Beat],
    items: Sequence[Item],
    minutes: int,
    sparring: Sequence[Beat] = (),
) -> list[Step]:
    """The steps of a meeting of so many minutes. Their seconds are its length, exactly."""
    laid = lay_out(beats, items, sparring)
    lengths = fit(
        minutes * 60,
        [beat.minutes * 60 for beat, _item in laid],
        [beat.kind == "item" for beat, _item in laid],
    )
    return [
        step
        for of, ((beat, item), seconds) in enumerate(zip(laid, lengths, strict=True))
        for step in steps_of(of, beat, item, seconds)
    ]


def for_questions(beats: Sequence[Beat], minutes: int) -> tuple[int, list[int]]:
    """How many minutes of such a meeting are for questions; and how many each place for one has,
    as the format gives them or, in a shorter meeting, its share.
    """
    grows = [beat.kind == "item" for beat in beats]
    if not any(grows):
        return max(minutes - sum(beat.minutes for beat in beats), 0), []
    lengths = fit(minutes * 60, [beat.minutes * 60 for beat in beats], grows)
    places = [
        (beat.minutes, seconds // 60)
        for beat, seconds in zip(beats, lengths, strict=True)
        if beat.kind == "item"
    ]
    return sum(there for _usual, there in places), [min(place) for place in places]


def lay_out(beats, items, sparring=()) -> list[tuple[Beat, int | None]]:
    """The beats in order, each question of the agenda in a place of its own.

    The first question gets the form of the format's first place for one, and so on; those beyond
    the last place get its form. A place nobody asked anything for falls away.
    """
    beats = [_with_sparring(beat, sparring) for beat in beats]
    places = [beat for beat in beats if beat.kind == "item"]
    if not items:
        return [(beat, None) for beat in _without_questions(beats, places)]
    if not places:
        beats = _with_a_place(beats)
        places = [beat for beat in beats if beat.kind == "item"]
    asked = [
        (replace(places[min(number, len(places) - 1)], minutes=item.minutes), item.key)
        for number, item in enumerate(items)
    ]
    laid, left = [], list(asked)
    for beat in beats:
        if beat.kind != "item":
            laid.append((beat, None))
            continue
        places.pop()
        here, left = (left[:1], left[1:]) if places else (left, [])
        laid += here
    return laid


def _with_sparring(beat: Beat, sparring) -> Beat:
    return replace(beat, parts=tuple(sparring)) if beat.kind == "sparring" and sparring else beat


def _without_questions(beats, places) -> list[Beat]:
    """One place stays as it is; several become one open round as long as all of them."""
    if len(places) < 2:
        return beats
    title, line = OPEN
    minutes = sum(place.minutes for place in places)
    open_round = Beat("item", minutes, title, line)
    first = beats.index(places[0])
    rest = [beat for beat in beats[first:] if beat.kind != "item"]
    return [*beats[:first], open_round, *rest]


def _with_a_place(beats) -> list[Beat]:
    """A format without a place for questions gets one before it comes to its end."""
    end = next((n for n, beat in enumerate(beats) if beat.kind in ENDS), len(beats))
    return [*beats[:end], Beat("item", 1, QUESTION), *beats[end:]]


def steps_of(of: int, beat: Beat, item: int | None, seconds: int) -> list[Step]:
    parts = beat.parts if seconds >= LEAST_PART * len(beat.parts) else ()
    if not parts:
        talk = int(beat.kind == "sparring")
        return [Step(beat.kind, seconds, beat.title, beat.line, of, beat.title, item, talk)]
    lengths = share(seconds, [part.minutes for part in parts])
    return [
        Step(part.kind, length, part.title, part.line, of, beat.title, item, part.talk)
        for part, length in zip(parts, lengths, strict=True)
    ]


def fit(total: int, wanted: Sequence[int], grows: Sequence[bool]) -> list[int]:
    """`total` seconds for what wants `wanted`: too little is shared in proportion, too much goes
    to what `grows`, else to everything in proportion. Nobody gets less than UNIT.
    """
    spare = total - sum(wanted)
    growing = [seconds for seconds, can in zip(wanted, grows, strict=True) if can]
    if spare <= 0 or not growing:
        return share(total, wanted)
    grown = iter(share(sum(growing) + spare, growing))
    return [next(grown) if can else seconds for seconds, can in zip(wanted, grows, strict=True)]


def fit_rest(there: float, wanted: Sequence[int], grows: Sequence[bool]) -> list[int]:
    """As `fit`, for what is still to come of a meeting under way: nothing is squeezed to less than
    a third, even if the end has passed, and without questions to come, done early is done early.
    """
    total = max(there, sum(wanted) / SQUEEZED)
    if not any(grows):
        total = min(total, sum(wanted))
    return fit(int(total), wanted, grows)


def share(total: int, weights: Sequence[int]) -> list[int]:
    """`total` seconds in whole UNITs, in proportion to the weights, each at least one UNIT.

    What doesn't divide goes to the largest remainders; an odd second to the last. The shares are
    `total` together unless there is less than a UNIT for each.
    """
    if not weights:
        return []
    units, odd = divmod(max(total, 0), UNIT)
    if units < len(weights):
        return [UNIT] * len(weights)
    whole = sum(weights) or len(weights)
    exact = [units * weight / whole for weight in weights]
    given = [max(1, int(quota)) for quota in exact]
    while sum(given) != units:
        step = 1 if sum(given) < units else -1
        may = [n for n in range(len(given)) if step > 0 or given[n] > 1]
        chosen = max(may, key=lambda n: (step * (exact[n] - given[n]), step * n))
        given[chosen] += step
    shares = [UNIT * number for number in given]
    shares[-1] += odd
    return shares
