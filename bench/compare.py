"""The measuring half of bench/compare: expects the programs of the `bench` preset to be built.

Every figure is the median of some rounds, in which the contenders take turns; a ratio is made of two
legs of the same round, so that a noisy machine disturbs both alike.
"""

import argparse
import contextlib
import dataclasses
import datetime
import http.client
import itertools
import json
import math
import pathlib
import platform
import re
import signal
import statistics
import subprocess
import tempfile
import threading
from dataclasses import dataclass

import measure_misses as misses
import measure_scale as scale
import servers

RESULTS = servers.ROOT / "bench" / "results"
PROGRAM = servers.ROOT / "build" / "bench" / "bin" / "imageserver"
CONNECTIONS = (1, 32, 256)
PIPELINED = 16
SIZES = ("3 KB", "30 KB", "300 KB")  # about

# At the end of a run wrk calls done(); its errors.status counts answers above 399.
WRK = """
local pipelined = {pipelined}
local targets = {{ {targets} }}
local turn = 0
init = function(args)
  for i, target in ipairs(targets) do
    local parts = {{}}
    for n = 1, pipelined do parts[n] = wrk.format("GET", target) end
    targets[i] = table.concat(parts)
  end
end
request = function()
  turn = turn % #targets + 1
  return targets[turn]
end
{pause}
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    'REPORT {{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"p999":%d,"errors":%d}}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    latency:percentile(99.9), e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True)
class Leg:
    cpu_us: float  # of all processes that serve, a request
    rate: float
    p50: int  # microseconds, as the next two
    p99: int
    p999: int


@dataclass(frozen=True)
class Row:
    what: str
    contender: str
    legs: list
    reference: list | None = None  # legs of the same rounds

    def median(self, of):
        return statistics.median(of(leg) for leg in self.legs)

    def ratio(self):
        if self.reference is None:
            return None
        return statistics.median(a.cpu_us / b.cpu_us for a, b in zip(self.legs, self.reference))


@dataclass(frozen=True)
class Goal:
    what: str
    figure: float
    bound: float
    at_least: bool = False

    def line(self):
        reached = self.figure >= self.bound if self.at_least else self.figure <= self.bound
        return (f"| {self.what} | {self.figure:.2f} | {'≥' if self.at_least else '≤'} {self.bound:g} | "
                f"{'reached' if reached else 'MISSED'} |")


# ---- legs ----


def wrk_leg(options, contenders, targets, connections, pipelined=1, headers=None, pause_ms=0):
    """The first of the contenders is asked for each target in turn; all of them are counted. Each
    connection waits `pause_ms` before it asks."""
    if isinstance(targets, str):
        targets = [targets]
    script = options.scratch / "wrk.lua"
    pause = f"delay = function() return {pause_ms} end" if pause_ms else ""
    script.write_text(WRK.format(pipelined=pipelined, pause=pause,
                                 targets=", ".join(f'"{target}"' for target in targets)))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{options.duration}s", "--timeout=10s",
               "-s", str(script), *(f"-H{name}: {value}" for name, value in (headers or {}).items()),
               f"http://127.0.0.1:{contenders[0].port}/"]
    before = [servers.cpu_of(contender.pid) for contender in contenders]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    spent = [servers.cpu_of(contender.pid) - was for contender, was in zip(contenders, before)]
    found = re.search("^REPORT (.*)$", done.stdout, re.MULTILINE)
    if not found:
        raise servers.BenchError(f"wrk failed: {(done.stderr or done.stdout).strip()}")
    report = json.loads(found[1])
    if report["errors"] or not report["requests"]:
        raise servers.BenchError(f"{contenders[0].name} failed at {targets[0]}: {report}")
    cpu = sum(part.user + part.system for part in spent)
    return Leg(cpu * 1e6 / report["requests"], report["requests"] * 1e6 / report["microseconds"],
               report["p50"], report["p99"], report["p999"])


def in_turns(options, what, asks):
    """`asks`: by contender's name, what measures a leg. The second is the reference. The first legs
    are for warming up."""
    servers.say(f"{what}: warming up")
    for ask in asks.values():
        ask()
    rounds = []
    for turn in range(options.rounds):
        servers.say(f"{what}: round {turn + 1} of {options.rounds}")
        rounds.append({name: ask() for name, ask in asks.items()})
    names = list(asks)
    reference = [figures[names[1]] for figures in rounds] if len(names) > 1 else None
    return [Row(what, name, [figures[name] for figures in rounds],
                reference if i != 1 else None) for i, name in enumerate(names)]


# ---- rows ----


def hit_rows(options, server, nginx, rivals, bodies):
    rows = []
    for size, target, file in zip(SIZES, servers.HIT_TARGETS, bodies):
        for connections in CONNECTIONS:
            asks = {"imageserver": lambda t=target, c=connections: wrk_leg(options, [server], t, c)}
            for rival in (nginx, *rivals):
                asks[rival.name] = (lambda r=rival, f=file, c=connections:
                                    wrk_leg(options, [r], f"/{f}", c))
            rows += in_turns(options, f"hit {size}, {connections} connections", asks)
    return rows


def pipelined_rows(options, server, nginx, bodies):
    file = next(iter(bodies))
    return in_turns(options, f"hit 3 KB, pipelined {PIPELINED}, 32 connections", {
        "imageserver": lambda: wrk_leg(options, [server], servers.HIT_TARGETS[0], 32, PIPELINED),
        "nginx": lambda: wrk_leg(options, [nginx], f"/{file}", 32, PIPELINED)})


def not_modified_rows(options, server, nginx, bodies):
    """304s beside hits of the same picture, and beside nginx'."""
    target, file = servers.HIT_TARGETS[0], f"/{next(iter(bodies))}"
    ours = {"If-None-Match": servers.get_once(server, target).etag}
    theirs = {"If-None-Match": servers.get_once(nginx, file).etag}
    servers.get_once(server, target, ours["If-None-Match"], expect=304)
    servers.get_once(nginx, file, theirs["If-None-Match"], expect=304)
    return in_turns(options, "304, 32 connections", {
        "imageserver": lambda: wrk_leg(options, [server], target, 32, headers=ours),
        "imageserver, 200": lambda: wrk_leg(options, [server], target, 32),
        "nginx": lambda: wrk_leg(options, [nginx], file, 32, headers=theirs)})


