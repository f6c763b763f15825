"""A ring of nodes, each in a namespace of its own, all with default flags."""

import asyncio
import contextlib

from node import PORT, Node
from proxy import Proxy
from ring_map import RingMap

BEHIND_PROXY = 8081


class Ring:
    """The last `faulty` nodes are those that faults are for; where `proxies` are asked for, each of these
    has one."""

    def __init__(self, program, places, *, source, log, faulty=0, proxies=False):
        self.places = places
        self.addresses = [f"{place.host}:{PORT}" for place in places]
        self.map = RingMap(self.addresses)
        self.healthy = range(len(places) - faulty)
        self.faulty = range(len(places) - faulty, len(places))
        self.proxies = [Proxy(places[i], PORT, BEHIND_PROXY) for i in self.faulty] if proxies else []
        self.nodes = [self._node(i, program, source, log, proxies and i in self.faulty)
                      for i in range(len(places))]

    def _node(self, index, program, source, log, behind_proxy):
        place, address = self.places[index], self.addresses[index]
        others = [other for other in self.addresses if other != address]
        return Node(program, address, others, source=source, log=log, prefix=place.prefix(),
                    listen=f"{place.host}:{BEHIND_PROXY}" if behind_proxy else None)

    @contextlib.asynccontextmanager
    async def running(self):
        async with contextlib.AsyncExitStack() as stack:
            for proxy in self.proxies:
                await proxy.start()
                stack.push_async_callback(proxy.stop)
            for node in self.nodes:
                node.start()
                stack.callback(node.end)
            await asyncio.gather(*(node.ready() for node in self.nodes))
            yield self

    async def renders(self):
        """Of all nodes, since they first started."""
        return sum(await asyncio.gather(*(node.renders() for node in self.nodes)))

    def is_lost(self, target):
        """Whether a faulty node owns the picture."""
        return self.addresses.index(self.map.owner(target)) in self.faulty
