"""One fault on one ring, under a steady load through the healthy nodes."""

import asyncio

from load import Load, Pictures
from node import NodeError
from ring import Ring
from row import Moments, Row

RATE = 40  # requests a second, through all healthy nodes together
WARM_SECONDS = 2
CALM_SECONDS = 6
FAULT_SECONDS = 8
BACK_SECONDS = 7


def now():
    return asyncio.get_running_loop().time()


async def measure_fault(program, fault, places, faulty, *, source, log):
    ring = Ring(program, places, source=source, log=log, faulty=faulty, proxies=fault.needs_proxy)
    async with ring.running():
        pictures = Pictures(seed=f"{fault.name} {len(places)}")
        load = Load([ring.nodes[i].client for i in ring.healthy], pictures, RATE)
        await load.warm_up()
        await _expect_owners(ring, pictures)
        async with asyncio.TaskGroup() as group:
            group.create_task(load.run())
            moments = await _go_through(fault, ring)
            load.stop()
        more = await ring.renders() - len(pictures.asked)
        return Row(fault.name, f"{faulty} of {len(places)}", moments, load.samples, more,
                   _lost_keys(fault, ring, load.samples, moments))


async def _go_through(fault, ring):
    await asyncio.sleep(WARM_SECONDS)
    calm = now()
    await asyncio.sleep(CALM_SECONDS)
    begun = now()
    await fault.begin(ring)
    await asyncio.sleep(begun + FAULT_SECONDS - now())
    await fault.end(ring)
    back = now()
    await asyncio.sleep(BACK_SECONDS)
    return Moments(calm, begun, back, now())


async def _expect_owners(ring, pictures):
    """Or nobody knows which keys are lost."""
    for node in ring.nodes:
        own = sum(ring.map.owner(target) == node.address for target in pictures.cached)
        rendered = await node.renders()
        if rendered != own:
            raise NodeError(f"{node.address} rendered {rendered} pictures, and owns {own}: "
                               "tests/ring_proof/ring_map.py is not the program's ring")


def _lost_keys(fault, ring, samples, moments):
    """The keys of faulty nodes that are asked for from the fault on. Those of a node that comes back with an
    empty cache are lost once more."""
    def asked_for(begin, end):
        return len({s.target for s in samples if s.end > begin and s.due < end and ring.is_lost(s.target)})
    if fault.loses_cache:
        return asked_for(moments.fault, moments.back) + asked_for(moments.back, moments.end)
    return asked_for(moments.fault, moments.end)
