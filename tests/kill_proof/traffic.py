"""Clients that ask one after the other, each as soon as it has its answer, any node for any picture."""

import asyncio
import hashlib
import random
import time
from dataclasses import dataclass

from http_client import NoReply
from pictures import is_picture

CLIENTS = 9
GIVE_UP_SECONDS = 15  # longer than the server's own time for a request
BREATH = 0.05         # after an answer that is no picture


@dataclass(frozen=True)
class Request:
    target: str
    node: int     # the number of the one that was asked
    begun: float  # in seconds since 1970
    ended: float
    status: int   # 0: there was no whole answer
    retry: bool   # the answer says when to come back
    said: str     # what is wrong, in a line
    digest: str   # of the picture

    @property
    def took(self):
        return self.ended - self.begun


async def ask(node, number, target):
    """`number` is the node's."""
    begun = time.time()
    try:
        reply = await node.client.get(target, GIVE_UP_SECONDS)
    except NoReply as error:
        return Request(target, number, begun, time.time(), 0, False, str(error), "")
    ended = time.time()
    said, digest = "", ""
    if reply.status != 200:
        said = reply.body.decode(errors="replace").strip()
    elif is_picture(reply.body):
        digest = hashlib.sha256(reply.body).hexdigest()
    else:
        said = "an answer that is no picture"
    return Request(target, number, begun, ended, reply.status, "retry-after" in reply.fields, said, digest)


class Traffic:
    def __init__(self, nodes, pictures, seed):
        self.requests = []
        self._nodes = nodes
        self._pictures = pictures
        self._random = random.Random(seed)
        self._ends = False

    async def run(self):
        """Until stop(), and until all is answered."""
        async with asyncio.TaskGroup() as group:
            for _ in range(CLIENTS):
                group.create_task(self._ask_again_and_again())

    def stop(self):
        self._ends = True

    async def _ask_again_and_again(self):
        while not self._ends:
            number = self._random.randrange(len(self._nodes))
            request = await ask(self._nodes[number], number, self._pictures.pick())
            self.requests.append(request)
            if request.status == 200:
                self._pictures.note_answered(request.target)
            else:
                await asyncio.sleep(BREATH)
