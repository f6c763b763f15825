"""Whether a browser shows what we answer: every file that it shows, at its own size, by pixel. As a table.
Started by scripts/proof browser-pictures."""

import argparse
import sys
import urllib.parse

import ended_by_line
from browser import BrowserError, show_all
from expected import EXPECTED, expected_for
from local_ring import TESTDATA, free_addresses
from node import Node, NodeError
from row import compare, heading, line

QUERY = "format=png&strip=1"  # of its own size, and never the file as it is
FLAGS = ("--timeout=120s", "--untrusted-formats=svg,pdf,jxl", "--log-level=off")
SECONDS = 130


def names(only):
    """Below TESTDATA."""
    found = (str(path.relative_to(TESTDATA)) for path in sorted(TESTDATA.rglob("*")) if path.is_file())
    return [name for name in found if not name.endswith(".md") and only in name]


def print_summary(rows, whole):
    """Whether all is as expected. `whole`: all files are among the rows."""
    shown = [row for row in rows if row.shown.width]
    only_ours = [row.name for row in rows if not row.shown.width and row.status == 200]
    different = {row.name: expected_for(row) for row in shown if row.kind()}
    wrong = [name for name, expected in different.items() if not expected]
    unseen = [expected for expected in EXPECTED if whole and expected not in different.values()]
    print(f"\nOf {len(rows)} files the browser shows {len(shown)}. Different as expected: "
          f"{len(different) - len(wrong)}; wrong: {len(wrong)}. Shown by us alone: {len(only_ours)}.")
    for name in only_ours:
        print(f"OURS ALONE: {name}")
    for name in wrong:
        print(f"WRONG: {name}")
    for expected in unseen:
        print(f"EXPECTED, and not seen: {expected.kind} of {expected.names}")
    return not wrong and not unseen


async def compare_all(options):
    [address] = free_addresses(1)
    node = Node(options.program, address, [], source=TESTDATA, log=options.log, flags=FLAGS)
    rows = []
    try:
        node.start()
        await node.ready()
        print(heading(), flush=True)
        all_names = names(options.only)
        for name, shown in zip(all_names, show_all([TESTDATA / name for name in all_names], options.log)):
            reply = await node.client.get(f"/{urllib.parse.quote(name)}?{QUERY}", seconds=SECONDS)
            rows.append(compare(name, shown, reply))
            if shown.width:
                print(line(rows[-1].cells(expected_for(rows[-1]))), flush=True)
        await node.stop()
    except BrowserError as error:
        raise NodeError(str(error)) from None
    finally:
        node.end()
    return print_summary(rows, whole=not options.only)


def main():
    parser = argparse.ArgumentParser(prog="scripts/proof browser-pictures", description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--only", default="", help="files whose names have this in them")
    parser.add_argument("--log", type=argparse.FileType("w"), required=True, help="what server and browser say")
    options = parser.parse_args()
    sys.exit(0 if ended_by_line.run(parser.prog, compare_all(options)) else 1)


if __name__ == "__main__":
    main()
