"""The load tool, wrk, bounded in time and in count and only ever against ourselves."""

import itertools
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figure import Missing

CLIENTS = 16
LIMIT = 200_000  # requests of one run

_runs = itertools.count(1)


@dataclass(frozen=True)
class Target:
    path: str
    headers: dict[str, str]
    body: str | None = None  # NUMBER in it becomes another one each time

    def as_lua(self) -> str:
        headers = ", ".join(f"[{_quoted(k)}] = {_quoted(v)}" for k, v in self.headers.items())
        method = "GET" if self.body is None else "POST"
        body = "" if self.body is None else f", body = {_quoted(self.body)}"
        return (
            f"{{method = '{method}', path = {_quoted(self.path)}, headers = {{{headers}}}{body}}}"
        )


@dataclass(frozen=True)
class Measured:
    per_second: float
    median: float  # milliseconds
    p99: float
    errors: int


def press(port: int, targets: list[Target], seconds: float, clients: int = CLIENTS) -> Measured:
    """Ask for the targets in turn, `clients` at a time."""
    if not shutil.which("wrk"):
        raise Missing("the load tool wrk isn't here. On Debian and Ubuntu: apt-get install wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as table:
        lines = ",\n".join(target.as_lua() for target in targets)
        table.write(f"return {{limit = {LIMIT},\n{lines}\n}}\n")
        table.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s", "-s"]
        command += [str(Path(__file__).with_name("wrk.lua")), f"http://127.0.0.1:{port}"]
        said = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=seconds + 30,
            env=os.environ | {"BENCH_TARGETS": table.name, "BENCH_RUN": str(next(_runs))},
        )
    words = [line.split() for line in said.stdout.splitlines() if line.startswith("BENCH ")]
    if not words:
        raise RuntimeError(f"wrk said nothing we understand:\n{said.stdout}\n{said.stderr}")
    requests, duration, median, p99, errors = map(int, words[0][1:])
    return Measured(requests / (duration / 1e6), median / 1e3, p99 / 1e3, errors)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
