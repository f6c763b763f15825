"""Asks one server over HTTP/1.1, on connections that it keeps."""

import asyncio
import contextlib
from dataclasses import dataclass, field

MOST_HEAD = 1 << 16


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    fields: dict = field(default_factory=dict, compare=False)  # of the head, by names in lower case


class NoReply(Exception):
    """There was no whole answer, or none in time."""


class _Closed(Exception):
    """The connection ended before the first byte of an answer."""


class Client:
    def __init__(self, address):
        self.address = address  # host:port
        self._idle = []

    async def get(self, target, seconds=15.0, fields=""):
        """`fields` are whole lines of the head. Raises NoReply."""
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(target, fields)
        except TimeoutError:
            raise NoReply(f"no answer within {seconds:g} s") from None
        except (OSError, EOFError, ValueError, _Closed) as error:
            raise NoReply(f"{type(error).__name__} {error}") from None

    def close(self):
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def _exchange(self, target, fields):
        while self._idle:
            with contextlib.suppress(_Closed):  # a kept one that the server gave up
                return await self._exchange_on(*self._idle.pop(), target, fields)
        host, _, port = self.address.rpartition(":")
        fresh = await asyncio.open_connection(host, int(port), limit=MOST_HEAD)
        return await self._exchange_on(*fresh, target, fields)

    async def _exchange_on(self, reader, writer, target, fields):
        done = False
        try:
            writer.write(f"GET {target} HTTP/1.1\r\nHost: {self.address}\r\n{fields}\r\n".encode())
            status, given = await _final_head(reader)
            body = await reader.readexactly(int(given.get("content-length", "0")))
            done = given.get("connection", "").lower() != "close"
            return Reply(status, body, given)
        finally:
            if done:
                self._idle.append((reader, writer))
            else:
                writer.transport.abort()


async def _final_head(reader):
    """Past interim answers."""
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            if not error.partial:
                raise _Closed from None
            raise
        except ConnectionError:
            raise _Closed from None
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        if status >= 200:
            return status, {name.lower(): value.strip()
                            for name, _, value in (line.partition(":") for line in lines[1:])}
