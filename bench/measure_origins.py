"""The measuring half of bench/origins: expects the `bench` preset to be built.

What a miss costs if its original comes from nginx and not from a directory, how often an origin is asked, and what
fetches take that wait for a server which says nothing.
"""

import argparse
import contextlib
import pathlib
import socket
import statistics
import tempfile
import time

import servers
from measure_versions import in_turns

PROGRAM = servers.ROOT / "build" / "bench" / "bin" / "imageserver"
FILE = "medium.jpg"
MINE = "--source-allow-private=127.0.0.1"

ORIGINALS = 100
WIDTHS = range(40, 140, 10)
WAITING = 1000


def cost_of_misses(server, prefix, width, pictures):
    return lambda: servers.cpu_ms_of_misses(server, f"{prefix}/{FILE}?width={width}", pictures)


def compare_misses(options):
    body = (servers.TESTDATA / FILE).read_bytes()
    with servers.nginx("nginx", {FILE: body}) as origin, \
         servers.imageserver(PROGRAM, MINE, f"--source=/o=http://127.0.0.1:{origin.port}/", "--groupcache=1",
                             "--source-cache=0") as server:
        print("| miss of a JPEG of 1024x819 | from nginx | from a directory | ratio |\n| --- | --- | --- | --- |")
        for width in (100, 500):
            fetched, read = in_turns(options.rounds, cost_of_misses(server, "/o", width, options.pictures),
                                     cost_of_misses(server, "", width, options.pictures))
            ratio = statistics.median(a / b for a, b in zip(fetched, read))
            print(f"| {width} px | {statistics.median(fetched):.2f} ms | {statistics.median(read):.2f} ms "
                  f"| {ratio:.3f} |", flush=True)


@contextlib.contextmanager
def ring(*flags):
    ports = [servers.free_port() for _ in range(3)]
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(servers.imageserver(
            PROGRAM, *flags, port=port,
            *[f"--groupcache-peers={','.join(f'127.0.0.1:{other}' for other in ports if other != port)}"]))
            for port in ports]


def count_requests():
    body = (servers.TESTDATA / "small.jpg").read_bytes()
    files = {f"{i}.jpg": body for i in range(ORIGINALS)}
    with tempfile.TemporaryDirectory(prefix="imageserver-bench-") as directory:
        log = pathlib.Path(directory, "log")
        log.touch(mode=0o666)
        pathlib.Path(directory).chmod(0o755)
        with servers.nginx("nginx", files, log) as origin, \
             ring(MINE, f"--source=/o=http://127.0.0.1:{origin.port}/") as nodes:
            for i in range(ORIGINALS):
                for turn, width in enumerate(WIDTHS):
                    servers.get_once(nodes[(i + turn) % 3], f"/o/{i}.jpg?width={width}")
            time.sleep(0.5)
            asked = len(log.read_text().splitlines())
    print(f"\n{ORIGINALS} originals in {len(WIDTHS)} sizes, asked of three nodes in turn: {asked} requests at the origin.")


@contextlib.contextmanager
def silent_origin():
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=WAITING) as listener:
        yield listener.getsockname()[1]


def weigh_waiting():
    patience = [f"--{flag}=60s" for flag in ("timeout", "source-timeout", "source-first-byte-timeout")]
    with silent_origin() as port, \
         servers.imageserver(PROGRAM, MINE, f"--source=/o=http://127.0.0.1:{port}/", *patience) as server:
        servers.get_once(server, f"/{FILE}?width=100")
        before = servers.status_mib_of(server.pid, "VmRSS")
        with contextlib.ExitStack() as stack:
            for i in range(WAITING):
                client = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
                client.sendall(f"GET /o/{i}.jpg?width=100 HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            time.sleep(2)
            loads = servers.get_once(server, "/stats/sources")
            servers.get_once(server, f"/{FILE}?width=101")
            grown = servers.status_mib_of(server.pid, "VmRSS") - before
    if b'"LoadsDeduped": %d,' % WAITING not in loads.body:
        raise servers.BenchError("not all of the fetches wait")
    print(f"\n{WAITING} fetches, each with a client, that wait for a silent origin: {grown:.1f} MiB, "
          f"{grown * 1024 / WAITING:.1f} KiB each.")


def main():
    parser = argparse.ArgumentParser(prog="bench/origins", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
                                     description="What originals from an HTTP server cost.")
    parser.add_argument("--rounds", type=servers.positive, default=9)
    parser.add_argument("--pictures", type=servers.positive, default=200, help="of one leg")
    options = parser.parse_args()
    try:
        compare_misses(options)
        count_requests()
        weigh_waiting()
    except servers.BenchError as error:
        raise SystemExit(f"bench/origins: {error}") from None


if __name__ == "__main__":
    main()
