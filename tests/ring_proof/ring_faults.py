"""What befalls clients of a ring's healthy nodes when others are hung, killed, cut off or slow: as tables.
Started by scripts/proof ring-faults, in namespaces of its own."""

import argparse
import pathlib
import sys

import ended_by_line
from faults import FAULTS
from long_render import NAME_OF_LONG_RENDER, measure_long_render
from measure_fault import measure_fault
from precedence import take_precedence
from private_network import make_places
from row import heading, line

RINGS = ((1, 3), (2, 5))  # faulty nodes, of so many
TRIES = 3  # of one row, where the machine is too noisy
TESTDATA = pathlib.Path(__file__).resolve().parents[2] / "testdata"


async def measure_calmly(options, fault, places, faulty):
    for _ in range(TRIES):
        row = await measure_fault(options.program, fault, places, faulty, source=TESTDATA, log=options.log)
        if not row.is_noisy():
            break
    return row


async def print_table(options, places):
    """Whether all holds."""
    faults = [fault for fault in FAULTS if options.only in fault.name]
    if faults:
        print(heading(), flush=True)
    holds = True
    for fault in faults:
        for faulty, count in RINGS:
            row = await measure_calmly(options, fault, places[:count], faulty)
            holds = holds and not row.broken() and not row.is_noisy()
            print(line(row.cells()), flush=True)
            if row.failures:
                print(f"failed: {sorted({s.failure for s in row.failures})}", file=sys.stderr)
    return holds


async def print_long_render(options, places):
    """Whether all holds."""
    holds = True
    if options.only not in NAME_OF_LONG_RENDER:
        return holds
    async for trial in measure_long_render(options.program, places, source=TESTDATA, log=options.log):
        holds = holds and trial.holds()
        print(trial.line(), flush=True)
    return holds


async def measure(options):
    take_precedence()
    places = make_places(max(count for _, count in RINGS))
    holds = True
    for time in range(1, options.times + 1):
        print(f"\nTime {time} of {options.times}:\n", flush=True)
        table_holds = await print_table(options, places)
        print(flush=True)
        long_render_holds = await print_long_render(options, places[:3])
        holds = holds and table_holds and long_render_holds
    print(f"\n{'All bounds hold.' if holds else 'Not all bounds hold.'}")
    return holds


def main():
    parser = argparse.ArgumentParser(prog="scripts/proof ring-faults", description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", default="", help="faults whose names have this in them")
    parser.add_argument("--log", type=argparse.FileType("w"), required=True, help="what the nodes say")
    options = parser.parse_args()
    sys.exit(0 if ended_by_line.run(parser.prog, measure(options)) else 1)


if __name__ == "__main__":
    main()
