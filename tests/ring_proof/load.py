"""A steady load: requests go out by schedule, whatever becomes of those before, and a request's time is
counted from the moment at which it was due."""

import asyncio
import random
from dataclasses import dataclass

import http_client
from ring_map import spelled

CACHED = 120          # pictures that are asked for again and again, each too seldom to be popular
GIVE_UP_SECONDS = 15  # longer than the server's own time for a request


@dataclass(frozen=True)
class Sample:
    due: float  # by the loop's clock
    took: float  # seconds
    target: str
    failure: str  # empty: it was answered as it should be

    @property
    def end(self):
        return self.due + self.took


class Pictures:
    """Small ones, all the same to look at, each with a key of its own."""

    def __init__(self, seed):
        self._random = random.Random(seed)
        self._next = CACHED
        self.cached = [self._target(number) for number in range(CACHED)]
        self.asked = set()

    @staticmethod
    def _target(number):
        return spelled("/large.jpg", number) + f"?width=300&background={number:06x}"

    def pick(self):
        """One that is cached, or one that nobody has asked for yet: as often."""
        if self._random.random() < 0.5:
            target = self._random.choice(self.cached)
        else:
            target = self._target(self._next)
            self._next += 1
        self.asked.add(target)
        return target


class Load:
    """`clients` may change while it runs."""

    def __init__(self, clients, pictures, rate):
        self.clients = list(clients)
        self.samples = []
        self._pictures = pictures
        self._rate = rate
        self._turn = 0
        self._tasks = set()
        self._ends = asyncio.Event()
        self._body = None  # of each answer

    async def warm_up(self):
        """Has each picture that is to be cached rendered once."""
        for number, target in enumerate(self._pictures.cached):
            self._pictures.asked.add(target)
            reply = await self.clients[number % len(self.clients)].get(target)
            self._body = self._body or reply.body
            if reply.status != 200 or reply.body != self._body:
                raise http_client.NoReply(f"{target}: status {reply.status}")

    async def run(self):
        """Until stop(), and until all is answered."""
        due = asyncio.get_running_loop().time()
        while not self._ends.is_set():
            client = self.clients[self._turn % len(self.clients)]
            self._turn += 1
            task = asyncio.create_task(self._ask(client, self._pictures.pick(), due))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            due += 1 / self._rate
            await asyncio.sleep(max(0, due - asyncio.get_running_loop().time()))
        await asyncio.gather(*self._tasks)

    def stop(self):
        self._ends.set()

    async def _ask(self, client, target, due):
        failure = ""
        try:
            reply = await client.get(target, GIVE_UP_SECONDS)
            if reply.status != 200:
                failure = f"status {reply.status}"
            elif reply.body != self._body:
                failure = "another picture"
        except http_client.NoReply as error:
            failure = str(error)
        took = asyncio.get_running_loop().time() - due
        self.samples.append(Sample(due, took, target, failure))
