"""Asks one server over HTTP/1.1, on connections that it keeps."""

import asyncio
import contextlib
from dataclasses import dataclass

MOST_HEAD = 1 << 16


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes


class NoReply(Exception):
    """There was no whole answer, or none in time."""


class _Closed(Exception):
    """The connection ended before the first byte of an answer."""


class Client:
    def __init__(self, address):
        self.address = address  # host:port
        self._idle = []

    async def get(self, target, seconds=15.0):
        """Raises NoReply."""
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(target)
        except TimeoutError:
            raise NoReply(f"no answer within {seconds:g} s") from None
        except (OSError, EOFError, ValueError, _Closed) as error:
            raise NoReply(f"{type(error).__name__} {error}") from None

    def close(self):
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def _exchange(self, target):
        while self._idle:
            with contextlib.suppress(_Closed):  # a kept one that the server gave up
                return await self._exchange_on(*self._idle.pop(), target)
        host, _, port = self.address.rpartition(":")
        fresh = await asyncio.open_connection(host, int(port), limit=MOST_HEAD)
        return await self._exchange_on(*fresh, target)

    async def _exchange_on(self, reader, writer, target):
        done = False
        try:
            writer.write(f"GET {target} HTTP/1.1\r\nHost: {self.address}\r\n\r\n".encode())
            status, fields = await _final_head(reader)
            body = await reader.readexactly(int(fields.get("content-length", "0")))
            done = fields.get("connection", "").lower() != "close"
            return Reply(status, body)
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
