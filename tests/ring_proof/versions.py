"""Whether nodes of two versions work in one ring. Started by scripts/proof versions; says what it saw."""

import argparse
import asyncio
import secrets
import tempfile

import ended_by_line
from load import Load, Pictures
from local_ring import ring_of
from node import NodeError
from precedence import take_precedence
from ring_map import RingMap, spelled

AT_ONCE = 8  # requests for one picture, through each node
RATE = 20    # requests a second, while nodes are replaced
SETTLED = 2  # seconds from the return of a node until all have noticed

# Of each kind some that the one node owns, and some that the other does: %d makes them differ.
KINDS = (
    "/medium.jpg?width=%d",
    "/large.jpg?width=%d&height=200&mode=fill&gravity=smart",
    "/medium.jpg?width=%d&format=webp",
    "/alpha.png?width=%d&format=auto",
    "/animated.gif?width=%d",
    "/p3.jpg?width=%d&quality=auto",
    "/small.jpg?width=%d&format=avif",
    "/frames250.gif?width=%d&format=png&page=7",
)
OF_EACH_KIND = 6
# Refusals, which are passed on.
REFUSED = {
    "/nowhere.jpg?width=%d": 404,
    "/truncated.png?width=%d": 422,
    "/medium.jpg?crop=9000,9000%%7C9100,9100&width=%d": 400,
    "/medium.jpg?max_bytes=1&width=%d": 422,
}
# Takes a second or more: long enough that an owner says that it is at work.
SLOW = "/huge.jpg?width=1800&height=1800&format=webp&lossless=1&background=%06x"
OF_SLOW = 4


def say(text):
    print(f"  {text}", flush=True)


def expect(holds, what):
    if not holds:
        raise NodeError(what)


def pictures():
    return [spelled(kind % (50 + number), number) for kind in KINDS for number in range(OF_EACH_KIND)]


def refusals():
    return {spelled(target % (50 + number), number): status for target, status in REFUSED.items()
            for number in range(OF_EACH_KIND)}


async def alone(program, targets, log):
    """What a lone node says to each."""
    async with ring_of([program], [log]) as (node,):
        return {target: await node.client.get(target) for target in targets}


async def count(nodes, name):
    return [await node.counter(name) for node in nodes]


async def expect_as_alone(nodes, expected):
    """Each node is asked for all, in turns, so that each is asked first as often."""
    for number, (target, reply) in enumerate(expected.items()):
        for node in nodes if number % 2 == 0 else reversed(nodes):
            got = await node.client.get(target)
            expect(got.status == reply.status, f"{node.address}{target}: {got.status}, alone {reply.status}")
            expect(got.body == reply.body, f"{node.address}{target}: not what a lone node gives")


def slow_picture(number):
    return spelled(SLOW % number, number)


def slow_pictures(nodes):
    """Each node owns some."""
    ring_map = RingMap([node.address for node in nodes])
    targets = [slow_picture(number) for number in range(OF_SLOW)]
    while len({ring_map.owner(target) for target in targets}) < len(nodes):
        targets.append(slow_picture(len(targets)))
    return targets


async def expect_shared(nodes, targets):
    """Many ask each node at once."""
    for target in targets:
        got = await asyncio.gather(*(node.client.get(target) for node in nodes for _ in range(AT_ONCE)))
        expect({reply.status for reply in got} == {200}, f"{target}: {[reply.status for reply in got]}")
        expect(len({reply.body for reply in got}) == 1, f"{target}: different pictures")


async def agree_on_owners(nodes):
    """Whether all place pictures alike. Each shows what it thinks of the others."""
    fingerprints = {await node.fingerprint() for node in nodes}
    agree = len(fingerprints) == 1
    for node in nodes:
        seen = [peer["Agrees"] for peer in await node.peers()]
        expect(all(one is agree for one in seen), f"{node.address}: Agrees {seen}, fingerprints {fingerprints}")
    return agree


async def check_ring(what, programs, expected, log, flags):
    pictures_alone = {target: reply for target, reply in expected.items() if reply.status == 200}
    refused_alone = {target: reply for target, reply in expected.items() if reply.status != 200}
    async with ring_of(programs, [log] * len(programs), flags) as nodes:
        slow = slow_pictures(nodes)
        await expect_as_alone(nodes, pictures_alone)
        await expect_shared(nodes, slow)
        names = ("PeerErrors", "LocalLoads", "PeerLoads")
        errors, renders, fetched = [await count(nodes, name) for name in names]
        expect(not any(errors), f"{what}: PeerErrors {errors}")
        expect(all(fetched), f"{what}: fetched {fetched}")
        asked = len(pictures_alone) + len(slow)
        agree = await agree_on_owners(nodes)
        most = asked if agree else 2 * asked  # each may take itself for the owner
        expect(asked <= sum(renders) <= most, f"{what}: renders {renders}, of {asked} pictures")
        await expect_as_alone(nodes, refused_alone)  # a refusal counts among PeerErrors
        for node in nodes:
            await node.stop()
    say(f"{what}: {'agree' if agree else 'disagree'}; {asked} pictures, rendered {renders}, fetched {fetched}, no PeerErrors; "
        f"{len(refused_alone)} refusals")


async def replace(node, program, load):
    """As a load balancer sees it: a node that leaves is sent nothing more."""
    load.clients.remove(node.client)
    await node.stop()
    node.program = program
    node.start()
    await node.ready()
    load.clients.append(node.client)
    await asyncio.sleep(SETTLED)


async def check_rolling_restart(what, before, after, log, flags):
    async with ring_of([before] * 3, [log] * 3, flags) as nodes:
        load = Load([node.client for node in nodes], Pictures(seed=what), RATE)
        await load.warm_up()
        async with asyncio.TaskGroup() as group:
            group.create_task(load.run())
            await asyncio.sleep(SETTLED)
            for node in nodes:
                await replace(node, after, load)
            load.stop()
        expect(await agree_on_owners(nodes), f"{what}: the nodes disagree in the end")
        failures = sorted({sample.failure for sample in load.samples if sample.failure})
        expect(not failures, f"{what}: {failures}")
        say(f"{what}: {len(load.samples)} requests, none failed, "
            f"longest {max(sample.took for sample in load.samples):.2f} s")


async def check(options):
    take_precedence()
    before, after = options.before, options.after
    targets = [*pictures(), *refusals()]
    expected = await alone(after, targets, options.log)
    expect(expected == await alone(before, targets, options.log), "lone nodes of the two differ")
    expect(all(expected[target].status == 200 for target in pictures()), "a lone node has no picture")
    for target, status in refusals().items():
        expect(expected[target].status == status, f"{target}: {expected[target].status} from a lone node")
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        for secret, flags in (("no secret", ()), ("a secret", (f"--groupcache-secret-file={file.name}",))):
            await check_ring(f"old, then new; {secret}", [before, after], expected, options.log, flags)
            await check_ring(f"new, then old; {secret}", [after, before], expected, options.log, flags)
            await check_rolling_restart(f"three nodes restarted from old to new; {secret}", before, after,
                                        options.log, flags)
            await check_rolling_restart(f"three nodes restarted from new to old; {secret}", after, before,
                                        options.log, flags)


def main():
    parser = argparse.ArgumentParser(prog="scripts/proof versions", description=__doc__)
    parser.add_argument("before", help="the program of the other version")
    parser.add_argument("after", help="this version's")
    parser.add_argument("--log", type=argparse.FileType("w"), required=True, help="what the nodes say")
    options = parser.parse_args()
    ended_by_line.run(parser.prog, check(options))


if __name__ == "__main__":
    main()
