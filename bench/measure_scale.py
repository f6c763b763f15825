"""What memory is held, how soon the first answer is there, and what a second core gives: the part of
bench/compare that is about the whole process, not about one request."""

import contextlib
import http.client
import pathlib
import random
import resource
import socket
import statistics
import threading
import time

import servers

FULL_CACHE_MIB = 128
BURST = 32
SOAK = 200_000
SOAK_SETTLED = 20_000
SOAK_CACHE_MIB = 16
SOAK_TARGETS = 5_000
IDLE_CONNECTIONS = 10_000
CLIENTS = 8


def resident_mib_of(pid):
    return servers.status_mib_of(pid, "VmRSS")


def forget_peak(pid):
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


def ask_all(server, targets, clients=CLIENTS):
    """Each target once, by some clients at a time."""
    todo, lock, failed = iter(targets), threading.Lock(), []

    def ask():
        try:
            with servers.connected(server) as connection:
                while True:
                    with lock:
                        target = next(todo, None)
                    if target is None or failed:
                        return
                    reply = servers.get(connection, target)
                    if reply.status != 200:
                        failed.append(f"{target} is answered with {reply.status}")
        except (OSError, http.client.HTTPException) as error:
            failed.append(f"{type(error).__name__}: {error}")
    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise servers.BenchError(failed[0])


def pictures_of_3_kb(count):
    """Of as many keys: there is nothing to be seen of the background."""
    return (f"/small.jpg?width=103&background={i:06x}" for i in range(count))


def full_cache(program):
    """MiB resident above the empty start, a MiB of the cache's limit."""
    servers.say(f"memory: a cache of {FULL_CACHE_MIB} MiB is filled with pictures of 3 KB")
    with servers.imageserver(program, f"--groupcache={FULL_CACHE_MIB}MiB") as server:
        empty = resident_mib_of(server.pid)
        ask_all(server, pictures_of_3_kb(FULL_CACHE_MIB * 1024 // 3 * 11 // 10))
        cache = servers.stats_of(server)["Caches"]["Main"]
        if cache["Evictions"] == 0:
            raise servers.BenchError(f"the cache is not full: {cache}")
        return (resident_mib_of(server.pid) - empty) / FULL_CACHE_MIB


def burst(program):
    """MiB of peak above idle while pictures of 25 megapixels are asked for all at once."""
    servers.say(f"memory: {BURST} misses of 25 megapixels at once")
    with servers.imageserver(program, "--timeout=60s") as server:
        idle = resident_mib_of(server.pid)
        forget_peak(server.pid)
        ask_all(server, [f"/huge.jpg?width={400 + i}" for i in range(BURST)], clients=BURST)
        return servers.peak_mib_of(server.pid) - idle


def mixed_targets():
    """Of all formats and sizes, some often and most seldom; always the same ones."""
    chance = random.Random(1)
    files = ["small.jpg"] * 12 + ["medium.jpg"] * 4 + ["alpha.png"] * 2 + ["large.jpg"]
    formats = [""] * 10 + ["&format=webp"] * 2 + ["&format=png"]
    return [f"/{chance.choice(files)}?width={chance.randint(16, 320)}&quality={chance.randint(50, 90)}"
            + chance.choice(formats) for _ in range(SOAK_TARGETS)]


def soak(program):
    """What is resident after many requests, of what was after the first tenth of them."""
    chance, targets = random.Random(2), mixed_targets()
    weights = [1 / (rank + 1) for rank in range(SOAK_TARGETS)]

    def some(count):
        return chance.choices(targets, weights, k=count)
    servers.say(f"memory: {SOAK} mixed requests")
    with servers.imageserver(program, f"--groupcache={SOAK_CACHE_MIB}MiB") as server:
        ask_all(server, some(SOAK_SETTLED))
        settled = resident_mib_of(server.pid)
        ask_all(server, some(SOAK - SOAK_SETTLED))
        return resident_mib_of(server.pid) / settled


def need_descriptors():
    """For the idle connections; the server inherits it."""
    count = IDLE_CONNECTIONS + 100
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= count:
        return
    if hard < count and hard != resource.RLIM_INFINITY:
        raise servers.BenchError(f"{count} descriptors are needed, and {hard} allowed: ulimit -Hn")
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def idle_connections(program):
    """KiB resident of a connection that had an answer and is kept."""
    servers.say(f"memory: {IDLE_CONNECTIONS} idle connections")
    request = b"GET /small.jpg?width=100 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with servers.imageserver(program) as server, contextlib.ExitStack() as stack:
        servers.get_once(server, "/small.jpg?width=100")
        before = resident_mib_of(server.pid)
        for _ in range(IDLE_CONNECTIONS):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            client.sendall(request)
            if not client.recv(1 << 16).startswith(b"HTTP/1.1 200"):
                raise servers.BenchError("a connection got no answer")
        return (resident_mib_of(server.pid) - before) * 1024 / IDLE_CONNECTIONS


def start_ms(program):
    """From the start of the program to the last byte of its first picture."""
    began = time.monotonic()
    with servers.imageserver(program, port=servers.free_port(), patience=0.001) as server:
        servers.get_once(server, "/small.jpg?width=100")
        return (time.monotonic() - began) * 1000


def misses_a_second(program, workers):
    """Of pictures that take some time each, so that who asks hardly counts."""
    targets = [f"/huge.jpg?width={400 + i}" for i in range(150)]
    with servers.imageserver(program, f"--workers={workers}", "--timeout=60s") as server:
        servers.get_once(server, "/huge.jpg?width=399")
        began = time.monotonic()
        ask_all(server, targets, clients=workers + 3)
        return len(targets) / (time.monotonic() - began)


def second_core(program, rounds):
    """Throughput of misses with two workers, of that with one."""
    ratios = []
    for turn in range(rounds):
        servers.say(f"misses on two cores: round {turn + 1} of {rounds}")
        one, two = (misses_a_second(program, workers) for workers in (1, 2))
        ratios.append(two / one)
    return statistics.median(ratios)
