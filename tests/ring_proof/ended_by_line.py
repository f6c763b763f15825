"""How a proof ends where it cannot go on: by one line, not by a trace."""

import asyncio
import sys

from http_client import NoReply
from node import NodeError
from private_network import NetworkError


def run(name, coroutine):
    """What the coroutine returns; else the process ends."""
    errors = []
    try:
        return asyncio.run(coroutine)
    except* (NetworkError, NodeError, NoReply) as group:
        errors = group.exceptions
    sys.exit("\n".join(f"{name}: {error}" for error in errors))
