"""A network of our own: a bridge, and a network namespace for each node, with one cable to the bridge.

All of it lives in namespaces that scripts/proof makes with `unshare` (mounts, network, processes). It is gone
with the first process in there, however that ends; nothing of the machine's own network is touched.
"""

import asyncio
import contextlib
import ctypes
import os
import pathlib
import socket
import subprocess

BRIDGE = "bridge"
CABLE = "cable"  # what each node's namespace calls its end
SUBNET = "10.231.8"
CLIENTS_HOST = f"{SUBNET}.254"

_CLONE_NEWNET = 0x40000000
_LIBC = ctypes.CDLL(None, use_errno=True)


class NetworkError(Exception):
    """Something that this machine lacks, in one line."""


def _run(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NetworkError(f"{' '.join(words)}: {done.stderr.strip()}")


async def run(*words):
    """As a shell runs it, with all else going on meanwhile."""
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.DEVNULL,
                                                   stderr=asyncio.subprocess.PIPE)
    _, errors = await process.communicate()
    if process.returncode:
        raise NetworkError(f"{' '.join(words)}: {errors.decode().strip()}")


def _set_namespace(descriptor):
    if _LIBC.setns(descriptor, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class Place:
    """One namespace, of the given number (from 1), with one address."""

    def __init__(self, number):
        self.name = f"node{number}"
        self.host = f"{SUBNET}.{number}"
        self.port_of_bridge = f"to-node{number}"

    def prefix(self):
        """What runs a command here; the process keeps its id."""
        return ("ip", "netns", "exec", self.name)

    @contextlib.contextmanager
    def entered(self):
        """Sockets that this thread makes within belong here, and stay here."""
        ours = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        theirs = os.open(f"/run/netns/{self.name}", os.O_RDONLY)
        try:
            _set_namespace(theirs)
            yield
        finally:
            _set_namespace(ours)
            os.close(ours)
            os.close(theirs)

    def new_socket(self):
        with self.entered():
            return socket.socket(socket.AF_INET, socket.SOCK_STREAM)


def make_places(count):
    """Of a network that is not there yet: the namespaces, joined by the bridge, on which clients live."""
    if os.getpid() != 1:
        raise NetworkError("this runs in namespaces of its own only: scripts/proof ring-faults")
    _run("mount", "-t", "tmpfs", "tmpfs", "/run")  # `ip netns` keeps its names there
    pathlib.Path("/run/netns").mkdir()
    _run("ip", "link", "set", "lo", "up")
    _run("ip", "link", "add", BRIDGE, "type", "bridge")
    _run("ip", "address", "add", f"{CLIENTS_HOST}/24", "dev", BRIDGE)
    _run("ip", "link", "set", BRIDGE, "up")
    places = [Place(number) for number in range(1, count + 1)]
    for place in places:
        _run("ip", "netns", "add", place.name)
        _run("ip", "link", "add", place.port_of_bridge, "type", "veth", "peer", "name", CABLE, "netns",
             place.name)
        _run("ip", "link", "set", place.port_of_bridge, "master", BRIDGE, "up")
        _run("ip", "-n", place.name, "link", "set", "lo", "up")
        _run("ip", "-n", place.name, "address", "add", f"{place.host}/24", "dev", CABLE)
        _run("ip", "-n", place.name, "link", "set", CABLE, "up")
    return places
