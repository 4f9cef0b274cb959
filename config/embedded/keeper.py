"""The process that owns the embedded servers for as long as somebody uses them.

It is handed the lock on the data folder and a listening socket. A guest connects, names the servers
it needs, hears "ready" and stays connected. The kernel hangs up for a guest that dies.
"""

import contextlib
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

from config.child import Child
from config.embedded import postgres, socket_folder, valkey

START = {"postgres": postgres.start, "valkey": valkey.start}
HINT = "If this is a root without root's rights: an ordinary user can start it."


class Keeper:
    def __init__(self, data: Path, listener: socket.socket):
        self.data, self.listener = data, listener
        self.sockets = socket_folder(data)
        self.servers = {}
        self.guests = set()
        self.events = selectors.DefaultSelector()
        self.events.register(listener, selectors.EVENT_READ, self.welcome)

    def keep(self):
        """Until the last guest has gone or a server died."""
        while True:
            for key, _ in self.events.select(timeout=1):
                key.data(key.fileobj)
            dead = [server for server in self.servers.values() if not server.running]
            if dead or not self.guests:
                return self.report(dead)

    def welcome(self, listener: socket.socket):
        guest, _ = listener.accept()
        guest.settimeout(5)
        with contextlib.suppress(OSError):
            problem = self.start(guest.recv(1024).decode().split())
            guest.sendall(problem.encode() or b"ready\n")
            if not problem:
                self.guests.add(guest)
                self.events.register(guest, selectors.EVENT_READ, self.farewell)

    def start(self, names: list[str]) -> str:
        """What went wrong, if anything."""
        for name in names:
            try:
                if name not in self.servers:
                    self.servers[name] = START[name](self.data, self.sockets)
            except RuntimeError as problem:
                return f"{name} could not be started: {problem}"
            except (OSError, subprocess.SubprocessError) as problem:
                return f"{name} could not be started: {problem}\n{HINT}"
        return ""

    def report(self, dead: list[Child]):
        for server in dead:
            text = f"{server.name} ended unexpectedly. The end of {server.log}:\n\n"
            for guest in self.guests:
                with contextlib.suppress(OSError):
                    guest.sendall((text + server.last_words()).encode())

    def farewell(self, guest: socket.socket):
        self.events.unregister(guest)
        self.guests.discard(guest)
        if self.guests:
            guest.close()
        # The last guest waits for our end, which hangs up for it.
        else:
            self.last_guest = guest

    def stop(self):
        # No new guests first: who knocks now finds the door shut and starts a keeper of its own.
        with contextlib.suppress(FileNotFoundError):
            (self.sockets / "keeper.sock").unlink()
        self.listener.close()
        for server in reversed(self.servers.values()):
            server.stop(patience=10)
        shutil.rmtree(self.sockets, ignore_errors=True)


def main(data: str, lock: str, listener: str):
    if os.fork():
        os._exit(0)
    os.set_inheritable(int(lock), False)
    os.set_inheritable(int(listener), False)
    wake, waker = socket.socketpair()
    waker.setblocking(False)
    signal.set_wakeup_fd(waker.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, lambda *_: sys.exit())
    keeper = Keeper(Path(data), socket.socket(fileno=int(listener)))
    keeper.events.register(wake, selectors.EVENT_READ, lambda wake: wake.recv(1024))
    try:
        keeper.keep()
    finally:
        keeper.stop()
        # The last guest is hung up on by our very end, so that nothing is left when it goes on.
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
