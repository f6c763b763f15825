"""One node of a ring: its process, and what it counts."""

import asyncio
import ctypes
import hashlib
import hmac
import json
import os
import pathlib
import signal
import subprocess

import http_client

START_SECONDS = 30
STOP_SECONDS = 30
PORT = 8080


_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def _processor_seconds(pid):
    """Of all threads of a process, and of its children that have ended; 0 if it has ended."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return 0
    fields = text.rpartition(")")[2].split()  # the name before it may hold anything
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


class NodeError(Exception):
    """Ends the proof with one line."""


def _end_with_parent():
    """However that ends: a node left behind would keep its port."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _reader_fields(flags):
    """What /stats and /peers ask for where there is a secret; a node without one takes no notice."""
    for flag in flags:
        name, _, path = flag.partition("=")
        if name == "--groupcache-secret-file":
            secret = pathlib.Path(path).read_bytes().strip()
            return f"Authorization: Bearer {hmac.new(secret, b'read', hashlib.sha256).hexdigest()}\r\n"
    return ""


class Node:
    """`address` is its name on the ring. `listen` is where it listens, where that is another address.
    `prefix` is what its command begins with."""

    def __init__(self, program, address, peers, *, source, log, prefix=(), listen=None, flags=()):
        self.program = program
        self.address = address
        self.client = http_client.Client(listen or address)
        self._log = log
        self._reader_fields = _reader_fields(flags)
        self._prefix = prefix
        self._flags = [f"--http={listen or address}", f"--groupcache-peers={','.join(peers)}",
                       f"--source={source}", *flags]
        if listen:
            self._flags.append(f"--groupcache-self={address}")
        self._process = None
        self._renders_before = 0  # those of its processes that are no more

    def start(self):
        command = [*self._prefix, self.program, *self._flags]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log,
                                         stderr=self._log, preexec_fn=_end_with_parent)

    async def ready(self):
        """Waits until it serves."""
        end = asyncio.get_running_loop().time() + START_SECONDS
        while asyncio.get_running_loop().time() < end:
            if self._process.poll() is not None:
                raise NodeError(f"{self.address} ended at once, code {self._process.returncode}")
            try:
                if (await self.client.get("/readyz", seconds=1)).status == 200:
                    return
            except http_client.NoReply:
                pass
            await asyncio.sleep(0.02)
        raise NodeError(f"{self.address} does not serve after {START_SECONDS} s")

    @property
    def pid(self):
        return self._process.pid

    def is_running(self):
        return self._process.poll() is None

    def signal(self, number):
        self._process.send_signal(number)

    async def kill(self):
        """As a crash does. What it rendered stays counted."""
        self._renders_before += await self.counter("LocalLoads")
        self.end()

    def end(self):
        """At once, whatever it does."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self.client.close()

    async def stop(self):
        """As an administrator does. What it rendered stays counted."""
        self._renders_before += await self.counter("LocalLoads")
        self.signal(signal.SIGTERM)
        code = await asyncio.wait_for(asyncio.to_thread(self._process.wait), STOP_SECONDS)
        self.client.close()
        if code != 0:
            raise NodeError(f"{self.address} ended with {code}")

    def processor_seconds(self):
        """Of it, and of its renderers, since they started."""
        tasks = pathlib.Path(f"/proc/{self._process.pid}/task").glob("*/children")
        children = [int(child) for task in tasks for child in task.read_text().split()]
        return sum(map(_processor_seconds, [self._process.pid, *children]))

    async def counter(self, name):
        """One of the group's, of the process that runs."""
        return (await self._read("/stats"))["Group"][name]

    async def renders(self):
        """Of all its processes."""
        return self._renders_before + await self.counter("LocalLoads")

    async def fingerprint(self):
        """Of the ring that it sees."""
        return (await self._read("/peers"))["Fingerprint"]

    async def peers(self):
        """What it says of each of the others."""
        nodes = (await self._read("/peers"))["Nodes"]
        return [node for node in nodes if node["State"] != "self"]

    async def _read(self, target):
        return json.loads((await self.client.get(target, fields=self._reader_fields)).body)
