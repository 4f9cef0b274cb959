"""The launcher with real processes."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import environ
import psutil
import psycopg
import pytest
import redis

from config import embedded

BASE = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("launch") / "with a space" / ("long" * 30) / "data"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setattr(embedded, "read_dotenv", lambda: None)


def connect():
    parts = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    return psycopg.connect(
        host=parts["HOST"], port=parts["PORT"], dbname=parts["NAME"], user=parts["USER"]
    )


def ask(question):
    with connect() as connection:
        return connection.execute(question).fetchone()[0]


def queue_answers():
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        return client.ping()


def postmaster(folder):
    return psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))


def gone(process, patience=10):
    psutil.wait_procs([process], timeout=patience)
    return not process.is_running()


def command(folder, *arguments):
    return [sys.executable, "-m", "config.embedded", "--data", str(folder), *arguments]


def test_both_servers_are_up_inside_and_nothing_is_left_outside(folder):
    with embedded.services(folder):
        assert ask("select lower('ÆØÅ')") == "æøå"
        assert queue_answers()
        sockets = embedded.socket_folder(folder)
        assert sockets.stat().st_mode & 0o777 == 0o700
        processes = [postmaster(folder), postmaster(folder).parent()]
    assert all(gone(process) for process in processes)
    assert not sockets.exists()
    assert "DATABASE_URL" not in os.environ


def test_who_sets_an_address_gets_only_the_other_server(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/pejling")
    with embedded.services(folder):
        assert queue_answers()
        assert os.environ["DATABASE_URL"] == "postgres://elsewhere/pejling"
        assert not (embedded.socket_folder(folder) / ".s.PGSQL.5432").exists()


def test_others_share_the_servers_and_leave_them_alone(folder):
    with embedded.services(folder):
        server = postmaster(folder)
        with embedded.services(folder):
            assert ask("select 1") == 1
        done = subprocess.run(command(folder, "sh", "-c", "exit 7"), cwd=BASE, check=False)
        assert done.returncode == 7
        assert ask("select 1") == 1
        assert postmaster(folder) == server


def test_the_last_to_leave_stops_them_not_the_first_to_come(folder):
    first = subprocess.Popen(
        command(folder, "sh", "-c", "echo up; read line"),
        cwd=BASE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert first.stdout.readline() == b"up\n"
    with embedded.services(folder):
        first.communicate(b"end\n")
        assert ask("select 1") == 1
        server = postmaster(folder)
    assert gone(server)


@pytest.mark.parametrize("whom", ["PostgreSQL", "its keeper"])
def test_after_kill_9_it_starts_again_with_its_data(folder, whom):
    with embedded.services(folder) as connection:
        with connect() as database:
            database.execute("create table if not exists kept (word text)")
            database.execute("insert into kept values (%s)", [whom])
        server, keeper = postmaster(folder), postmaster(folder).parent()
        (server if whom == "PostgreSQL" else keeper).kill()
        with connection.makefile() as words:
            said = words.read()
    assert ("PostgreSQL ended unexpectedly" in said) == (whom == "PostgreSQL")
    with embedded.services(folder):
        assert ask("select word from kept order by ctid desc limit 1") == whom
        assert queue_answers()
    assert gone(server)
    assert gone(keeper)


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(folder):
    with embedded.services(folder):
        pass
    (folder / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}/postgres\n")
    with embedded.services(folder):
        assert ask("select 1") == 1


def test_a_killed_command_takes_the_servers_along(folder):
    running = subprocess.Popen(
        command(folder, "sh", "-c", "echo $$; exec sleep 60"), cwd=BASE, stdout=subprocess.PIPE
    )
    with running.stdout:
        sleeper = psutil.Process(int(running.stdout.readline()))
    server = postmaster(folder)
    running.kill()
    running.wait()
    assert gone(sleeper)
    assert gone(server)


def test_a_signal_reaches_the_command_and_its_exit_code_comes_back(folder):
    running = subprocess.Popen(
        command(folder, "sh", "-c", "trap 'exit 3' TERM; echo up; while :; do sleep 0.1; done"),
        cwd=BASE,
        stdout=subprocess.PIPE,
    )
    with running.stdout:
        assert running.stdout.readline() == b"up\n"
        running.send_signal(signal.SIGTERM)
        assert running.wait() == 3


def test_a_port_that_is_taken_is_said_plainly():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = [sys.executable, "-m", "config.run", "--port", str(port)]
        done = subprocess.run(run, cwd=BASE, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stdout
    assert f"make run PORT={port + 1}" in done.stdout


def test_a_child_goes_with_a_parent_that_is_killed(tmp_path):
    code = (
        "import pathlib, time; from config.child import Child;"
        "child = Child('sleeper', ['sleep', '60'], pathlib.Path('child.log'));"
        "print(child.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(BASE)},
        stdout=subprocess.PIPE,
    )
    with parent.stdout:
        child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    assert gone(child)
