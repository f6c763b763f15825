"""The faults: what befalls a ring's faulty nodes, and how it ends."""

import asyncio
import signal
from dataclasses import dataclass
from typing import Awaitable, Callable

from private_network import CABLE, run
from proxy import Mode

LOSS = "0.30"
SLOW = "256kbit"


@dataclass(frozen=True)
class Fault:
    name: str
    begin: Callable[[object], Awaitable[None]]  # of the ring
    end: Callable[[object], Awaitable[None]]
    needs_proxy: bool = False
    loses_cache: bool = False


async def _for_each(ring, act):
    await asyncio.gather(*(act(i) for i in ring.faulty))


def _signal(number):
    async def act(ring):
        for i in ring.faulty:
            ring.nodes[i].signal(number)
    return act


async def _kill(ring):
    await _for_each(ring, lambda i: ring.nodes[i].kill())


async def _start_again(ring):
    for i in ring.faulty:
        ring.nodes[i].start()
    await _for_each(ring, lambda i: ring.nodes[i].ready())


async def _drop(place, *match):
    """Of what arrives: its sender has to believe that it went out."""
    await run(*place.prefix(), "iptables", "-w", "-A", "INPUT", "-i", CABLE, *match, "-j", "DROP")


async def _drop_nothing(ring):
    await asyncio.gather(*(run(*place.prefix(), "iptables", "-w", "-F", "INPUT") for place in ring.places))


def _cut(*match, to_faulty, from_faulty):
    async def act(ring):
        rules = []
        for i in ring.faulty:
            if to_faulty:
                rules.append(_drop(ring.places[i], *match))
            if from_faulty:
                rules += [_drop(other, "-s", ring.places[i].host, *match)
                          for other in ring.places if other is not ring.places[i]]
        await asyncio.gather(*rules)
    return act


async def _slow_down(ring):
    shape = ("root", "tbf", "rate", SLOW, "burst", "5kb", "latency", "400ms")

    async def act(i):
        place = ring.places[i]
        await run(*place.prefix(), "tc", "qdisc", "add", "dev", CABLE, *shape)
        await run("tc", "qdisc", "add", "dev", place.port_of_bridge, *shape)
    await _for_each(ring, act)


async def _speed_up(ring):
    async def act(i):
        place = ring.places[i]
        await run(*place.prefix(), "tc", "qdisc", "del", "dev", CABLE, "root")
        await run("tc", "qdisc", "del", "dev", place.port_of_bridge, "root")
    await _for_each(ring, act)


def _spoil(mode):
    async def act(ring):
        fingerprint = await ring.nodes[0].fingerprint()
        for proxy in ring.proxies:
            proxy.spoil(mode, fingerprint)
    return act


async def _spoil_nothing(ring):
    for proxy in ring.proxies:
        proxy.mode = Mode.PASS


FAULTS = (
    Fault("hung (SIGSTOP)", _signal(signal.SIGSTOP), _signal(signal.SIGCONT)),
    Fault("killed, started again", _kill, _start_again, loses_cache=True),
    Fault("30 % loss, both ways", _cut("-m", "statistic", "--mode", "random", "--probability", LOSS,
                                       to_faulty=True, from_faulty=True), _drop_nothing),
    Fault("link of 256 kbit/s", _slow_down, _speed_up),
    Fault("one-way: nothing to it", _cut(to_faulty=True, from_faulty=False), _drop_nothing),
    Fault("one-way: nothing from it", _cut(to_faulty=False, from_faulty=True), _drop_nothing),
    Fault("503 after 5 s", _spoil(Mode.LATE_503), _spoil_nothing, needs_proxy=True),
    Fault("answers probes alone", _spoil(Mode.PROBE_ONLY), _spoil_nothing, needs_proxy=True),
)
