"""Programs that serve, and how they are asked and weighed: what bench/compare is made of."""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
TESTDATA = ROOT / "testdata"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1
START_SECONDS = 10

# What is served, smallest first: targets whose answers weigh about 3, 30 and 300 KB.
HIT_TARGETS = ("/medium.jpg?width=112", "/large.jpg?width=560", "/large.jpg?width=1900")

NGINX_CONFIG = """
daemon off;
{user}
worker_processes 1;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  types {{ image/jpeg jpg; }}
  access_log {log};
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


@dataclass(frozen=True)
class Cpu:
    user: float = 0.0  # seconds
    system: float = 0.0

    def __add__(self, other):
        return Cpu(self.user + other.user, self.system + other.system)

    def __sub__(self, other):
        return Cpu(self.user - other.user, self.system - other.system)


def with_children(pid):
    """The process and those that it has started."""
    tasks = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    return [pid, *(int(child) for task in tasks for child in task.read_text().split())]


def cpu_of(pid):
    """User and system time, since it started, of the process and of its children."""
    return sum(map(_cpu_of_one, with_children(pid)), Cpu())


def _cpu_of_one(pid):
    """Its own, and that of its children that have ended; none of a process that has ended."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return Cpu()
    fields = text.rpartition(")")[2].split()  # the name before it may hold anything
    user, system, ended_user, ended_system = (int(field) / TICKS_PER_SECOND for field in fields[11:15])
    return Cpu(user + ended_user, system + ended_system)


def status_mib_of(pid, name):
    """The sum over the process and its children: pages that they share count for each."""
    return sum(_status_mib_of_one(one, name) for one in with_children(pid))


def _status_mib_of_one(pid, name):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise BenchError(f"/proc/{pid}/status names no {name}")


def peak_mib_of(pid):
    return status_mib_of(pid, "VmHWM")


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


def wait_for_port(process, port, patience=0.02):
    """`patience`: seconds between two looks."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise BenchError(f"{process.args[0]} ended at once, code {process.returncode}")
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(patience)
    raise BenchError(f"{process.args[0]} does not listen after {START_SECONDS} seconds")


@dataclass(frozen=True)
class Contender:
    name: str
    pid: int  # of the process that serves
    port: int


@contextlib.contextmanager
def imageserver(program, *flags, port=None, patience=0.02):
    port = port or free_port()
    command = [program, f"--http=127.0.0.1:{port}", f"--source={TESTDATA}", "--log-level=warning",
               "--drain=0s", *flags]
    with running(command) as process:
        wait_for_port(process, port, patience)
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
def nginx(name, files, log="off"):
    """One of NGINX_SENDING, serving each body under its file's name. `log`: where requests are written, a line each."""
    with tempfile.TemporaryDirectory(prefix="imageserver-bench-") as directory:
        port = free_port()
        root = pathlib.Path(directory, "files")
        root.mkdir()
        for file, body in files.items():
            (root / file).write_bytes(body)
        user = "user root;" if os.geteuid() == 0 else ""
        config = pathlib.Path(directory, "nginx.conf")
        config.write_text(NGINX_CONFIG.format(directory=directory, port=port, user=user, log=log,
                                              sending=NGINX_SENDING[name]))
        with running([nginx_program(), "-p", directory, "-e", "stderr", "-c", config]) as process:
            wait_for_port(process, port)
            yield Contender(name, only_child_of(process.pid), port)


@contextlib.contextmanager
def varnish(backend):
    with tempfile.TemporaryDirectory(prefix="imageserver-bench-") as directory:
        port = free_port()
        command = ["/usr/sbin/varnishd", "-F", "-j", "none", "-n", directory,
                   "-a", f"127.0.0.1:{port}", "-b", f"127.0.0.1:{backend.port}", "-t", "3600",
                   "-s", "malloc,256m", "-p", "thread_pools=1"]
        with running(command) as process:
            wait_for_port(process, port)
            yield Contender("varnish", only_child_of(process.pid), port)


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


def cpu_ms_of_misses(server, target, pictures):
    """Asks a server that keeps nothing so often; the processor time of one, of all its processes."""
    before = cpu_of(server.pid)
    with connected(server) as connection:
        for _ in range(pictures):
            reply = get(connection, target)
            if reply.status != 200:
                raise BenchError(f"{target} ended with {reply.status}")
    spent = cpu_of(server.pid) - before
    return (spent.user + spent.system) * 1000 / pictures


def stats_of(contender):
    return json.loads(get_once(contender, "/stats").body)


def say(text):
    print(text, file=sys.stderr, flush=True)


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def end_by_signal(number, _frame):
    raise SystemExit(128 + number)
