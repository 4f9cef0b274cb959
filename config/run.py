"""python -m config.run [--dev] [--host H] [--port N]: the whole of Pejling on this machine.

Starts the embedded servers, prepares the database and the demo, then web, worker and beat, and
watches them. Whatever ends it, Ctrl-C or kill -9, takes all of them along.
"""

import argparse
import contextlib
import errno
import http.client
import os
import select
import signal
import socket
import sys
import time
from urllib.parse import urlsplit

from config import embedded
from config.child import Child, die_with_parent

LOGS = embedded.BASE / ".local" / "log"
WEB_PATIENCE = 60

WORKER = "worker --queues mail,heavy --pool threads --concurrency 4 --loglevel INFO"
WORKER += " --without-gossip --without-mingle --without-heartbeat"
BEAT = "beat --scheduler celery.beat:Scheduler --pidfile= --loglevel INFO"


class Stop(Exception):
    """Somebody asked us to stop."""


class Failed(Exception):
    """We can't go on; the text says why."""


def main(argv: list[str] | None = None) -> int:
    options = _options(argv)
    if "MAKELEVEL" in os.environ:
        # make is killed: nobody could stop us any more.
        die_with_parent()
    # Asked now: one that has gone by the time we watch it would not be a terminal any more.
    terminals = list(filter(os.isatty, (0, 1, 2)))
    children = []
    stopping = Stopping(children)
    try:
        with _port(options.host, options.port), _services(options) as connection:
            try:
                _start(options, children)
                _watch(children, connection, terminals)
            finally:
                stopping.do()
    except Stop:
        return 0
    except Failed as failure:
        say(f"\n{failure}")
        return 1


class Stopping:
    """The first signal stops in order, the next one at once."""

    def __init__(self, children: list[Child]):
        self.children = children
        self.since = None
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self.asked)

    def asked(self, *_):
        if not self.since:
            self.since = time.monotonic()
            raise Stop
        # make and timeout hand on a signal that we got already.
        if time.monotonic() - self.since > 0.5:
            for child in self.children:
                child.kill()
            os._exit(130)

    def do(self):
        self.since = self.since or time.monotonic()
        say("\nStopping ...", end="")
        # Beat first: no new work. Then the worker, then web.
        for child in reversed(self.children):
            child.stop()
        say(" stopped.")


def web():
    """config.wsgi for granian's workers, who like everything else go when their parent goes."""
    die_with_parent()
    from config.wsgi import application

    return application


def prepare():
    """Words, tables and the demo, in one process since each start of Django costs a second."""
    import django

    from config import translations

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    translations.main(["compile"])
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    with embedded.services():
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DEMO:
            call_command("demo")
        if settings.PRODUCTION:
            call_command("collectstatic", interactive=False, verbosity=0)


def say(text: str, end: str = "\n"):
    # After SIGHUP there is no terminal to say it to.
    with contextlib.suppress(OSError):
        print(text, end=end, flush=True)


@contextlib.contextmanager
def step(name: str):
    started = time.monotonic()
    say(f"  {name:<20}", end="")
    try:
        yield
    except BaseException:
        say("")
        raise
    say(f"{time.monotonic() - started:5.1f} s")


def _options(argv):
    parser = argparse.ArgumentParser(prog="python -m config.run", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="DEBUG and restart on changed code")
    parser.add_argument("--host", default="127.0.0.1", help="whom to answer (%(default)s: only us)")
    parser.add_argument("--port", type=int, default=8000)
    return parser.parse_args(argv)


