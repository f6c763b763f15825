"""The working half of scripts/mutate, which installs what is needed: mutants of the lines that the tests of a room
run, and what the tests say of each.

A mutant touches neither the sources nor the build: its text, its objects and its programs lie in a folder of their
own, and it is linked with the archives of the build.
"""

import argparse
import collections
import contextlib
import dataclasses
import json
import os
import pathlib
import queue
import re
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import trial as trials
from covered import covered_lines
from mutants import Mutant, turns
from processes import MutationError, output_of, require_confinement, stop_all
from tree import ROOT, Tree, affected
from trial import Part, Trial, Worker

KEPT = ROOT / "build" / "mutate"

# The test programs of a room whose name is not ROOM_test alone.
TEST_PROGRAMS = {"render": ("render_test", "render_program_test")}

VERDICTS = (trials.KILLED, trials.TIMED_OUT, trials.SURVIVED, trials.EQUIVALENT, trials.DISCARDED)


@dataclass(frozen=True)
class Target:
    """What is to be mutated: files of one room, relative to the root."""
    name: str
    room: str  # the outermost folder of src/
    files: tuple

    def test_programs(self):
        return TEST_PROGRAMS.get(self.room, (f"{self.room}_test",))


def public_headers():
    """{header, relative to the root: its room}, by the table of the rooms."""
    rows = re.findall(r"^(\w+\.h) *= *(\S+)", (ROOT / "src/rooms.txt").read_text(), re.MULTILINE)
    return {f"include/imageserver/{header}": room for header, room in rows}


def find_target(name):
    """The file or the room of the name, with the rooms in it."""
    path = (ROOT / name).resolve()
    if path.is_file():
        return file_target(path)
    folder = ROOT / "src" / name
    if not folder.is_dir():
        rooms = ", ".join(sorted(path.name for path in (ROOT / "src").iterdir() if path.is_dir()))
        raise MutationError(f"{name} is neither a file nor a room: {rooms}, or a room in one of them")
    room = str(folder.relative_to(ROOT / "src"))
    files = [str(path.relative_to(ROOT)) for path in folder.rglob("*") if path.suffix in (".cc", ".h")]
    files += [header for header, owner in public_headers().items() if owner == room]
    return Target(room, room.partition("/")[0], tuple(sorted(files)))


def file_target(path):
    name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
    if name in public_headers():
        room = public_headers()[name]
    elif name == "src/render_main.cc":
        room = "render"
    elif name.startswith("src/") and name.count("/") > 1 and path.suffix in (".cc", ".h"):
        room = name.removeprefix("src/")
    else:
        raise MutationError(f"no unit test runs {name}: it is no source of a room")
    return Target(name, room.partition("/")[0], (name,))


def mirror_of(file, program):
    """The sources of the program's tests that are about the file: that of the same name, else all that include it."""
    within = pathlib.Path(file.partition("/")[2])
    tests = [unit.source for unit in program.units if unit.is_test()]
    named = ROOT / "tests" / within.with_name(f"{within.stem}_test.cc")
    if named in tests:
        return [named]
    line = f'#include "{within.with_suffix(".h")}"'
    return [test for test in tests if line in test.read_text()]


def suites_of(test):
    return set(re.findall(r"^(?:TYPED_)?TEST(?:_F|_P)?\(\s*(\w+)", test.read_text(), re.MULTILINE))


class Plan:
    """Which tests a mutant of a file has to pass, those about the file first."""

    def __init__(self, tree, programs, times):
        self._tree = tree
        self._programs = programs
        self._times = times  # {name of the program: {test: seconds}}
        self._known = {}

    def parts_of(self, file):
        if file not in self._known:
            self._known[file] = self._find_parts(file)
        return self._known[file]

    def _find_parts(self, file):
        ahead, rest = [], []
        for program in self._programs:
            if not affected(program.everything(), self._tree, ROOT / file):
                continue
            about_it = set().union(*map(suites_of, mirror_of(file, program)))
            first = {test.partition(".")[0] for test in self._times[program.name]}
            first = sorted(suite for suite in first if about_it.intersection(suite.split("/")))
            filters = ":".join(f"{suite}.*" for suite in first)
            if first:
                ahead.append(self._part(program, filters, lambda suite: suite in first))
                rest.append(self._part(program, f"-{filters}", lambda suite: suite not in first))
            else:
                rest.append(self._part(program, "*", lambda suite: True))
        return [*ahead, *rest]

    def _part(self, program, filters, is_in):
        times = self._times[program.name]
        seconds = sum(taken for test, taken in times.items() if is_in(test.partition(".")[0]))
        return Part(program, filters, 3 * seconds + 10)


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


