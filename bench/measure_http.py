"""The measuring half of bench/http: expects the programs of the `bench` preset to be built.

What is compared is the CPU time that a process spends on a request, from /proc: requests per second
say as much about the load generator and the neighbours. Contenders take turns within a round, and a
ratio is made of two legs of the same round, so that a noisy machine disturbs both alike.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent
TESTDATA = ROOT / "testdata"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1
START_SECONDS = 10

# What is served, smallest first: targets whose answers weigh about 3, 30 and 300 KB.
HIT_TARGETS = ("/medium.jpg?width=112", "/large.jpg?width=560", "/large.jpg?width=1900")

# Every miss has a width of its own, and none is that of a hit.
MISS_PICTURE = "medium.jpg"
FIRST_MISS_WIDTH = 101

# At the end of a run wrk calls done(); its errors.status counts answers above 399.
WRK_REPORT = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    'REPORT {"requests":%d,"bytes":%d,"microseconds":%d,"p99_us":%d,' ..
    '"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}\\n',
    summary.requests, summary.bytes, summary.duration, latency:percentile(99),
    e.connect, e.read, e.write, e.status, e.timeout))
end
"""

NGINX_CONFIG = """
daemon off;
{user}
worker_processes 1;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  types {{ image/jpeg jpg; }}
  access_log off;
{sending}
  open_file_cache max=100 inactive=1h;
  open_file_cache_valid 1h;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {directory}/files;
  }}
}}
"""


# How nginx sends a file: the first is what most sites run and what the ratios are to; the second
# copies it through a buffer, which costs less here.
NGINX_SENDING = {
    "nginx": "  sendfile on;\n  tcp_nopush on;",
    "nginx, no sendfile": "  sendfile off;\n  output_buffers 1 512k;",
}


class BenchError(Exception):
    """Ends the run with one line."""


# ---- processes ----


@dataclass(frozen=True)
class Cpu:
    user: float = 0.0  # seconds
    system: float = 0.0

    def __sub__(self, other):
        return Cpu(self.user - other.user, self.system - other.system)


def cpu_of(pid):
    """User and system time of all threads of the process since it started."""
    text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    fields = text.rpartition(")")[2].split()  # the name before it may hold anything
    user, system = (int(fields[i]) / TICKS_PER_SECOND for i in (11, 12))
    return Cpu(user, system)


def peak_mib_of(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise BenchError(f"/proc/{pid}/status names no VmHWM")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command):
    """The started process; stopped at the end. A session of its own keeps Ctrl-C from it."""
    process = subprocess.Popen([str(word) for word in command], start_new_session=True,
                               stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for_port(process, port):
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise BenchError(f"{process.args[0]} ended at once, code {process.returncode}")
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.02)
    raise BenchError(f"{process.args[0]} does not listen after {START_SECONDS} seconds")


@dataclass(frozen=True)
class Contender:
    name: str
    pid: int  # of the process that serves
    port: int


@contextlib.contextmanager
def imageserver(program):
    port = free_port()
    command = [program, f"--http=127.0.0.1:{port}", f"--source={TESTDATA}", "--io-threads=1",
               "--log-level=warning"]
    with running(command) as process:
        wait_for_port(process, port)
        yield Contender("imageserver", process.pid, port)


def nginx_program():
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    program = shutil.which("nginx", path=path)
    if not program:
        raise BenchError("no nginx here: scripts/install bench")
    return program


def only_child_of(pid):
    """nginx listens before it starts its worker."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if len(children) == 1:
            return int(children[0])
        time.sleep(0.02)
    raise BenchError(f"nginx has {len(children)} workers, not one")


@contextlib.contextmanager
def nginx(name, files):
    """One of NGINX_SENDING, serving each body under its file's name."""
    with tempfile.TemporaryDirectory(prefix="imageserver-bench-") as directory:
        port = free_port()
        root = pathlib.Path(directory, "files")
        root.mkdir()
        for file, body in files.items():
            (root / file).write_bytes(body)
        user = "user root;" if os.geteuid() == 0 else ""
        config = pathlib.Path(directory, "nginx.conf")
        config.write_text(NGINX_CONFIG.format(directory=directory, port=port, user=user,
                                              sending=NGINX_SENDING[name]))
        with running([nginx_program(), "-p", directory, "-e", "stderr", "-c", config]) as process:
            wait_for_port(process, port)
            yield Contender(name, only_child_of(process.pid), port)