@contextlib.contextmanager
def _port(host: str, port: int):
    """Is ours, and stays reserved: granian's workers share a port with whoever else shares it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as reserved:
        try:
            with socket.socket(reserved.family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
            reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            reserved.bind((host, port))
        except (OSError, OverflowError) as error:
            raise Failed(_why_not_that_port(host, port, error)) from None
        yield


def _why_not_that_port(host: str, port: int, error: Exception) -> str:
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return (
            f"Port {port} is taken. If Pejling runs already, open http://localhost:{port}.\n"
            f"Otherwise choose another port: make run PORT={port + 1}"
        )
    return f"Port {port} of {host} can't be used ({error}). Choose another: make run PORT=8123"


@contextlib.contextmanager
def _services(options):
    say("Pejling starts")
    _set_defaults(options)
    # Django starts while the database does.
    preparing = _python("prepare", "-c", "from config.run import prepare; prepare()")
    try:
        with contextlib.ExitStack() as stack:
            with step("database and queue"):
                connection = stack.enter_context(embedded.services())
            with step("tables and demo"):
                if preparing.process.wait():
                    raise Failed(f"Preparing the database failed:\n\n{preparing.last_words()}")
            if said := preparing.last_words(lines=1):
                say(f"  {said}")
            yield connection
    finally:
        preparing.stop()


def _set_defaults(options):
    """A demo, unless the environment or .env says otherwise."""
    embedded.read_dotenv()
    os.environ.setdefault("DEMO", "1")
    if options.dev:
        os.environ["DEBUG"] = "1"
    os.environ.setdefault("SITE_URL", f"http://localhost:{options.port}")


def _start(options, children: list[Child]):
    with step("web"):
        children.append(_web(options))
        _wait_for_web(options, children)
    # Not before: the first page waits for web alone.
    children.append(_python("worker", "-m", "celery", "-A", "config.celery", *WORKER.split()))
    children.append(_python("beat", "-m", "celery", "-A", "config.celery", *BEAT.split()))
    url = os.environ["SITE_URL"].rstrip("/")
    say(f"\nOpen {url}")
    if os.environ["DEMO"].lower() not in ("", "0", "false", "no", "off"):
        say("and sign in by a button: leader, facilitator, manager, amo or secretariat.")
        say(f"Mails that were sent: {url}/demo/mail/")
    say(f"Logs: {LOGS}/\nCtrl-C stops everything.")


def _web(options) -> Child:
    command = ["-m", "granian", "--interface", "wsgi", "--factory", "config.run:web"]
    command += ["--host", options.host, "--port", str(options.port), "--no-ws"]
    command += ["--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "2"]
    if options.dev:
        command += ["--reload", "--reload-ignore-dirs", ".local", "--reload-ignore-dirs", "locale"]
    return _python("web", *command)


def _python(name: str, *arguments: str) -> Child:
    command = [sys.executable, *arguments]
    return Child(name, command, LOGS / f"{name}.log", cwd=embedded.BASE)


def _wait_for_web(options, children):
    deadline = time.monotonic() + WEB_PATIENCE
    while not _web_answers(options):
        _fail_if_one_died(children)
        if time.monotonic() > deadline:
            raise Failed(f"The web server does not answer:\n{children[-1].last_words()}")
        time.sleep(0.05)


def _web_answers(options) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options.host, options.host)
    ours = {"Host": urlsplit(os.environ["SITE_URL"]).netloc}
    connection = http.client.HTTPConnection(host, options.port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers=ours)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _watch(children: list[Child], connection: socket.socket | None, terminals: list[int]):
    """Sleeps until a child, the database or the terminal ends."""
    wake, waker = socket.socketpair()
    waker.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker.fileno())
    poll = select.poll()
    poll.register(wake, select.POLLIN)
    if connection:
        poll.register(connection, select.POLLIN)
    # Under "ssh -t host make run" only make is told that the terminal has gone.
    for terminal in terminals:
        poll.register(terminal, 0)
    while True:
        _fail_if_one_died(children)
        happened = dict(poll.poll())
        if wake.fileno() in happened:
            wake.recv(1024)
        if connection and connection.fileno() in happened:
            words = connection.recv(65536).decode(errors="replace")
            raise Failed(words or "The keeper of the database and the queue ended unexpectedly.")
        if any(event & select.POLLHUP for event in happened.values()):
            raise Stop


def _fail_if_one_died(children: list[Child]):
    for child in children:
        if not child.running:
            raise Failed(
                f"{child.name} ended unexpectedly, so everything stops. The end of {child.log}:\n\n"
                f"{child.last_words()}"
            )


if __name__ == "__main__":
    sys.exit(main())
