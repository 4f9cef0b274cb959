"""The steps of a meeting under way, as a room keeps them: the script, and what became of it.

seconds   what it has now          planned   what the script gave it
spent     what it has taken        done      it has been gone through
became    of a question: parked, next_time or taken_away; such steps are passed over
"""

from collections.abc import Sequence

from meetings import script

Steps = list[dict]


def begun(planned: Sequence[script.Step]) -> Steps:
    return [step.as_json() | {"planned": step.seconds, "spent": 0} for step in planned]


def to_come(steps: Steps, start: int) -> Steps:
    return [step for step in steps[start:] if not step.get("became")]


def fit_from(steps: Steps, start: int, there: float) -> None:
    """The steps from `start` on share the `there` seconds that are left."""
    coming = to_come(steps, start)
    for step, seconds in zip(coming, _fitted(coming, there), strict=True):
        step["seconds"] = step["spent"] + seconds


def fitted_from(steps: Steps, start: int, there: float) -> float:
    """How long the steps from `start` on will take, if they begin with `there` seconds left."""
    return sum(_fitted(to_come(steps, start), there))


def _fitted(coming: Steps, there: float) -> list[int]:
    wanted = [max(step["planned"] - step["spent"], script.UNIT) for step in coming]
    if coming and coming[0]["spent"]:  # gone back to: it has what was promised
        wanted[0] = max(wanted[0], coming[0]["seconds"] - coming[0]["spent"])
    grows = [step["item"] is not None for step in coming]
    return script.fit_rest(there, [int(seconds) for seconds in wanted], grows)


def questions(steps: Steps) -> set[int]:
    return {step["item"] for step in steps} - {None}


def take_away(steps: Steps, keys: set[int]) -> None:
    """Their questions were withdrawn or hidden while the meeting ran."""
    for step in steps:
        if step["item"] in keys:
            step.setdefault("became", "taken_away")


def end_question(steps: Steps, key: int, became: str) -> None:
    for step in steps:
        if step["item"] == key:
            step["became"] = became


def next_of(steps: Steps, position: int) -> int | None:
    later = range(position + 1, len(steps))
    return next((number for number in later if not steps[number].get("became")), None)


def begins_talk(steps: Steps, position: int) -> bool:
    """Nothing of the sparring at that step has been gone through."""
    talk = [step for step in steps if step["of"] == steps[position]["of"]]
    fresh = not any(step["spent"] or step.get("done") for step in talk)
    return fresh and talk[0] is steps[position] and any(step.get("talk") for step in talk)


def lay_again(steps: Steps, position: int, phases: Sequence[script.Beat]) -> Steps:
    """The sparring at that step in these phases, as long as it was to be."""
    old = [step for step in steps if step["of"] == steps[position]["of"]]
    seconds, whole = sum(step["planned"] for step in old), tuple(old[0]["whole"])
    line = tuple(old[0]["line"]) if len(old) == 1 else ("", "")
    sparring = script.Beat("sparring", 1, whole, line, tuple(phases))
    new = begun(script.steps_of(old[0]["of"], sparring, None, seconds))
    same = [step["title"] for step in old] == [list(step["title"]) for step in new]
    return steps if same else [*steps[:position], *new, *steps[position + len(old) :]]


def spent_on_questions(steps: Steps) -> float:
    return sum(step["spent"] for step in steps if step["item"] is not None)