# ---- requests ----


@dataclass(frozen=True)
class Reply:
    status: int
    etag: str
    body: bytes


def get(connection, target, etag=None):
    connection.request("GET", target, headers={"If-None-Match": etag} if etag else {})
    response = connection.getresponse()
    return Reply(response.status, response.getheader("ETag", ""), response.read())


@contextlib.contextmanager
def connected(contender):
    connection = http.client.HTTPConnection("127.0.0.1", contender.port, timeout=60)
    try:
        yield connection
    finally:
        connection.close()


def get_once(contender, target, etag=None, expect=200):
    with connected(contender) as connection:
        reply = get(connection, target, etag)
    if reply.status != expect:
        raise BenchError(f"{contender.name} answers {target} with {reply.status}, not {expect}")
    return reply


def local_loads(server):
    return json.loads(get_once(server, "/stats").body)["Group"]["LocalLoads"]


# ---- legs: one contender, one kind of request, a few seconds ----


@dataclass(frozen=True)
class Leg:
    requests: int
    seconds: float
    cpu: Cpu
    errors: dict = field(default_factory=dict)  # kind -> how many; only those that happened
    p99_us: int = 0

    @property
    def rate(self):
        return self.requests / self.seconds

    @property
    def cpu_us(self):
        """CPU microseconds a request."""
        return (self.cpu.user + self.cpu.system) * 1e6 / self.requests


def run_wrk(options, url, headers):
    command = ["wrk", "-t1", f"-c{options.connections}", f"-d{options.duration}s", "--timeout=10s",
               "-s", options.wrk_report, *(f"-H{name}: {value}" for name, value in headers.items()),
               url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith("REPORT "):
            return json.loads(line.removeprefix("REPORT "))
    raise BenchError(f"wrk failed: {(done.stderr or done.stdout).strip()}")


def check_weight(contender, target, report, body_size):
    """Too few bytes an answer: they were not what was asked for. Too many: no 304s."""
    mean = report["bytes"] / report["requests"]
    if not body_size <= mean <= body_size + 1024:
        raise BenchError(f"{contender.name} answers {target} with {mean:.0f} bytes a request, "
                         f"where the body has {body_size}")


def wrk_leg(options, contender, target, headers, body_size):
    before = cpu_of(contender.pid)
    report = run_wrk(options, f"http://127.0.0.1:{contender.port}{target}", headers)
    spent = cpu_of(contender.pid) - before
    if report["requests"] == 0:
        raise BenchError(f"{contender.name} answered nothing for {target}")
    kinds = ("connect", "read", "write", "status", "timeout")
    errors = {kind: report[kind] for kind in kinds if report[kind]}
    if not errors:
        check_weight(contender, target, report, body_size)
    return Leg(report["requests"], report["microseconds"] / 1e6, spent, errors, report["p99_us"])


def shares(items):
    """The items dealt out to as many hands as there are cores; no hand is empty."""
    return [items[i::CORES] for i in range(min(CORES, len(items)))]


def ask_for_widths(server, widths, bad):
    with connected(server) as connection:
        for width in widths:
            try:
                status = get(connection, f"/{MISS_PICTURE}?width={width}").status
            except (OSError, http.client.HTTPException) as error:
                status = type(error).__name__
                connection.close()
            if status != 200:
                bad.append(status)


def miss_leg(server, widths):
    """As many misses at a time as there are cores."""
    bad = []
    threads = [threading.Thread(target=ask_for_widths, args=(server, share, bad), daemon=True)
               for share in shares(widths)]
    loads, before, start = local_loads(server), cpu_of(server.pid), time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, spent = time.monotonic() - start, cpu_of(server.pid) - before
    if not bad and local_loads(server) - loads != len(widths):
        raise BenchError(f"{len(widths)} misses made {local_loads(server) - loads} renders")
    return Leg(len(widths), seconds, spent, {str(kind): bad.count(kind) for kind in set(bad)})


def reference_leg(program, widths):
    """The same pictures from libvips alone, in as many processes as there are cores."""
    start = time.monotonic()
    with contextlib.ExitStack() as stack:
        runs = []
        for share in shares(widths):
            command = [program, TESTDATA / MISS_PICTURE, *share]
            process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                                       text=True)
            stack.callback(process.kill)
            runs.append((process, len(share)))
        milliseconds = 0.0
        for process, pictures in runs:
            text, _ = process.communicate()
            if process.returncode != 0:
                raise BenchError(f"{program.name} ended with code {process.returncode}")
            milliseconds += float(text) * pictures
    seconds = time.monotonic() - start
    return Leg(len(widths), seconds, Cpu(user=milliseconds / 1e3))