def owned_by(owner, other):
    """Targets whose pictures the one owns and the other fetches: so many that hardly two requests at
    a time are for the same one, which would be fetched once for both."""
    def served():
        return json.loads(servers.get_once(owner, "/stats").body)["Group"]["ServerRequests"]
    targets = []
    for width in range(60, 460):
        target = f"/small.jpg?width={width % 200 + 10}&quality={60 + width // 20}"
        before = served()
        servers.get_once(other, target)
        if served() > before:
            targets.append(target)
    return targets


def peer_rows(options, program):
    """One node keeps nothing, and fetches what the other has in its cache, each time."""
    a, b = servers.free_port(), servers.free_port()

    def start(own, other, *flags):
        return servers.imageserver(
            program, f"--groupcache-peers=127.0.0.1:{other}",
            f"--groupcache-self=127.0.0.1:{own}", "--io-threads=1", *flags, port=own)
    with start(a, b, "--groupcache=1") as fetching, start(b, a) as owner:
        targets = owned_by(owner, fetching)
        return in_turns(options, "hit at a peer, 32 connections", {
            "imageserver, both nodes": lambda: wrk_leg(options, [fetching, owner], targets, 32),
            "imageserver, local": lambda: wrk_leg(options, [owner], targets, 32)})


@contextlib.contextmanager
def all_workers_busy(server, widths):
    """As many clients as there are cores, and one more, ask for what is in no cache. `widths`: an
    iterator that never gives the same twice."""
    stop, lock, failed = threading.Event(), threading.Lock(), []

    def ask():
        try:
            with servers.connected(server) as connection:
                while not stop.is_set():
                    with lock:
                        width = next(widths)
                    reply = servers.get(connection, f"/huge.jpg?width={width}&progressive=1")
                    if reply.status != 200:
                        failed.append(f"a render ended with {reply.status}")
                        return
        except (OSError, http.client.HTTPException) as error:
            failed.append(f"a render ended with {error}")
    threads = [threading.Thread(target=ask, daemon=True) for _ in range(servers.CORES + 1)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if failed:
        raise servers.BenchError(failed[0])


def busy_rows(options, program):
    with servers.imageserver(program, "--timeout=60s") as server:
        target, widths = servers.HIT_TARGETS[0], itertools.count(400)
        servers.get_once(server, target)

        def busy():
            with all_workers_busy(server, widths):
                leg = wrk_leg(options, [server], target, 8)
            return dataclasses.replace(leg, cpu_us=math.nan)  # which would be the renders'
        return in_turns(options, "hit 3 KB, 8 connections", {
            "imageserver, every worker rendering": busy,
            "imageserver, idle": lambda: wrk_leg(options, [server], target, 8)})


def threads_rows(options, program):
    with (servers.imageserver(program, "--io-threads=1") as one,
          servers.imageserver(program, "--io-threads=2") as two):
        for server in (one, two):
            servers.get_once(server, servers.HIT_TARGETS[0])
        return in_turns(options, "hit 3 KB, 32 connections", {
            "imageserver, 2 I/O threads": lambda: wrk_leg(options, [two], servers.HIT_TARGETS[0], 32),
            "imageserver, 1 I/O thread": lambda: wrk_leg(options, [one], servers.HIT_TARGETS[0], 32)})


# ---- the report ----


def find(rows, what, contender):
    return next(row for row in rows if row.what.startswith(what) and row.contender == contender)


def ratio_between(rows, what, one, other):
    a, b = find(rows, what, one), find(rows, what, other)
    return statistics.median(x.cpu_us / y.cpu_us for x, y in zip(a.legs, b.legs))


def goals_of(rows):
    busy = find(rows, "hit 3 KB, 8", "imageserver, every worker rendering")
    idle = find(rows, "hit 3 KB, 8", "imageserver, idle")
    return [
        Goal("hit of 3 KB at 32 connections, of nginx' CPU",
             ratio_between(rows, "hit 3 KB, 32", "imageserver", "nginx"), 0.7),
        Goal("the same, of Varnish'", ratio_between(rows, "hit 3 KB, 32", "imageserver", "varnish"), 0.4),
        Goal("304, of a hit", ratio_between(rows, "304", "imageserver", "imageserver, 200"), 0.8),
        Goal("p99 of hits with every worker rendering, of idle",
             statistics.median(a.p99 / b.p99 for a, b in zip(busy.legs, idle.legs)), 2),
        Goal("hit at a peer, of a local one, both processes",
             find(rows, "hit at a peer", "imageserver, both nodes").ratio(), 2.5),
        Goal("hit with 2 I/O threads, of one",
             find(rows, "hit 3 KB, 32", "imageserver, 2 I/O threads").ratio(), 1.15),
    ]


def table_of(rows):
    lines = ["| what | contender | CPU µs/request | least–most | ratio | requests/s | p50 / p99 / p99.9 µs |",
             "| --- | --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        costs = [leg.cpu_us for leg in row.legs]
        ratio = row.ratio()
        cost = (f"{statistics.median(costs):.2f} | {min(costs):.2f}–{max(costs):.2f} | "
                f"{'1' if ratio is None else f'{ratio:.2f}'}") if is_cost(row) else "– | – | –"
        lines.append(
            f"| {row.what} | {row.contender} | {cost} | "
            f"{row.median(lambda leg: leg.rate):,.0f} | {row.median(lambda leg: leg.p50):.0f} / "
            f"{row.median(lambda leg: leg.p99):.0f} / {row.median(lambda leg: leg.p999):.0f} |")
    return "\n".join(lines)


def is_cost(row):
    """Else its processor time is that of something else as well."""
    return not any(math.isnan(leg.cpu_us) for leg in row.legs)


@dataclass(frozen=True)
class Bar:
    name: str
    costs: list  # µs
    ours: bool


def plot_of(bars):
    """Medians of processor time, with the least and the most, as an SVG; to a logarithmic scale."""
    height, left, width = 18, 420, 400
    least = min(min(bar.costs) for bar in bars)
    most = max(max(bar.costs) for bar in bars)

    def place(cost):
        return 10 + math.log(cost / least) / math.log(most / least) * (width - 10)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 80}" '
             f'height="{height * len(bars) + 10}" font-family="sans-serif" font-size="11">',
             '<rect width="100%" height="100%" fill="white"/>']
    for i, bar in enumerate(bars):
        low, middle, high = min(bar.costs), statistics.median(bar.costs), max(bar.costs)
        y = 5 + i * height
        parts.append(f'<text x="{left - 6}" y="{y + 12}" text-anchor="end">{bar.name}</text>'
                     f'<rect x="{left}" y="{y + 2}" width="{place(middle):.1f}" height="12" '
                     f'fill="{"#2a6f97" if bar.ours else "#adb5bd"}"/>'
                     f'<path d="M{left + place(low):.1f} {y + 8}H{left + place(high):.1f}" '
                     f'stroke="black"/>'
                     f'<text x="{left + place(high) + 5:.1f}" y="{y + 12}">{middle:,.1f} µs</text>')
    return "\n".join(parts) + "\n</svg>\n"


