"""The same pages with 60,000 leaders, 8,000 groups and three years of meetings."""

import statistics
import sys

from tests.bench import house
from tests.bench.figure import Figure
from tests.bench.load import CLIENTS, press
from tests.bench.pages import forgetting, read_cast

LEADERS = 60_000
REACH = 1.2
ROUNDS = 6
SECONDS = 4
DATABASE = "bench_scale"


def measure() -> list[Figure]:
    demo = house.demo_database()
    fill()
    small, large = read_cast(demo, CLIENTS), read_cast(DATABASE, 10 * CLIENTS)
    with (
        house.server(demo) as small_port,
        house.server(DATABASE) as large_port,
        forgetting(demo),
        forgetting(DATABASE),
    ):
        pairs = {name: [] for name in small}
        for name in small:
            press(small_port, small[name], 2)
            press(large_port, large[name], 2)
        for _ in range(ROUNDS):
            for name in small:
                here = press(small_port, small[name], SECONDS)
                pairs[name].append((press(large_port, large[name], SECONDS), here))
    return [_figure(name, found) for name, found in pairs.items()]


def fill() -> None:
    """Once; it is told anew after a change of the tables or when its season has run out."""
    house.make_database(DATABASE)
    house.manage(DATABASE, "migrate", "--verbosity", "0")
    if _is_worn_out():
        house.drop_database(DATABASE)
        house.make_database(DATABASE)
        house.manage(DATABASE, "migrate", "--verbosity", "0")
    print(house.manage(DATABASE, "populate", "--leaders", str(LEADERS)), file=sys.stderr)
    house.settle(DATABASE)


def _is_worn_out() -> bool:
    """Whether it was filled on another day: then other agendas are open."""
    with house.connect(DATABASE) as connection:
        filled = connection.execute(
            "SELECT max(begun_at)::date < current_date - 3 * 365 - 30 FROM networks_organisation"
        )
        return bool(filled.fetchone()[0])


def _figure(name: str, pairs) -> Figure:
    ratios = [large.p99 / small.p99 for large, small in pairs]
    medians = [large.median / small.median for large, small in pairs]
    return Figure.at_most(
        f"pages_at_scale.{name}" if name else "pages_at_scale",
        statistics.median(large.p99 for large, _ in pairs),
        "ms p99",
        floor=statistics.median(small.p99 for _, small in pairs),
        ratio=statistics.median(ratios),
        reach=None if name else REACH,
        note=f"{min(ratios):.2f} to {max(ratios):.2f}; "
        f"medians {statistics.median(medians):.2f} times",
    )