# ---- rows: a contender's legs over all rounds ----


@dataclass(frozen=True)
class Row:
    what: str
    contender: str
    unit: str  # of the CPU time a request: "us" or "ms"
    legs: list
    ratio: float | None  # to the reference of the same round, the median of the rounds; None: is it

    def cpu(self):
        scale = 1 if self.unit == "us" else 1e-3
        return [leg.cpu_us * scale for leg in self.legs]

    def user_share(self):
        spent = [leg.cpu for leg in self.legs]
        whole = sum(cpu.user + cpu.system for cpu in spent)
        return sum(cpu.user for cpu in spent) / whole if whole else 0.0

    def errors(self):
        total = {}
        for leg in self.legs:
            for kind, count in leg.errors.items():
                total[kind] = total.get(kind, 0) + count
        return total


def ratio_to(reference, legs):
    return statistics.median(a.cpu_us / b.cpu_us for a, b in zip(legs, reference) if b.cpu_us > 0)


def rows_of(what, unit, names, rounds):
    """`rounds`: of each, a leg of every name. The second name is the reference."""
    by_name = list(zip(*rounds))
    return [Row(what, name, unit, list(legs), None if i == 1 else ratio_to(by_name[1], legs))
            for i, (name, legs) in enumerate(zip(names, by_name))]


