"""Five thousand leaders come in from a table: read, compared, confirmed, written."""

import json
import sys

from tests.bench import house
from tests.bench.figure import Figure

LINES = 5_000
REACH = 30
DATABASE = "bench_import"


def measure() -> list[Figure]:
    house.new_database(DATABASE)
    took = json.loads(house.run(DATABASE, "-m", "tests.bench.people_in"))
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in took.items() if name != "all")
    return [Figure.at_most("import_5000", took["all"], "s", reach=REACH, note=parts)]


def main() -> dict[str, float]:
    """A process of its own, since a process knows one database only."""
    import time

    from networks import imports, spreadsheets
    from networks.models import Import, Organisation, User

    here = Organisation.found("Havby")
    by = User.objects.create_user("lone@havby.example", organisation=here, is_secretariat=True)
    files = [table(), table(title="Områdeleder")]  # all of them new, then all of them changed
    took = dict.fromkeys(["read", "compared", "written", "again"], 0.0)

    def step(name, work):
        started = time.perf_counter()
        done = work()
        took[name] += time.perf_counter() - started
        return done

    for name, data in zip(["", "again"], files, strict=True):
        rows = step(name or "read", lambda data=data: spreadsheets.rows_of(data))
        lines, _ignored = step(name or "read", lambda rows=rows: imports.lines_of(rows))
        staged = step(name or "read", lambda lines=lines: Import.stage(lines, by=by))
        step(name or "compared", staged.compare)
        staged.confirm()
        step(name or "written", staged.write)
    assert User.objects.filter(title="Områdeleder").count() == LINES
    return took | {"all": took["read"] + took["compared"] + took["written"]}


def table(title: str = "Leder") -> bytes:
    """A workbook, the slower of the two: each tenth leads the nine before."""
    from networks import spreadsheets

    rows = [["Navn", "E-mail", "Stilling", "Område", "Enhed", "Nærmeste leder"]]
    for number in range(LINES):
        boss = number // 10 * 10 + 9
        manager = min(boss if number != boss else boss + 10, LINES - 1)
        place = [f"Område {number // 250}", f"Enhed {number // 10}"]
        email, above = f"leder{number}@havby.example", f"leder{manager}@havby.example"
        rows.append([f"Leder {number}", email, title, *place, above])
    return spreadsheets.as_workbook(rows, "Ledere")


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    json.dump(main(), sys.stdout)
