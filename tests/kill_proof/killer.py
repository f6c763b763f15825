"""Applies a fault to one renderer after the other, whichever chance has it, and remembers what became of them."""

import asyncio
import random
import time
from dataclasses import dataclass

import processes

PAUSE = (0.05, 0.2)  # seconds, from one strike to the next
LOOK = 0.01


@dataclass
class Strike:
    fault: str
    node: int       # its number
    renderer: int   # its process
    begun: float    # in seconds since 1970
    starved: float | None = None  # until when the server had no descriptors
    gone: float | None = None     # when it was first seen not to be there any more


class Killer:
    def __init__(self, nodes, seed):
        self.strikes = []
        self._nodes = nodes
        self._random = random.Random(seed)
        self._open = []   # strikes whose renderers are still there
        self._struck = set()  # renderers; none is struck twice

    async def strike_for(self, seconds, faults):
        """Begins no strike after that time."""
        end = time.time() + seconds
        while time.time() < end:
            await self._strike(self._random.choice(faults))
            await asyncio.sleep(self._random.uniform(*PAUSE))

    async def watch(self):
        """Until it is cancelled: notes which renderers have gone."""
        while True:
            self.look()
            await asyncio.sleep(LOOK)

    def look(self):
        for strike in self._open:
            if processes.is_gone(strike.renderer):
                strike.gone = time.time()
        self._open = [strike for strike in self._open if strike.gone is None]

    async def _strike(self, fault):
        number = self._random.randrange(len(self._nodes))
        server = self._nodes[number].pid
        living = [pid for pid in processes.renderers(server) if pid not in self._struck]
        if not living:
            return
        strike = Strike(fault.name, number, self._random.choice(living), time.time())
        try:
            await fault.befall(server, strike.renderer)
        except ProcessLookupError:
            return  # it had ended by itself
        if fault.starves_server:
            strike.starved = time.time()
        self._struck.add(strike.renderer)
        self.strikes.append(strike)
        self._open.append(strike)
