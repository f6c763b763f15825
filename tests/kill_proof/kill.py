"""Whether anybody notices that renderers are killed, whatever the way, on three nodes under load. Started by
scripts/proof kill, in namespaces of its own."""

import argparse
import asyncio
import contextlib
import os
import random
import signal
import sys
import tempfile
import time

import ended_by_line
import processes
import shared_memory
import table
import vital_signs
from deaths import deaths
from judge import Judge
from killer import Killer
from local_ring import ring_of
from pictures import KINDS, Pictures, make_source
from renderer_faults import FAULTS
from traffic import Traffic, ask

NODES = 3
FLAGS = ("--untrusted-formats=svg,pdf,jxl", "--groupcache=16MiB")
ONCE = 1           # renderers for one file that wait
PAUSE = 1.0        # seconds between two faults, for what is under way
LEFT_BEHIND = 1.0  # seconds that renderers have to end after their server
REPLACED = 4.0     # seconds in which those are replaced that end while they wait
COMPARED = 100     # pictures that were made under fire, and are made once more in peace
SHOWN = 20         # failures that are printed
PROBE = "/medium.jpg?width=123&format=webp"


def say(text):
    print(f"  {text}", flush=True)


class Proof:
    """`broken` is what does not hold, in words."""

    def __init__(self, options, nodes, logs):
        self.broken = []
        self._options = options
        self._nodes = nodes
        self._logs = logs
        self._killer = Killer(nodes, options.seed)
        self._pictures = Pictures(options.seed)
        self._traffic = Traffic(nodes, self._pictures, options.seed)
        self._before = []
        self._probe = b""
        self._spans = []  # of each fault: its name, begin and end

    async def run(self):
        await self._warm_up()
        await self._go_through_faults()
        self._judge()
        await self._expect_as_before()
        await self._kill_those_that_wait()
        await self._compare_in_peace()
        await self._expect_nothing_left_behind()

    async def _warm_up(self):
        """Every node renders every kind once, and is then looked at."""
        for node in self._nodes:
            replies = [await node.client.get(kind % 20) for kind in KINDS]
            self._expect(all(reply.status == 200 for reply in replies), f"{node.address} has not all pictures")
        self._probe = (await self._nodes[0].client.get(PROBE)).body
        self._close_connections()
        workers = len(os.sched_getaffinity(0))
        for node in self._nodes:
            signs = await vital_signs.at_rest(node.pid, workers + ONCE)
            self._expect(signs.renderers == workers + ONCE, f"{node.address} has {signs.renderers} renderers")
            self._before.append(signs)
            say(f"{node.address} before: {signs.line()}")

    async def _go_through_faults(self):
        faults = [fault for fault in FAULTS if self._options.only in fault.name]
        if not shared_memory.make_fillable():
            say("NOT TRIED: /dev/shm cannot be filled here")
            faults = [fault for fault in faults if not fault.fills_shm]
        seconds = 60 * self._options.minutes / (len(faults) + 1)
        watch = asyncio.create_task(self._killer.watch())
        traffic = asyncio.create_task(self._traffic.run())
        for fault in faults:
            await self._go_through(fault.name, [fault], seconds)
        await self._go_through("all of them at once", faults, seconds)
        self._traffic.stop()
        await traffic
        watch.cancel()
        self._killer.look()
        self._close_connections()

    async def _go_through(self, name, faults, seconds):
        begun = time.time()
        with shared_memory.full() if any(fault.fills_shm for fault in faults) else contextlib.nullcontext():
            await self._killer.strike_for(seconds - PAUSE, faults)
            await asyncio.sleep(PAUSE)
        self._spans.append((name, begun, time.time()))

    def _judge(self):
        all_deaths = [deaths(log) for log in self._logs]
        judge = Judge(self._killer.strikes, all_deaths)
        failures = [request for request in self._traffic.requests if judge.is_failure(request)]
        print(table.heading())
        for name, begun, ended in self._spans:
            print(table.row(name, [s for s in self._killer.strikes if begun <= s.begun < ended],
                            [r for r in self._traffic.requests if begun <= r.begun < ended],
                            [r for r in failures if begun <= r.begun < ended]), flush=True)
        for request in failures[:SHOWN]:
            say(f"failed: {request.status} after {request.took:.2f} s, {request.target}: {request.said}")
        self._expect(not failures, f"{len(failures)} requests failed whose renders were not killed twice")
        self._expect_our_deaths(sum(map(len, all_deaths)))

    def _expect_our_deaths(self, died):
        gone = sum(strike.gone is not None for strike in self._killer.strikes)
        say(f"{gone} of {len(self._killer.strikes)} renderers that were hit have gone, {died} of them at work")
        self._expect(died <= gone, f"{died} renderers died at work, and only {gone} were killed")

    async def _expect_as_before(self):
        for node, before in zip(self._nodes, self._before):
            signs = await vital_signs.settled(node.pid, before)
            say(f"{node.address} after: {signs.line()}")
            for change in signs.changes(before):
                self.broken.append(f"{node.address} is not as before: {change}")
        for node in self._nodes:
            reply = await node.client.get(PROBE)
            self._expect(reply.body == self._probe, f"{node.address} gives another picture than before")

    async def _kill_those_that_wait(self):
        """They are replaced although nobody asks for anything."""
        for node, number in zip(self._nodes, (signal.SIGKILL, signal.SIGSTOP, signal.SIGSEGV)):
            before = processes.renderers(node.pid)
            for renderer in before:
                os.kill(renderer, number)
            await asyncio.sleep(REPLACED)
            after = vital_signs.take(node.pid)
            self._expect(after.renderers == len(before) and after.others == 0 and
                         not set(before) & set(processes.children(node.pid)),
                         f"{node.address}: of {len(before)} renderers that waited, {number.name} leaves "
                         f"{after.renderers}, and {after.others} other children")
        say("all renderers that wait were killed, and nothing asked for")

    async def _compare_in_peace(self):
        """Nothing was spoilt: what was made of renderers that were short of something is what a new node makes."""
        made = {r.target: r.digest for r in self._traffic.requests if r.digest}
        chosen = random.Random(self._options.seed).sample(sorted(made), min(COMPARED, len(made)))
        with tempfile.TemporaryFile() as log:
            async with ring_of([self._options.program], [log], FLAGS, self._options.source) as (node,):
                for target in chosen:
                    again = await ask(node, 0, target)
                    self._expect(again.digest == made[target], f"{target} was not the picture that it is")
        say(f"{len(chosen)} pictures compared with those of a node that is left in peace")

    async def _expect_nothing_left_behind(self):
        self._expect(processes.all_renderers(), "no renderer was seen")
        for node in self._nodes:
            node.end()
        await asyncio.sleep(LEFT_BEHIND)
        left = processes.all_renderers()
        self._expect(not left, f"{len(left)} renderers outlive their servers")
        say(f"servers killed: {len(left)} renderers left after {LEFT_BEHIND:g} s")

    def _close_connections(self):
        for node in self._nodes:
            node.client.close()

    def _expect(self, holds, what):
        if not holds:
            self.broken.append(what)


async def prove(options):
    with contextlib.ExitStack() as stack:
        options.source = stack.enter_context(tempfile.TemporaryDirectory())
        make_source(options.source)
        logs = [stack.enter_context(open(f"{options.log}.{number}", "w+", encoding="utf-8"))
                for number in range(1, NODES + 1)]
        async with ring_of([options.program] * NODES, logs, FLAGS, options.source) as nodes:
            proof = Proof(options, nodes, logs)
            await proof.run()
    for words in proof.broken:
        print(f"DOES NOT HOLD: {words}")
    print("Does not hold." if proof.broken else "All holds.")
    return not proof.broken


def main():
    parser = argparse.ArgumentParser(prog="scripts/proof kill", description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--only", default="", help="faults whose names have this in them")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--log", required=True, help="what the nodes say goes to files that begin so")
    options = parser.parse_args()
    say(f"seed {options.seed}")
    sys.exit(0 if ended_by_line.run(parser.prog, prove(options)) else 1)


if __name__ == "__main__":
    main()
