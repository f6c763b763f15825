"""Stands before a node, on the address that the others know, and spoils answers when it is told to."""

import asyncio
import contextlib
import enum
import socket

PROBE_TARGET = "/_groupcache/imageserver"  # as src/peers/peer_request.cc has it
LATE_SECONDS = 5
MOST_HEAD = 1 << 16


class Mode(enum.Enum):
    PASS = "pass"
    LATE_503 = "late 503"      # every request has that answer, after LATE_SECONDS
    PROBE_ONLY = "probe only"  # probes are answered, and nothing else is


class Proxy:
    def __init__(self, place, port, node_port):
        self.mode = Mode.PASS
        self._place = place
        self._port = port
        self._node_port = node_port
        self._fields_of_503 = ""
        self._server = None
        self._tasks = set()

    async def start(self):
        listener = self._place.new_socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self._place.host, self._port))
        self._server = await asyncio.start_server(self._serve, sock=listener, limit=MOST_HEAD)

    def spoil(self, mode, fingerprint):
        """`fingerprint` is what a node says of its ring in each answer."""
        self._fields_of_503 = f"X-Imageserver-Ring: {fingerprint}\r\n"
        self.mode = mode

    async def stop(self):
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        back = None
        try:
            from_node, to_node = await self._connect_to_node()
            back = asyncio.create_task(_pump(from_node, writer))
            while True:
                head = await reader.readuntil(b"\r\n\r\n")  # no request between nodes has a body
                await self._pass_on(head, to_node, writer)
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()
            if back:
                back.cancel()
                to_node.transport.abort()

    async def _connect_to_node(self):
        end = self._place.new_socket()
        end.setblocking(False)
        await asyncio.get_running_loop().sock_connect(end, (self._place.host, self._node_port))
        return await asyncio.open_connection(sock=end, limit=MOST_HEAD)

    async def _pass_on(self, head, to_node, writer):
        if self.mode is Mode.LATE_503:
            await asyncio.sleep(LATE_SECONDS)
            writer.write(f"HTTP/1.1 503 Service Unavailable\r\n{self._fields_of_503}"
                         "Retry-After: 1\r\nContent-Length: 0\r\n\r\n".encode())
        elif self.mode is Mode.PASS or head.split(b" ", 2)[1] == PROBE_TARGET.encode():
            to_node.write(head)
            await to_node.drain()


async def _pump(reader, writer):
    with contextlib.suppress(OSError):
        while data := await reader.read(MOST_HEAD):
            writer.write(data)
            await writer.drain()
        writer.close()
