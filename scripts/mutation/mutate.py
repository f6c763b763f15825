"""The working half of scripts/mutate, which installs what is needed: mutants of the lines that the tests of a room
run, and what the tests say of each.

A mutant touches neither the sources nor the build: its text, its objects and its programs lie in a folder of their
own, and it is linked with the archives of the build.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import queue
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from covered import covered_lines
from mutants import turns
from plan import Plan
from processes import MutationError, require_confinement, stop_all
from results import Results, describe, report
from target import find_target
from tree import ROOT, Tree, affected
from trial import SURVIVED, TIMED_OUT, Worker

COVERED = ROOT / "build" / "mutate" / "covered"


def baseline(pool, workers, programs):
    """{program: {test: seconds}}, measured while all workers are busy, as they will be."""
    list(pool.map(Worker.prepare, workers))
    times = {}
    for program in programs:
        print(f"Running {program.name} without a mutant...", file=sys.stderr, flush=True)
        runs = list(pool.map(lambda worker: worker.baseline(program), workers))
        times[program.name] = {test: max(run.get(test, 0) for run in runs) for test in runs[0]}
    return times


def in_order(pool, workers, turns_to_take, plan, wanted):
    """Gives the trials of each turn, in the order of the turns, until the wanted number of them counts."""
    idle = queue.SimpleQueue()
    for worker in workers:
        idle.put(worker)

    def take(turn):
        worker = idle.get()
        try:
            return worker.try_turn(turn, plan.parts_of)
        finally:
            idle.put(worker)

    remaining = iter(turns_to_take)
    begun = collections.deque()
    while True:
        while len(begun) < min(wanted, 4 * len(workers)) and (turn := next(remaining, None)):
            begun.append(pool.submit(take, turn))
        if not begun:
            return
        for one in begun.popleft().result():
            yield one
            wanted -= one.counts()


@contextlib.contextmanager
def worker_threads(number):
    """Threads for as many workers. Whatever ends the run, nothing that they started is left."""
    pool = ThreadPoolExecutor(number)
    try:
        yield pool
    finally:
        stop_all()
        pool.shutdown(cancel_futures=True)


def programs_for(tree, target):
    programs = [tree.program(name) for name in target.test_programs()]
    found = [program for program in programs
             if any(affected(program.everything(), tree, ROOT / file) for file in target.files)]
    if not found:
        raise MutationError(f"no test program of {target.room} has to do with {target.name}")
    return found


def turns_of(target, options, programs, coverage):
    covered = covered_lines(coverage, [program.name for program in programs], COVERED)
    chosen = {file: {line for line in covered[file] if options.line in (None, line)}
              for file in target.files if file in covered}
    found = turns(chosen, options.seed)
    if not found:
        raise MutationError(f"no test of {target.room} runs a line of {options.line or target.name} to change")
    return found


def mutate(options, pool, scratch):
    target = find_target(options.target)
    results = Results(target, options.seed)
    if options.again:
        results.load()
    require_confinement()
    tree = Tree("mutate")
    tree.build(target.test_programs())
    programs = programs_for(tree, target)
    if options.again:
        chosen = [[mutant] for mutant in results.survivors()]
        wanted = len(chosen)
    else:
        coverage = Tree("coverage")
        coverage.build([program.name for program in programs])
        chosen, wanted = turns_of(target, options, programs, coverage), options.count
    workers = [Worker(tree, programs, scratch / str(number)) for number in range(options.jobs)]
    plan = Plan(tree, programs, baseline(pool, workers, programs))
    try_all(in_order(pool, workers, chosen, plan, wanted), results, options.verbose)


def try_all(tried, results, is_verbose):
    """Tells of the trials as they come, and keeps what is known even if not all of them come."""
    started = time.monotonic()
    counting = 0
    try:
        for one in tried:
            results.add(one)
            counting += one.counts()
            if one.counts() and counting % 10 == 0:
                print(f"{counting} mutants tried...", file=sys.stderr, flush=True)
            if is_verbose or one.verdict in (SURVIVED, TIMED_OUT):
                print(describe(one), flush=True)
    finally:
        results.save()
        report(results, time.monotonic() - started, counting)


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def main():
    parser = argparse.ArgumentParser(
        prog="scripts/mutate",
        description="Changes lines that the tests of a room run, one at a time: which changes does no test notice?")
    parser.add_argument("target", metavar="ROOM|FILE", help="a folder of src/, or a file: groupcache, image/plan, "
                        "src/base/job_queue.h")
    parser.add_argument("count", metavar="N", nargs="?", type=positive, default=100,
                        help="mutants that compile and are not equivalent (100)")
    parser.add_argument("--seed", type=int, default=1, help="another one chooses other mutants (1)")
    parser.add_argument("--line", type=positive, help="changes this line alone")
    parser.add_argument("--again", action="store_true", help="tries those that survived the last run with this seed")
    parser.add_argument("--jobs", type=positive, default=os.cpu_count(), help="mutants at a time (one a core)")
    parser.add_argument("--verbose", action="store_true", help="tells of every mutant, and which test killed it")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="mutate-") as scratch:
        try:
            with worker_threads(options.jobs) as pool:
                mutate(options, pool, pathlib.Path(scratch))
        except KeyboardInterrupt:
            raise SystemExit("scripts/mutate: stopped") from None
        except MutationError as error:
            raise SystemExit(f"scripts/mutate: {error}") from None


if __name__ == "__main__":
    main()