def bars_of_hits(rows):
    return [Bar(f"{row.what}: {row.contender}", [leg.cpu_us for leg in row.legs],
                row.contender.startswith("imageserver")) for row in rows if is_cost(row)]


def bars_of_miss(job, rounds):
    return [Bar(f"{job.name}: {who}", [costs[who].ms * 1000 for costs in rounds], who == "imageserver")
            for who in rounds[0]]


def machine():
    names = re.findall("^model name\\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return f"{len(names)} cores of {names[0] if names else platform.machine()}, Linux {platform.release()}"


def measure_misses(options):
    """Lines of the table, the goals, and what to plot."""
    lines, goals, bars, direct = [misses.HEADER], [], [], []
    for job in misses.JOBS:
        servers.say(f"miss: {job.name}")
        rounds = misses.rounds_of(job, options.rounds)
        lines.append(misses.row_of(job, rounds))
        bars += bars_of_miss(job, rounds)
        ratio = misses.median_ratio(rounds, "libvips")
        if job.goal is not None:
            goals.append(Goal(f"miss: {job.name}, of libvips' CPU", ratio, job.goal))
        if job.direct:
            direct.append(ratio)
            goals.append(Goal(f"miss: {job.name}, of bare libjpeg-turbo's",
                              misses.median_ratio(rounds, "turbo"), 1.5))
    mean = math.exp(statistics.mean(math.log(ratio) for ratio in direct))
    mean_goal = Goal("misses, of libvips' CPU (geometric mean of five)", mean, 0.5)
    return lines, [mean_goal, *goals], bars


def scale_goals(options, program):
    return [
        Goal("misses a second on two cores, of one", scale.second_core(program, options.rounds), 1.9,
             at_least=True),
        Goal("resident above the empty start of a full cache of 3 KB pictures, of its limit", scale.full_cache(program),
             1.35),
        Goal("peak MiB above idle of 32 misses of 25 MP at once", scale.burst(program), 400),
        Goal("resident after 200,000 mixed requests, away from that after 20,000",
             abs(scale.soak(program) - 1), 0.05),
        Goal("KiB of an idle connection", scale.idle_connections(program), 8),
        Goal("ms from start to first answer",
             statistics.median(scale.start_ms(program) for _ in range(options.rounds)), 100),
    ]


def measure(options):
    with contextlib.ExitStack() as stack:
        options.scratch = pathlib.Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="imageserver-bench-")))
        server = stack.enter_context(servers.imageserver(PROGRAM, "--io-threads=1"))
        bodies = {f"{i}.jpg": servers.get_once(server, target).body
                  for i, target in enumerate(servers.HIT_TARGETS)}
        nginx, plain = (stack.enter_context(servers.nginx(name, bodies)) for name in servers.NGINX_SENDING)
        cache = stack.enter_context(servers.varnish(nginx))
        rows = hit_rows(options, server, nginx, [plain, cache], bodies)
        rows += pipelined_rows(options, server, nginx, bodies)
        rows += not_modified_rows(options, server, nginx, bodies)
        peaks = {name: servers.peak_mib_of(of.pid) for name, of in
                 (("imageserver, hits only", server), ("nginx", nginx), ("varnish", cache))}
    with contextlib.ExitStack() as stack:
        options.scratch = pathlib.Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="imageserver-bench-")))
        rows += peer_rows(options, PROGRAM) + busy_rows(options, PROGRAM)
        rows += threads_rows(options, PROGRAM)
    return rows, peaks


