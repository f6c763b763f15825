"""Whether a node lives through everything that is made to do harm, and is what it was. Started by scripts/proof
corpus-node, in namespaces of its own."""

import argparse
import asyncio
import contextlib
import itertools
import os
import random
import sys
import tempfile
import urllib.parse

import answers
import ended_by_line
import processes
import vital_signs
from deaths import deaths
from hostile_source import HostileSource, kind_of
from local_ring import ring_of
from traffic import ask

CLIENTS = 8
FLAGS = ("--untrusted-formats=svg,pdf,jxl", "--groupcache=16MiB")
ONCE = 1           # renderers for one file that wait
WAYS_OF_WHOLE = 4  # each whole file is asked for so many times, each damaged one once
WAYS = (
    "width=100", "width=100&format=webp", "width=80&height=60&mode=fit&format=png", "width=90&format=avif",
    "width=90&format=gif", "width=100&rotation=33", "width=100&trim=10", "page=1&width=100",
    "width=90&height=70&mode=fill&gravity=smart", "crop=3,5%7C60,40", "quality=50", "width=70&format=tiff",
    "width=60&format=jpeg&quality=auto", "width=50&format=bmp&blur=2", "height=80&format=webp&lossless=1",
    "width=120&height=90&mode=pad&background=246&radius=9&format=png",
    "width=64&format=png&colors=8&strip=0", "width=100&format=auto",
)
MOST_RESIDENT = 512 << 20   # bytes of the server, at any time
MOST_OF_RENDERER = 1 << 30  # bytes of each renderer, at any time
LOOK = 0.1
SLOWEST = 5
SHOWN = 20
PROBE = "/medium.jpg?width=123&format=webp"


def say(text):
    print(f"  {text}", flush=True)


def targets(source):
    """Each file in some ways, the ways in turns."""
    ways = itertools.cycle(WAYS)
    names = [name for name in source.whole for _ in range(WAYS_OF_WHOLE)] + source.damaged
    return [f"/{urllib.parse.quote(name)}?{next(ways)}" for name in names]


def kind_of_request(request):
    return kind_of(urllib.parse.unquote(request.target.partition("?")[0]))


class Memory:
    """The most that there was of it."""

    def __init__(self):
        self.server = 0
        self.renderer = 0  # of the largest
        self.renderers = 0  # of all

    async def watch(self, server):
        """Until it is cancelled."""
        while True:
            sizes = [processes.resident(pid) for pid in processes.renderers(server)]
            self.server = max(self.server, processes.resident(server))
            self.renderer = max(self.renderer, *sizes, 0)
            self.renderers = max(self.renderers, sum(sizes))
            await asyncio.sleep(LOOK)


async def ask_all(node, all_targets):
    requests = []
    left = iter(all_targets)

    async def client():
        for target in left:
            requests.append(await ask(node, 0, target))

    async with asyncio.TaskGroup() as group:
        for _ in range(CLIENTS):
            group.create_task(client())
    node.client.close()
    return requests


def print_answers(requests, log):
    print(answers.table(requests, kind_of_request), flush=True)
    died = deaths(log)
    say(f"{len(died)} renderers died of a file: {sorted({death.name for death in died})}")
    for request in sorted(requests, key=lambda request: -request.took)[:SLOWEST]:
        say(f"slow: {request.took:.2f} s, {request.status}, {request.target}")
    for request in filter(answers.is_deadly, requests):
        say(f"deadly: {request.target}")
    for request in [request for request in requests if request.status in (503, 504)][:SHOWN]:
        say(f"{request.status}: {request.target}: {request.said}")


def broken_by(requests):
    wrong = [request for request in requests if not answers.may_be(request)]
    for request in wrong[:SHOWN]:
        say(f"failed: {request.status} after {request.took:.2f} s, {request.target}: {request.said}")
    return [f"{len(wrong)} answers that no file may have"] if wrong else []


def broken_bounds(memory):
    say(f"at most: server {memory.server >> 20} MiB, a renderer {memory.renderer >> 20} MiB, "
        f"all renderers {memory.renderers >> 20} MiB")
    checks = ((memory.server <= MOST_RESIDENT, "the server took too much memory"),
              (memory.renderer <= MOST_OF_RENDERER, "a renderer took too much memory"))
    return [words for holds, words in checks if not holds]


async def prove_on(node, all_targets, log):
    """What does not hold, in words."""
    probe = await node.client.get(PROBE)
    node.client.close()
    before = await vital_signs.at_rest(node.pid, len(os.sched_getaffinity(0)) + ONCE)
    say(f"before: process {node.pid}, {before.line()}")
    memory = Memory()
    watch = asyncio.create_task(memory.watch(node.pid))
    requests = await ask_all(node, all_targets)
    watch.cancel()
    print_answers(requests, log)
    broken = broken_by(requests) + broken_bounds(memory)
    if not node.is_running():
        return [*broken, "the server has ended"]
    after = await vital_signs.settled(node.pid, before)
    say(f"after: process {node.pid}, {after.line()}")
    broken += after.changes(before)
    if (await node.client.get(f"{PROBE}&strip=1")).status != 200 or await node.client.get(PROBE) != probe:
        broken.append("the node does not give the picture of before")
    return broken


async def prove(options):
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        log = stack.enter_context(open(options.log, "w+", encoding="utf-8"))
        source = HostileSource(folder, options.rounds, options.seed)
        all_targets = [target for target in targets(source) if options.only in target]
        say(f"{len(source.whole)} files, {len(source.damaged)} damaged ones, {len(all_targets)} requests")
        async with ring_of([options.program], [log], FLAGS, folder) as (node,):
            broken = await prove_on(node, all_targets, log)
    for words in broken:
        print(f"DOES NOT HOLD: {words}")
    print("Does not hold." if broken else "All holds.")
    return not broken


def main():
    parser = argparse.ArgumentParser(prog="scripts/proof corpus-node", description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="", help="targets that have this in them")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--log", required=True, help="what the node says")
    options = parser.parse_args()
    say(f"seed {options.seed}")
    sys.exit(0 if ended_by_line.run(parser.prog, prove(options)) else 1)


if __name__ == "__main__":
    main()
