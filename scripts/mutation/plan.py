"""Which tests a mutant has to pass, and in which order."""

import pathlib
import re

from tree import ROOT, affected
from trial import Part


def mirror_of(file, program):
    """The sources of the program's tests that are about the file: that of the same name, else all that include it."""
    within = pathlib.Path(file.partition("/")[2])
    tests = [unit.source for unit in program.units if unit.is_test()]
    named = ROOT / "tests" / within.with_name(f"{within.stem}_test.cc")
    if named in tests:
        return [named]
    line = f'#include "{within.with_suffix(".h")}"'
    return [test for test in tests if line in test.read_text()]


def suites_of(test):
    return set(re.findall(r"^(?:TYPED_)?TEST(?:_F|_P)?\(\s*(\w+)", test.read_text(), re.MULTILINE))


class Plan:
    """Which tests a mutant of a file has to pass, those about the file first."""

    def __init__(self, tree, programs, times):
        self._tree = tree
        self._programs = programs
        self._times = times  # {name of the program: {test: seconds}}
        self._known = {}

    def parts_of(self, file):
        if file not in self._known:
            self._known[file] = self._find_parts(file)
        return self._known[file]

    def _find_parts(self, file):
        ahead, rest = [], []
        for program in self._programs:
            if not affected(program.everything(), self._tree, ROOT / file):
                continue
            about_it = set().union(*map(suites_of, mirror_of(file, program)))
            first = {test.partition(".")[0] for test in self._times[program.name]}
            first = sorted(suite for suite in first if about_it.intersection(suite.split("/")))
            filters = ":".join(f"{suite}.*" for suite in first)
            if first:
                ahead.append(self._part(program, filters, lambda suite: suite in first))
                rest.append(self._part(program, f"-{filters}", lambda suite: suite not in first))
            else:
                rest.append(self._part(program, "*", lambda suite: True))
        return [*ahead, *rest]

    def _part(self, program, filters, is_in):
        times = self._times[program.name]
        seconds = sum(taken for test, taken in times.items() if is_in(test.partition(".")[0]))
        return Part(program, filters, 3 * seconds + 10)
