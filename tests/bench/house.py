"""Databases and web servers for measuring, apart from everybody else's."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from config.child import Child
from config.embedded import urls

BASE = Path(__file__).resolve().parents[2]
DATA = BASE / ".local" / "bench"
# As `make run` starts it.
SERVER = "--interface wsgi --factory --no-ws --workers 2 --blocking-threads 4"
PATIENCE = 60


def environment(database: str) -> dict[str, str]:
    """As in the demo, with a database of that name on the server that is up."""
    server = os.environ.get("DATABASE_URL") or urls(DATA)["DATABASE_URL"]
    parts = urlsplit(server)
    path = parts.path.rpartition("/")[0] + "/" + database
    unwanted = ("EMAIL_URL", "DEBUG", "SITE_URL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return kept | {
        "DATABASE_URL": urlunsplit(parts._replace(path=path)),
        "DEMO": "1",
        "MAIL_FOLDER": str(DATA / database / "mail"),
    }


def new_database(name: str, remark: str = "") -> None:
    """Empty, with the tables as they are now."""
    with _connect_to_server() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    manage(name, "migrate", "--verbosity", "0")
    remark_on(name, remark)


def remark_on(name: str, remark: str) -> None:
    with _connect_to_server() as connection:
        connection.execute(f"COMMENT ON DATABASE \"{name}\" IS '{remark}'")


def remark_of(name: str) -> str | None:
    """What was remarked on the database of that name, None if there is none."""
    with _connect_to_server() as connection:
        known = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        ).fetchone()
    return known and (known[0] or "")


def _connect_to_server() -> psycopg.Connection:
    parts = urlsplit(os.environ.get("DATABASE_URL") or urls(DATA)["DATABASE_URL"])
    if parts.hostname:
        return psycopg.connect(urlunsplit(parts), autocommit=True)
    folder, _, name = parts.path.rpartition("/")
    return psycopg.connect(
        host=folder, port=parts.port, user=parts.username, dbname=name, autocommit=True
    )


def manage(database: str, *command: str) -> str:
    return run(database, "manage.py", *command)


def run(database: str, *command: str) -> str:
    """Run Python with that database, answer what it printed."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=BASE,
        env=environment(database),
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed.")
    return done.stdout


def demo_database() -> str:
    """The demo as it is on its first day, made anew for each run."""
    new_database("bench_demo")
    manage("bench_demo", "demo", "--fresh")
    settle("bench_demo")
    return "bench_demo"


def settle(database: str) -> None:
    """What autovacuum would have done by tomorrow."""
    with contextlib.closing(connect(database)) as connection:
        connection.execute("VACUUM ANALYZE")


def connect(database: str) -> psycopg.Connection:
    parts = urlsplit(environment(database)["DATABASE_URL"])
    if parts.hostname:
        return psycopg.connect(urlunsplit(parts), autocommit=True)
    folder = parts.path.rpartition("/")[0]
    return psycopg.connect(
        host=folder, port=parts.port, user=parts.username, dbname=database, autocommit=True
    )


@contextlib.contextmanager
def server(database: str, application: str = "config.run:web"):
    """A web server as `make run` starts it; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "granian", *SERVER.split()]
    command += ["--host", "127.0.0.1", "--port", str(port), application]
    name = application.partition(":")[0]
    child = Child(name, command, DATA / "log" / f"{name}.log", cwd=BASE, env=environment(database))
    try:
        wait_for_page(port, "/healthz" if application.startswith("config") else "/", child)
        yield port
    finally:
        child.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_page(port: int, path: str, child: Child, patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while status(port, path) != 200:
        if not child.running or time.monotonic() > deadline:
            raise RuntimeError(f"{child.name} does not answer:\n{child.last_words()}")
        time.sleep(0.02)


def status(port: int, path: str, headers=None, body: str | None = None) -> int:
    """0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET" if body is None else "POST", path, body, headers or {})
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()
