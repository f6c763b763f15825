"""A ring of nodes on this machine's own network."""

import contextlib
import pathlib
import socket

from node import Node

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / "testdata"


def free_addresses(count):
    with contextlib.ExitStack() as stack:
        ends = [stack.enter_context(socket.socket()) for _ in range(count)]
        for end in ends:
            end.bind(("127.0.0.1", 0))
        return [f"127.0.0.1:{end.getsockname()[1]}" for end in ends]


@contextlib.asynccontextmanager
async def ring_of(programs, logs, flags=(), source=TESTDATA):
    """They start in this order, each when the one before it serves."""
    addresses = free_addresses(len(programs))
    nodes = [Node(program, address, [other for other in addresses if other != address], source=source,
                  log=log, flags=flags) for program, address, log in zip(programs, addresses, logs)]
    async with contextlib.AsyncExitStack() as stack:
        for node in nodes:
            node.start()
            stack.callback(node.end)
            await node.ready()
        yield nodes
