"""make bench: measures the figures of the design (section 6), prints a table, writes bench.json.

    make bench                  all of them
    make bench ONLY=pages       those whose name begins so

Every figure stands beside its own floor, measured in the same run: on another machine both move,
their ratio hardly does. The databases are its own (bench_demo, bench_scale), so nobody's data is
touched; the second one is kept for the next run, since filling it takes minutes.
"""

import json
import os
import platform
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
sys.path[0] = str(BASE)

from tests.bench import (  # noqa: E402
    compose,
    live,
    pages,
    people_in,
    queries,
    reminders,
    scale,
    series_change,
    start,
    theme_day,
    written_apv,
)
from tests.bench.figure import Figure, Missing  # noqa: E402

FIGURES = {
    "pages": pages.measure,
    "queries": queries.measure,
    "pages_at_scale": scale.measure,
    "reminders": reminders.measure,
    "series_change": series_change.measure,
    "import_5000": people_in.measure,
    "live_polls": live.measure_polls,
    "live_latency": live.measure_latency,
    "compose_31": compose.measure_31,
    "compose_300": compose.measure_300,
    "written_apv": written_apv.measure,
    "theme_day": theme_day.measure,
    "start": start.measure,
}


def main() -> int:
    only = os.environ.get("ONLY", "")
    chosen = {name: measure for name, measure in FIGURES.items() if name.startswith(only)}
    if not chosen:
        sys.exit(f"No figure begins with {only!r}. There are: {', '.join(FIGURES)}")
    figures, missing = [], []
    for name, measure in chosen.items():
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            figures += measure()
        except Missing as why:
            missing.append(f"{name} was not measured: {why}")
    print_table(figures)
    for words in missing:
        print(words)
    found = {"machine": machine(), "figures": [figure.as_dict() for figure in figures]}
    (BASE / "bench.json").write_text(json.dumps(found, indent=1) + "\n")
    return 1 if missing else 0


def print_table(figures: list[Figure]) -> None:
    print(f"\n{machine()}\n")
    heads = ["", "value", "unit", "floor", "ratio", "reach", "reached", ""]
    rows = [heads, *(figure.as_row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    for row in rows:
        cells = zip(row, widths, range(len(row)), strict=True)
        words = (c.rjust(w) if 0 < n < 6 and n != 2 else c.ljust(w) for c, w, n in cells)
        print("  ".join(words).rstrip())
    print()


def machine() -> str:
    """What it was measured on, without naming it."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in _lines("/proc/cpuinfo")
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo")), 0) / 2**20
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {cpu}, {memory:.0f} GB; Python {platform.python_version()}; "
        f"load {load:.1f} at the end"
    )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


if __name__ == "__main__":
    sys.exit(main())