def say(text):
    print(text, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Task:
    """What one contender is asked in a leg."""
    contender: Contender
    target: str
    headers: dict = field(default_factory=dict)


def measure_wrk(options, what, tasks, body_size):
    rounds = []
    for turn in range(options.rounds):
        say(f"{what}: round {turn + 1} of {options.rounds}")
        rounds.append([wrk_leg(options, task.contender, task.target, task.headers, body_size)
                       for task in tasks])
    return rows_of(what, "us", [task.contender.name for task in tasks], rounds)


def hit_tasks(server, rivals, target, file):
    return [Task(server, target)] + [Task(rival, f"/{file}") for rival in rivals]


def measure_hits(options, server, rivals, bodies):
    rows = []
    for target, (file, body) in zip(HIT_TARGETS, bodies.items()):
        tasks = hit_tasks(server, rivals, target, file)
        if any(get_once(task.contender, task.target).body != body for task in tasks):
            raise BenchError("not everyone serves the same bytes")
        rows += measure_wrk(options, f"hit {len(body) / 1000:.0f} KB", tasks, len(body))
    return rows


def conditional(task):
    """The task with the ETag that its answer has."""
    etag = get_once(task.contender, task.target).etag
    get_once(task.contender, task.target, etag, expect=304)
    return Task(task.contender, task.target, {"If-None-Match": etag})


def measure_not_modified(options, server, rivals, bodies):
    tasks = hit_tasks(server, rivals[:1], HIT_TARGETS[0], next(iter(bodies)))
    return measure_wrk(options, "304", [conditional(task) for task in tasks], 0)


def measure_misses(options, server):
    program = options.build / "bin" / "vips_reference"
    rounds = []
    for turn in range(options.rounds):
        say(f"miss: round {turn + 1} of {options.rounds}")
        first = FIRST_MISS_WIDTH + turn
        widths = range(first, first + options.misses * options.rounds, options.rounds)
        rounds.append((miss_leg(server, widths), reference_leg(program, widths)))
    return rows_of("miss", "ms", (server.name, "libvips"), rounds)


# ---- what is said of it ----


def table_cells(row):
    cpu = row.cpu()
    digits = 1 if row.unit == "us" else 2
    unit = "µs" if row.unit == "us" else "ms"
    return [row.what, row.contender,
            f"{statistics.median(leg.rate for leg in row.legs):,.0f}",
            f"{statistics.median(cpu):.{digits}f} {unit}",
            f"{min(cpu):.{digits}f}-{max(cpu):.{digits}f}",
            f"{row.user_share():.0%}" if row.contender != "libvips" else "",
            "1" if row.ratio is None else f"{row.ratio:.2f}",
            ", ".join(f"{count} {kind}" for kind, count in row.errors().items()) or "none"]


def print_table(rows):
    heads = ["what", "contender", "requests/s", "CPU/request", "spread", "user", "ratio", "errors"]
    lines = [heads] + [table_cells(row) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    for line in lines:
        cells = [cell.ljust(width) if i < 2 else cell.rjust(width)
                 for i, (cell, width) in enumerate(zip(line, widths))]
        print("  ".join(cells).rstrip())


def print_report(options, rows, peaks):
    print(f"\nHits and 304s: wrk -t1 -c{options.connections}, {options.duration} s a leg; "
          f"misses: {options.misses} widths of {MISS_PICTURE}, {CORES} at a time.")
    print(f"Medians of {options.rounds} rounds; ratio: CPU/request to nginx (libvips) in the same "
          "round.\n")
    print_table(rows)
    print("\nPeak memory: " + "; ".join(f"{name} {mib:.0f} MiB" for name, mib in peaks.items()))


def write_json(path, options, rows, peaks):
    path.parent.mkdir(parents=True, exist_ok=True)
    settings = {name: getattr(options, name)
                for name in ("duration", "rounds", "connections", "misses")}
    path.write_text(json.dumps({
        "settings": settings | {"cores": CORES},
        "peak_mib": peaks,
        "rows": [{"what": row.what, "contender": row.contender, "unit": row.unit,
                  "cpu_per_request": statistics.median(row.cpu()), "ratio": row.ratio,
                  "legs": [asdict(leg) for leg in row.legs]} for row in rows],
    }, indent=2) + "\n")


# ---- the run ----


def measure(options):
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="imageserver-bench-"))
        options.wrk_report = pathlib.Path(directory, "report.lua")
        options.wrk_report.write_text(WRK_REPORT)
        server = stack.enter_context(imageserver(options.build / "bin" / "imageserver"))
        bodies = {f"{i}.jpg": get_once(server, target).body for i, target in enumerate(HIT_TARGETS)}
        rivals = [stack.enter_context(nginx(name, bodies)) for name in NGINX_SENDING]
        rows = measure_hits(options, server, rivals, bodies)
        rows += measure_not_modified(options, server, rivals, bodies)
        peaks = {"imageserver with hits only": peak_mib_of(server.pid)}
        rows += measure_misses(options, server)
        peaks |= {"imageserver in all": peak_mib_of(server.pid)}
        peaks |= {f"{rival.name} (worker)": peak_mib_of(rival.pid) for rival in rivals}
    return rows, peaks


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def parse_options():
    parser = argparse.ArgumentParser(
        prog="bench/http", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="Measures hits and 304s beside nginx, and misses beside libvips.")
    parser.add_argument("--duration", type=positive, default=5, metavar="SECONDS", help="of a leg")
    parser.add_argument("--rounds", type=positive, default=3, help="of each measurement")
    parser.add_argument("--connections", type=positive, default=32, help="that wrk keeps open")
    parser.add_argument("--misses", type=positive, default=100, help="in a round")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="for every leg")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "bench",
                        metavar="DIRECTORY", help="whose bin/ holds the programs")
    options = parser.parse_args()
    if FIRST_MISS_WIDTH + options.misses * options.rounds > 8192:
        parser.error("argument --misses: there are not that many widths")
    return options


def end_by_signal(number, _frame):
    raise SystemExit(128 + number)


def main():
    options = parse_options()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` has it ignored
    signal.signal(signal.SIGTERM, end_by_signal)
    try:
        rows, peaks = measure(options)
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130
    except BenchError as error:
        say(f"bench/http: {error}")
        return 1
    print_report(options, rows, peaks)
    if options.json:
        write_json(options.json, options, rows, peaks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
