"""From `make run` to the first page."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from config.child import Child
from tests.bench import house
from tests.bench.figure import Figure, Missing

INSTALLED, FRESH = 8, 90  # seconds
PAGE = "/accounts/login/"
ROUNDS = 3


def measure() -> list[Figure]:
    """The second start and those after it; with BENCH_FRESH=1 the very first of a clone too."""
    figures = [_second_start()]
    if os.environ.get("BENCH_FRESH"):
        figures.append(_fresh_clone())
    return figures


def _second_start() -> Figure:
    with _folder() as folder:
        _copy(folder)
        command = [sys.executable, "-m", "config.run"]
        first = _start(command, folder)
        again = sorted(_start(command, folder) for _ in range(ROUNDS))
    return Figure.at_most(
        "start",
        again[ROUNDS // 2],
        "s",
        reach=INSTALLED,
        note=f"{again[0]:.1f} to {again[-1]:.1f}; with an empty database {first:.1f} s",
    )


def _fresh_clone() -> Figure:
    """Nothing but what is committed, and what the machine keeps of packages it has fetched."""
    with _folder() as folder:
        clone = ["git", "clone", "--quiet", "--local", str(house.BASE), str(folder)]
        if subprocess.run(clone).returncode:
            raise Missing("a fresh clone needs git and a commit")
        seconds = _start(["make", "run"], folder, as_make=True)
    return Figure.at_most("start.fresh", seconds, "s", reach=FRESH, note="packages may be cached")


@contextlib.contextmanager
def _folder():
    with tempfile.TemporaryDirectory(prefix="pejling-start-", ignore_cleanup_errors=True) as name:
        os.chmod(name, 0o755)  # as root, PostgreSQL runs as another user
        yield Path(name)


def _copy(folder: Path) -> None:
    """What git knows or would add, as it stands just now, and the words already compiled."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.check_output(listed, cwd=house.BASE, text=True).split("\0")
    for name in filter(None, names):
        if (house.BASE / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(house.BASE / name, folder / name)


def _start(command: list[str], folder: Path, as_make: bool = False) -> float:
    """Seconds until a page is there; then it is stopped again."""
    port = house.free_port()
    unwanted = {"DATABASE_URL", "REDIS_URL", "SITE_URL", "PORT", "MAKEFLAGS", "MAKELEVEL"}
    environ = {name: value for name, value in os.environ.items() if name not in unwanted}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    options = [f"PORT={port}"] if as_make else ["--port", str(port)]
    started = time.monotonic()
    log = house.DATA / "log" / "start.log"
    child = Child("start", [*command, *options], log, cwd=folder, env=environ)
    try:
        house.wait_for_page(port, PAGE, child, patience=4 * FRESH)
        return time.monotonic() - started
    finally:
        child.stop(patience=20)
