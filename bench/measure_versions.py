"""The measuring half of bench/versions: expects the `bench` preset of both versions to be built.

Every figure is processor time, a request or a picture. The two versions take turns within a round, in
an order that changes from round to round, and a ratio is made of two figures of the same round.
"""

import argparse
import itertools
import pathlib
import statistics
import tempfile
from dataclasses import dataclass

import compare
import measure_misses as misses
import servers

CONNECTIONS = 32


@dataclass(frozen=True)
class Row:
    what: str
    unit: str
    now: list
    then: list

    def ratio(self):
        return statistics.median(a / b for a, b in zip(self.now, self.then))

    def line(self):
        return (f"| {self.what} | {statistics.median(self.now):.2f} {self.unit} | "
                f"{statistics.median(self.then):.2f} {self.unit} | {self.ratio():.3f} |")


def in_turns(rounds, now, then):
    """What now() and then() measure, after one of each for warming up."""
    now(), then()
    figures = {now: [], then: []}
    for turn in range(rounds):
        for ask in (now, then) if turn % 2 == 0 else (then, now):
            figures[ask].append(ask())
    return figures[now], figures[then]


def hit_rows(options, programs):
    def hit(server, target):
        return lambda: compare.wrk_leg(options, [server], target, CONNECTIONS).cpu_us

    with servers.imageserver(programs["now"], "--io-threads=1") as now, \
         servers.imageserver(programs["then"], "--io-threads=1") as then:
        for target, size in zip(servers.HIT_TARGETS, compare.SIZES):
            figures = in_turns(options.rounds, hit(now, target), hit(then, target))
            yield Row(f"hit of {size}, {CONNECTIONS} connections", "µs", *figures)


def miss_rows(options, folders):
    def miss(folder, job):
        return lambda: misses.measure("imageserver", job, folder / "bin" / "miss_cost").ms

    for job in misses.JOBS:
        if job.direct:
            figures = in_turns(options.rounds, miss(folders["now"], job), miss(folders["then"], job))
            yield Row(job.name, "ms", *figures)


def report(options):
    folders = {"now": servers.ROOT / "build" / "bench", "then": options.folder}
    programs = {when: folder / "bin" / "imageserver" for when, folder in folders.items()}
    print("| what | now | then | ratio |\n| --- | --- | --- | --- |")
    rows = []
    for row in itertools.chain(hit_rows(options, programs), miss_rows(options, folders)):
        rows.append(row)
        print(row.line(), flush=True)
    print(f"\nMedian of the ratios: {statistics.median(row.ratio() for row in rows):.3f}")


def main():
    parser = argparse.ArgumentParser(
        prog="bench/versions", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="What hits and misses cost, in this version and in another one.")
    parser.add_argument("folder", type=pathlib.Path, help="build/bench of the other version")
    parser.add_argument("--rounds", type=servers.positive, default=9)
    parser.add_argument("--duration", type=servers.positive, default=2, help="seconds of one leg of hits")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="imageserver-bench-") as scratch:
        options.scratch = pathlib.Path(scratch)
        try:
            report(options)
        except servers.BenchError as error:
            raise SystemExit(f"bench/versions: {error}") from None


if __name__ == "__main__":
    main()