class Results:
    """What is known of a target with a seed, kept in a file."""

    def __init__(self, target, seed):
        self.path = KEPT / "results" / f"{target.name.replace('/', '-')}-{seed}.json"
        self.trials = []

    def load(self):
        if not self.path.exists():
            raise MutationError(f"nothing to try again: there is no {self.path.relative_to(ROOT)}")
        self.trials = [Trial(**(known | {"mutant": Mutant(**known["mutant"])}))
                       for known in json.loads(self.path.read_text())["mutants"]]

    def survivors(self):
        """The mutants that survived, where their lines are now. Of a line that is gone, nothing is known any more."""
        known, self.trials = self.trials, []
        for one in known:
            if one.verdict == trials.SURVIVED:
                mutant = moved(one.mutant)
                if mutant is None:
                    print(f"{one.mutant.file}:{one.mutant.line} is gone: {one.mutant.old.strip()}")
                    continue
                one = dataclasses.replace(one, mutant=mutant)
            self.trials.append(one)
        return [one.mutant for one in self.trials if one.verdict == trials.SURVIVED]

    def add(self, trial):
        self.trials = [one for one in self.trials if one.mutant != trial.mutant] + [trial]

    def save(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        summary = {verdict: self.count(verdict) for verdict in VERDICTS}
        commit = output_of(["git", "describe", "--always", "--dirty"], ROOT).strip()
        content = {"commit": commit, "score": self.score(), "summary": summary,
                   "mutants": [dataclasses.asdict(one) for one in self.trials]}
        self.path.write_text(json.dumps(content, indent=1))

    def count(self, *verdicts):
        return sum(one.verdict in verdicts for one in self.trials)

    def score(self):
        """Killed ones of those that count; None if none does."""
        killed = self.count(trials.KILLED, trials.TIMED_OUT)
        counting = killed + self.count(trials.SURVIVED)
        return killed / counting if counting else None


def moved(mutant):
    """The mutant, where the nearest line like its own is; None if there is none."""
    path = ROOT / mutant.file
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    alike = [number for number, line in enumerate(lines, 1) if line == mutant.old]
    nearest = min(alike, key=lambda number: abs(number - mutant.line), default=None)
    return dataclasses.replace(mutant, line=nearest) if nearest else None


def describe(one):
    place = f"{one.mutant.file}:{one.mutant.line}"
    if one.verdict == trials.SURVIVED:
        new = one.mutant.new.rstrip().replace("\n", "\n    ")
        return f"{place} survived:\n  - {one.mutant.old.strip()}\n  + {new.strip()}"
    if one.verdict == trials.TIMED_OUT:
        return f"{place} killed by time-out after {one.seconds:.0f} s, in {one.test}: {one.mutant.new.strip()}"
    by = f" by {one.test} in {one.seconds:.1f} s" if one.test else ""
    return f"{place} {one.verdict}{by}: {one.mutant.new.strip()}"


def report(results, seconds, tried):
    print("\n| " + " | ".join((*VERDICTS, "score")) + " |")
    print("| --- " * (len(VERDICTS) + 1) + "|")
    score = results.score()
    figures = [str(results.count(verdict)) for verdict in VERDICTS]
    print("| " + " | ".join((*figures, "-" if score is None else f"{100 * score:.0f} %")) + " |")
    if tried:
        print(f"{seconds / 60:.1f} minutes, {seconds / tried:.1f} s a mutant that counts. All of it: "
              f"{results.path.relative_to(ROOT)}")


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
    covered = covered_lines(coverage, [program.name for program in programs], KEPT / "covered")
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
            if is_verbose or one.verdict in (trials.SURVIVED, trials.TIMED_OUT):
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
        description="Changes lines that the tests of a room run, one at a time, and says which changes no test notices.")
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
