"""Signed-in pages beside the floor: Today, the meeting, the group, and putting a question."""

import contextlib
import json
import statistics
import threading
from urllib.parse import urlencode

from tests.bench import house
from tests.bench.figure import Figure
from tests.bench.load import CLIENTS, Measured, Target, press

REACH = 0.12
ROUNDS = 4
SECONDS = 3
MARK = "bench-"  # begins each question that we ask
EXPECTED = {"propose": 200}


def measure() -> list[Figure]:
    database = house.demo_database()
    cast = read_cast(database, CLIENTS)
    with house.server(database) as port, house.server(database, "tests.bench.floor:web") as floor:
        measured = rounds(database, port, floor, cast)
    return [_figure(name, pairs) for name, pairs in measured.items()]


def read_cast(database: str, count: int) -> dict[str, list[Target]]:
    found = json.loads(house.run(database, "-m", "tests.bench.cast", str(count)))
    pages = {page: [_target(page, one) for one in ones] for page, ones in found.items()}
    longest = max(len(targets) for targets in pages.values())
    turns = range(longest)
    return {
        "": [targets[turn % len(targets)] for turn in turns for targets in pages.values()],
        **pages,
    }


def _target(page: str, one: dict[str, str]) -> Target:
    headers = {"Cookie": one["cookie"], "Accept-Language": "da"}
    if page != "propose":
        return Target(one["path"], headers)
    # As a browser with JavaScript sends it.
    headers |= {
        "X-CSRFToken": one["token"],
        "HX-Request": "true",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"by": one["by"], "question": f"{MARK}NUMBER: hvad gør vi ved det?"})
    return Target(one["path"], headers, body)


def rounds(database, port, floor, cast, how_many=ROUNDS) -> dict[str, list[tuple]]:
    """Per page pairs of (page, floor), each page between two looks at the floor."""
    nothing = [Target("/", {})]
    measured = {name: [] for name in cast}
    with forgetting(database):
        check(port, cast)
        for targets in cast.values():
            press(port, targets, 1)
        press(floor, nothing, 1)
        for _ in range(how_many):
            before = press(floor, nothing, SECONDS)
            for name, targets in cast.items():
                page = press(port, targets, SECONDS)
                after = press(floor, nothing, SECONDS)
                lower = (before.per_second + after.per_second) / 2
                measured[name].append((page, lower))
                before = after
        check(port, cast)
    return measured


def check(port: int, cast: dict[str, list[Target]]) -> None:
    """Nobody measures how fast we refuse."""
    for page, targets in cast.items():
        for target in targets if page else []:
            body = target.body and target.body.replace("NUMBER", "check")
            got = house.status(port, target.path, target.headers, body)
            if got != 200:
                raise RuntimeError(f"{page} answered {got} at {target.path}")


@contextlib.contextmanager
def forgetting(database: str):
    """Takes our questions off the agendas again, so that they keep the length agendas have."""
    stop = threading.Event()

    def forget():
        with contextlib.closing(house.connect(database)) as connection:
            stopping = False
            while not stopping:
                stopping = stop.wait(0.2)
                connection.execute(
                    "DELETE FROM meetings_agendaitem WHERE question LIKE %s", [MARK + "%"]
                )

    thread = threading.Thread(target=forget)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _figure(name: str, pairs: list[tuple[Measured, float]]) -> Figure:
    ratios = [page.per_second / lower for page, lower in pairs]
    p99 = statistics.median(page.p99 for page, _ in pairs)
    errors = sum(page.errors for page, _ in pairs)
    note = f"{min(ratios):.3f} to {max(ratios):.3f}, p99 {p99:.0f} ms"
    return Figure.at_least(
        f"pages.{name}" if name else "pages",
        statistics.median(page.per_second for page, _ in pairs),
        "requests/s",
        floor=statistics.median(lower for _, lower in pairs),
        ratio=statistics.median(ratios),
        reach=None if name else REACH,
        note=f"{note}, {errors} ERRORS" if errors else note,
    )
