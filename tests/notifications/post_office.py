"""A mail server that is really one, in a thread of its own. It can refuse and stumble."""

import asyncio
import socket
import time
from email import policy
from email.parser import BytesParser

from aiosmtpd.controller import Controller

PATIENCE = 30


class PostOffice:
    """Takes letters on the loopback address; `answers` says what it says to some addresses.

    `answers["karen@example.org"] = ["451 later"]` refuses her once, then she's welcome.
    """

    def __init__(self):
        self.letters, self.connections, self.answers = [], 0, {}
        self.at_data = None  # called with each letter before we say that we have it
        self.port = free_port()
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self):
        self._server.start()
        return self

    def __exit__(self, *_):
        self._server.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def addresses(self) -> list[str]:
        return sorted(letter["To"] for letter in self.letters)

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while len(self.letters) < count and time.monotonic() < deadline:
            time.sleep(0.02)

    # ---- what aiosmtpd calls

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers.get(address):
            answer = self.answers[address].pop(0)
            if answer == "hang up":
                server.transport.abort()
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = BytesParser(policy=policy.default).parsebytes(envelope.content)
        self.letters.append(letter)
        if self.at_data:
            await asyncio.get_running_loop().run_in_executor(None, self.at_data, letter)
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def mailer(port: int, timeout: float = 5) -> dict:
    """MAILERS that leads to that port."""
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": timeout},
        }
    }
