"""The faults: what befalls one renderer of a server, or the server for a moment."""

import asyncio
import os
import random
import resource
import signal
from dataclasses import dataclass
from typing import Awaitable, Callable

import processes

STARVED_SECONDS = 0.3  # for so long a server has no descriptor to start a renderer with


@dataclass(frozen=True)
class Fault:
    name: str
    befall: Callable[[int, int], Awaitable[None]]  # a server, and a renderer of it
    starves_server: bool = False  # then what needs a descriptor may be refused with 503
    fills_shm: bool = False       # for as long as it goes on


def _signal(number):
    async def act(_, renderer):
        os.kill(renderer, number)
    return act


def _bound(pid, what, most):
    """For good: neither it nor its server can take that back."""
    hard = resource.prlimit(pid, what)[1]
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.prlimit(pid, what, (least, least))


async def _starve_of_memory(_, renderer):
    """It has what it has, and gets no more."""
    _bound(renderer, resource.RLIMIT_DATA, processes.data(renderer))
    _bound(renderer, resource.RLIMIT_AS, processes.addresses(renderer))


async def _starve_of_descriptors(_, renderer):
    _bound(renderer, resource.RLIMIT_NOFILE, random.randint(0, 4))


async def _starve_server(server, renderer):
    """A renderer ends while no other can be started."""
    usual = resource.prlimit(server, resource.RLIMIT_NOFILE)
    in_use = sum(processes.descriptors(server).values())
    resource.prlimit(server, resource.RLIMIT_NOFILE, (in_use + 1, usual[1]))
    try:
        os.kill(renderer, signal.SIGKILL)
        await asyncio.sleep(STARVED_SECONDS)
    finally:
        resource.prlimit(server, resource.RLIMIT_NOFILE, usual)


FAULTS = (
    Fault("SIGKILL", _signal(signal.SIGKILL)),
    Fault("SIGSEGV", _signal(signal.SIGSEGV)),
    Fault("SIGABRT", _signal(signal.SIGABRT)),
    Fault("SIGSTOP", _signal(signal.SIGSTOP)),
    Fault("out of memory", _starve_of_memory),
    Fault("out of descriptors", _starve_of_descriptors),
    Fault("full /dev/shm, and SIGKILL", _signal(signal.SIGKILL), fills_shm=True),
    Fault("the server out of descriptors, and SIGKILL", _starve_server, starves_server=True),
)
