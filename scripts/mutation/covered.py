"""The lines of src/ that test programs run, by gcov: the preset `coverage`."""

import collections
import hashlib
import json
import os
import pathlib
import tempfile
from concurrent.futures import ThreadPoolExecutor

from processes import MutationError, output_of, run
from tree import ROOT

# They run in a confined process that ends by _exit(), so writes no account of what it ran: every line with code
# counts.
_WITHOUT_ACCOUNT = ("src/render/service/", "src/render/sandbox/", "src/render_main.cc")
_SECONDS = 1800


def covered_lines(tree, names, cache):
    """{file, relative to the root: its lines} that the programs of the names run. What is known of a program is kept
    in the cache, as long as the program is the same."""
    lines = collections.defaultdict(set)
    for name in names:
        for file, found in _of_program(tree.program(name), cache / f"{name}.json").items():
            lines[file].update(found)
    return lines


def _of_program(program, kept):
    digest = hashlib.sha256()
    for one in (program, *program.helpers):
        digest.update(one.path.read_bytes())
    if kept.exists():
        known = json.loads(kept.read_text())
        if known["digest"] == digest.hexdigest():
            return known["lines"]
    lines = {file: sorted(found) for file, found in _measure(program).items()}
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"digest": digest.hexdigest(), "lines": lines}))
    return lines


def _measure(program):
    with tempfile.TemporaryDirectory(prefix="mutate-") as name:
        folder = pathlib.Path(name)
        environment = os.environ | {"TMPDIR": name, "GCOV_PREFIX": str(folder / "counts")}
        ended = run([program.path], folder, _SECONDS, environment=environment)
        if ended.code < 0:  # killed, so it wrote no account
            why = f"takes more than {_SECONDS} s" if ended.timed_out else f"is ended by signal {-ended.code}"
            raise MutationError(f"{program.name} (coverage) {why}")
        lines = collections.defaultdict(set)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for found in pool.map(lambda unit: _of_unit(program, unit, folder / "counts"), program.everything()):
                for file, line in found:
                    lines[file].add(line)
        return lines


def _of_unit(program, unit, counts):
    """Pairs of a file and a line that was run."""
    build = program.path.parent.parent
    notes = (build / unit.output).with_suffix(".gcno")
    data = counts / notes.relative_to("/").with_suffix(".gcda")
    if not data.exists():
        data.parent.mkdir(parents=True, exist_ok=True)
    data.with_suffix(".gcno").symlink_to(notes)
    documents = output_of(["gcov", "--json-format", "--stdout", data], data.parent)
    return {pair for document in documents.splitlines() for pair in _pairs(json.loads(document), build)}


def _pairs(document, build):
    for file in document["files"]:
        path = pathlib.Path(os.path.normpath(build / file["file"]))
        if not path.is_relative_to(ROOT):
            continue
        name = str(path.relative_to(ROOT))
        if not name.startswith(("src/", "include/")):
            continue
        for line in file["lines"]:
            if line["count"] > 0 or name.startswith(_WITHOUT_ACCOUNT):
                yield name, line["line_number"]
