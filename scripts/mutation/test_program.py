"""One run of a GoogleTest program, and what its output says."""

import os
import re
from dataclasses import dataclass, field

from processes import confined, run

_STARTED = re.compile(r"^\[ RUN      \] (\S+)", re.MULTILINE)
# What a test printed itself may stand before it in the line.
_PASSED = re.compile(r"\[       OK \] (\S+) \((\d+) ms\)")
_SKIPPED = re.compile(r"\[  SKIPPED \] (\S+) \((\d+) ms\)")
_FAILED = re.compile(r"\[  FAILED  \] (\S+), where|\[  FAILED  \] ([^\s,]+)[^\n]* \(\d+ ms\)")
_ALL_PASSED = "[  PASSED  ]"


@dataclass(frozen=True)
class Run:
    passed: bool
    timed_out: bool
    seconds: float
    failed: str = ""  # the first test that failed, or the one in which the program ended
    times: dict = field(default_factory=dict)  # seconds of each test that passed


def run_tests(program, filters, folder, seconds):
    """Runs the tests that the filter names, until one fails. The folder takes all that they write."""
    log = folder / "tests.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GTEST_", "IMAGESERVER_"))}
    environment |= {"TMPDIR": str(folder), "GTEST_FAIL_FAST": "1", "GTEST_COLOR": "no"}
    with log.open("wb") as output:
        ended = run(confined([program, f"--gtest_filter={filters}"]), folder, seconds, output, environment)
    return _read(log.read_text(errors="replace"), ended)


def _read(text, ended):
    times = {name: int(ms) / 1000 for name, ms in _PASSED.findall(text)}
    passed = ended.code == 0 and not ended.timed_out and _ALL_PASSED in text
    return Run(passed, ended.timed_out, ended.seconds, "" if passed else _first_failed(text, times), times)


def _first_failed(text, times):
    failed = _FAILED.search(text)
    if failed:
        return failed[1] or failed[2]
    over = {*times, *(name for name, _ in _SKIPPED.findall(text))}
    unfinished = [name for name in _STARTED.findall(text) if name not in over]
    return unfinished[0] if unfinished else "(no test)"
