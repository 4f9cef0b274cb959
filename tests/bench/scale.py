"""The same pages with 60,000 leaders, 8,000 groups and three years of meetings."""

import hashlib
import statistics
import sys
from datetime import datetime

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
    """Kept for the rest of the day: tomorrow other agendas are open."""
    wanted = _made_from()
    if house.remark_of(DATABASE) == wanted:
        return
    house.new_database(DATABASE)
    print(house.manage(DATABASE, "populate", "--leaders", str(LEADERS)), file=sys.stderr)
    house.settle(DATABASE)
    house.remark_on(DATABASE, wanted)


def _made_from() -> str:
    """The day, and everything the rows and their tables depend on."""
    sources = [*house.BASE.glob("*/migrations/*.py"), house.BASE / "meetings/demo/crowd.py"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources)))
    return f"{datetime.now().astimezone():%Y-%m-%d} {LEADERS} {digest.hexdigest()[:16]}"


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
