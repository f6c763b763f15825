"""A picture whose render truly takes eight seconds at its owner: it has to come through any node, from one
render."""

import asyncio
import itertools
import math
from dataclasses import dataclass

from http_client import NoReply
from node import Node, NodeError, PORT
from ring import Ring
from ring_map import spelled

NAME_OF_LONG_RENDER = "render of 8 s"

AIM_SECONDS = 7.5          # of processor time: other work on the machine only adds to that
AIM = (7.1, 7.9)
TOO_SOON = 6.5             # a render of less, or of more than TOO_LATE, says nothing about the ring
TOO_LATE = 9.4
FIRST_SIDE = 3000
TRIES = 6


def target_of(side, number):
    """Costs as much for each number. A square of huge.jpg, as WebP without loss: that takes seconds."""
    query = f"width={side}&height={side}&format=webp&lossless=1&background={number:06x}"
    return spelled("/huge.jpg", number) + "?" + query


@dataclass(frozen=True)
class Trial:
    way: str
    answers: tuple  # (status or failure, seconds)
    renders: int

    def holds(self):
        return not self.is_void() and self.renders == 1 and all(status == 200 for status, _ in self.answers)

    def is_void(self):
        """Whether the render took another time than it was to take."""
        renders = [took for status, took in self.answers if status == 200]
        return any(took > TOO_LATE for _, took in self.answers) or (renders and max(renders) < TOO_SOON)

    def line(self):
        answers = ", ".join(f"{status} after {took:.1f} s" for status, took in self.answers)
        verdict = "not measured, the render took another time" if self.is_void() else (
            "holds" if self.holds() else "does not hold")
        return f"A {NAME_OF_LONG_RENDER}, {self.way}: {answers}; renders: {self.renders}: {verdict}"


async def _ask(node, target):
    loop = asyncio.get_running_loop()
    begun = loop.time()
    try:
        status = (await node.client.get(target, seconds=60)).status
    except NoReply as error:
        status = str(error)
    return status, loop.time() - begun


async def _find_side(program, place, source, log):
    """Of a picture that takes about eight seconds, on a node alone."""
    node = Node(program, f"{place.host}:{PORT}", [], source=source, log=log, prefix=place.prefix(),
                flags=("--timeout=60s",))
    try:
        node.start()
        await node.ready()
        side = FIRST_SIDE
        for number in range(TRIES):
            before = node.processor_seconds()
            status, _ = await _ask(node, target_of(side, number))
            took = node.processor_seconds() - before
            if status != 200:
                raise NodeError(f"a picture of {side} x {side} pixels as WebP: {status}")
            if AIM[0] <= took <= AIM[1]:
                return side
            side = min(round(side * math.sqrt(AIM_SECONDS / took)), 6300)  # 40 megapixels are the limit
        return side
    finally:
        node.end()


def _owned(ring, index, side, numbers):
    """A new target that the node owns."""
    return next(target for target in (target_of(side, number) for number in numbers)
                if ring.map.owner(target) == ring.addresses[index])


async def _try(ring, way, target, askers):
    before = await ring.renders()
    answers = await asyncio.gather(*(_ask(node, target) for node in askers))
    return Trial(way, tuple(answers), await ring.renders() - before)


async def measure_long_render(program, places, *, source, log):
    """Yields the trials."""
    numbers = itertools.count(1)
    for way, owner, askers in (("through another node", 0, (1,)),
                               ("through all three at once, the owner last", 2, (0, 1, 2))):
        for _ in range(TRIES):
            side = await _find_side(program, places[0], source, log)
            ring = Ring(program, places, source=source, log=log)
            async with ring.running():
                target = _owned(ring, owner, side, numbers)
                trial = await _try(ring, way, target, [ring.nodes[i] for i in askers])
            if not trial.is_void():
                break
        yield trial
