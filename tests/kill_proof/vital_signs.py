"""What a node has: renderers, descriptors, memory. And whether it has them again once all is over."""

import asyncio
import collections
import time
from dataclasses import dataclass

import processes

SETTLE_SECONDS = 90  # longer than idle connections are kept
LOOK = 0.1
MORE_CONNECTIONS = 4    # to peers, which come and go
MORE_RESIDENT = 64 << 20


@dataclass(frozen=True)
class VitalSigns:
    renderers: int
    others: int   # children that are none, or have ended and were not waited for
    descriptors: collections.Counter
    resident: int           # bytes of the server
    renderers_resident: int

    def changes(self, before):
        """Since then, in words; none if it is as it was."""
        now, then = self.descriptors, before.descriptors
        checks = (
            (self.renderers == before.renderers, f"renderers: {before.renderers}, now {self.renderers}"),
            (self.others == 0, f"children that are zombies, stopped or no renderers: {self.others}"),
            (now["memfd"] == self.renderers, f"memfds: {now['memfd']}, for {self.renderers} renderers"),
            (now["line"] == then["line"], f"Unix sockets: {then['line']}, now {now['line']}"),
            (now["other"] == then["other"], f"other descriptors: {then['other']}, now {now['other']}"),
            (now["connection"] <= then["connection"] + MORE_CONNECTIONS,
             f"connections: {then['connection']}, now {now['connection']}"),
            (self.resident <= before.resident * 5 // 4 + MORE_RESIDENT,
             f"resident memory: {before.resident >> 20} MiB, now {self.resident >> 20} MiB"),
        )
        return [words for holds, words in checks if not holds]

    def line(self):
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.descriptors.items()))
        return (f"{self.renderers} renderers, {sum(self.descriptors.values())} descriptors ({kinds}), "
                f"{self.resident >> 20} MiB, renderers {self.renderers_resident >> 20} MiB")


def take(server):
    living = processes.renderers(server)
    return VitalSigns(len(living), len(processes.children(server)) - len(living),
                      processes.descriptors(server), processes.resident(server),
                      sum(map(processes.resident, living)))


async def settled(server, before):
    """As they are once they are as before, or after SETTLE_SECONDS."""
    end = time.monotonic() + SETTLE_SECONDS
    while True:
        signs = take(server)
        if not signs.changes(before) or time.monotonic() > end:
            return signs
        await asyncio.sleep(LOOK)


async def at_rest(server, renderers):
    """Once there are so many renderers, and nothing has changed for a second."""
    end = time.monotonic() + SETTLE_SECONDS
    signs = take(server)
    while time.monotonic() < end:
        await asyncio.sleep(1)
        before, signs = signs, take(server)
        if signs.renderers == renderers and signs.descriptors == before.descriptors:
            break
    return signs
