"""python -m tests.bench.sink PORT: a mail server that takes everything and keeps nothing.

Used where smtp-sink (Debian's postfix) isn't at hand. It answers as soon as it has read, so that
it's never what is measured.
"""

import asyncio
import sys

ANSWERS = {b"EHLO": b"250-sink\r\n250 8BITMIME\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221\r\n"}
TAKEN = b"250 OK\r\n"
END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    def connection_made(self, transport):
        self.line, self.rest, self.in_letter = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data):
        self.rest += data
        while self._take():
            pass

    def _take(self) -> bool:
        if self.in_letter:
            _letter, end, rest = self.rest.partition(END)
            if end:
                self.rest, self.in_letter = rest, False
                self.line.write(TAKEN)
            return bool(end)
        command, end, rest = self.rest.partition(b"\r\n")
        if not end:
            return False
        self.rest = rest
        word = command[:4].upper()
        self.in_letter = word == b"DATA"
        self.line.write(ANSWERS.get(word, TAKEN))
        if word == b"QUIT":
            self.line.close()
        return True


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
