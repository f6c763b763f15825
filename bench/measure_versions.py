"""The measuring half of bench/versions: expects the `bench` preset of both versions to be built.

Most figures are processor time, a request or a picture. The two versions take turns within a round, in
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


def served_rows(options, programs):
    """Misses through the whole server, which keeps nothing: all its processes are counted."""
    with servers.imageserver(programs["now"], "--groupcache=1") as now, \
         servers.imageserver(programs["then"], "--groupcache=1") as then:
        # One that ends its connection within a render would leave work behind that counts.
        def cost(server, job):
            pictures = max(5, round(options.duration * 1000 / job.cost_ms))
            return lambda: servers.cpu_ms_of_misses(server, f"/{job.file}?{job.query}", pictures)

        for job in misses.JOBS:
            figures = in_turns(options.rounds, cost(now, job), cost(then, job))
            yield Row(f"served miss: {job.name}", "ms", *figures)

        def rate(server):
            targets = [f"/medium.jpg?width={width}" for width in range(100, 140)]
            return lambda: compare.wrk_leg(options, [server], targets, 2 * servers.CORES).rate
        yield Row("misses of about 100 px by all cores", "a second",
                  *in_turns(options.rounds, rate(now), rate(then)))


def busy_rows(options, programs):
    """Hits at a fixed rate while every worker renders."""
    def p99(server, widths):
        def ask():
            with compare.all_workers_busy(server, widths):
                return compare.wrk_leg(options, [server], servers.HIT_TARGETS[0], 8, pause_ms=20).p99
        return ask
    with servers.imageserver(programs["now"], "--timeout=60s") as now, \
         servers.imageserver(programs["then"], "--timeout=60s") as then:
        for server in (now, then):
            servers.get_once(server, servers.HIT_TARGETS[0])
        yield Row("p99 of hits at 400 a second beside renders", "µs",
                  *in_turns(options.rounds, p99(now, itertools.count(400)),
                            p99(then, itertools.count(400))))


def report(options):
    folders = {"now": servers.ROOT / "build" / "bench", "then": options.folder}
    programs = {when: folder / "bin" / "imageserver" for when, folder in folders.items()}
    print("| what | now | then | ratio |\n| --- | --- | --- | --- |")
    rows = []
    kinds = {"hits": lambda: hit_rows(options, programs), "misses": lambda: miss_rows(options, folders),
             "served": lambda: served_rows(options, programs), "busy": lambda: busy_rows(options, programs)}
    for row in itertools.chain.from_iterable(kinds[kind]() for kind in options.kinds or kinds):
        rows.append(row)
        print(row.line(), flush=True)
    print(f"\nMedian of the ratios: {statistics.median(row.ratio() for row in rows):.3f}")


def main():
    parser = argparse.ArgumentParser(
        prog="bench/versions", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="What hits and misses cost, in this version and in another one.")
    parser.add_argument("folder", type=pathlib.Path, help="build/bench of the other version")
    parser.add_argument("--rounds", type=servers.positive, default=9)
    parser.add_argument("--duration", type=servers.positive, default=2, help="seconds of one leg of what is served")
    parser.add_argument("--kinds", nargs="+", choices=("hits", "misses", "served", "busy"),
                        help="which rows; all of them if none is named")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="imageserver-bench-") as scratch:
        options.scratch = pathlib.Path(scratch)
        try:
            report(options)
        except servers.BenchError as error:
            raise SystemExit(f"bench/versions: {error}") from None


if __name__ == "__main__":
    main()