def report(options, rows, peaks, miss_lines, goals):
    text = [f"Measured on {datetime.date.today()} on {machine()}: wrk -t1, {options.duration} s a leg, "
            f"medians of {options.rounds} rounds. A ratio is to the second contender of its row.", "",
            table_of(rows), "",
            *miss_lines, "",
            "Peak resident memory: " +
            "; ".join(f"{name} {mib:.0f} MiB" for name, mib in peaks.items()), "",
            "| goal | figure | bound | |", "| --- | --- | --- | --- |",
            *(goal.line() for goal in goals)]
    return "\n".join(text) + "\n"


def measure_all(options):
    scale.need_descriptors()
    rows, peaks = measure(options)
    miss_lines, miss_goals, miss_bars = measure_misses(options)
    goals = [*goals_of(rows), *miss_goals, *scale_goals(options, PROGRAM)]
    return report(options, rows, peaks, miss_lines, goals), plot_of([*bars_of_hits(rows), *miss_bars])


def main():
    parser = argparse.ArgumentParser(
        prog="bench/compare", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="Hits beside nginx and Varnish, misses beside libvips, and every goal.")
    parser.add_argument("--duration", type=servers.positive, default=3, metavar="SECONDS", help="of a leg")
    parser.add_argument("--rounds", type=servers.positive, default=5)
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` has it ignored
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, servers.end_by_signal)
    try:
        table, plot = measure_all(options)
    except KeyboardInterrupt:
        servers.say("\nStopped.")
        return 130
    except (servers.BenchError, OSError, http.client.HTTPException) as error:
        servers.say(f"bench/compare: {error}")
        return 1
    print(table)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "compare.md").write_text(table)
    (RESULTS / "compare.svg").write_text(plot)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
