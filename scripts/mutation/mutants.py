"""What is changed: mutants of lines, by the rules of universalmutator, in an order that a seed gives."""

import contextlib
import io
import itertools
import random
import re
from dataclasses import dataclass

from plausible import Source, halves_of_if, may_compile
from tree import ROOT

_RULES = ["universal.rules", "c_like.rules", "cpp.rules"]

# What no test is asked to notice: what is logged, what the compiler alone reads, and locks, which clang looks after.
_SKIPPED_STATEMENTS = re.compile(r"\blog::(trace|debug|info|warn|error|critical)\(|^\s*(static_assert\b|using )")
_SKIPPED_LINES = re.compile(
    r"IMAGESERVER_GUARDED_BY|\bMutexLock \w+\(|= (?:default|delete);$|^\s*(#|//|namespace\b|template\b|friend\b)")

# Mutants of a line that may be tried in one turn, until one of them compiles.
_TRIES = 4


@dataclass(frozen=True)
class Mutant:
    file: str  # relative to the root
    line: int
    old: str  # the line, with its end
    new: str
    rule: str

    def text(self):
        """The file with the change in it."""
        lines = (ROOT / self.file).read_text().splitlines(keepends=True)
        lines[self.line - 1] = self.new
        return "".join(lines)


def turns(covered, seed):
    """Lists of mutants of one line, for {file: its lines}: one that compiles is enough of each list. Every line has had
    a turn before any has a second one."""
    order = random.Random(seed)
    by_line = [mutants for file, numbers in sorted(covered.items()) for mutants in _mutants_by_line(file, numbers)]
    order.shuffle(by_line)
    for mutants in by_line:
        order.shuffle(mutants)
    tries = _TRIES if len(by_line) > 1 else 1
    rounds = itertools.zip_longest(*(_in_parts(mutants, tries) for mutants in by_line))
    return [turn for one_round in rounds for turn in one_round if turn]


def _in_parts(mutants, length):
    return [mutants[start:start + length] for start in range(0, len(mutants), length)]


def _mutants_by_line(file, numbers):
    lines = (ROOT / file).read_text().splitlines(keepends=True)
    source = Source(lines)
    numbers = sorted(number for number in set(numbers) - _skipped(lines) if number <= len(lines))
    whole = {number: (lines[number - 1], "") for number in numbers}
    halves = {number: halves_of_if(lines[number - 1]) for number in numbers}
    by_line = {number: {} for number in numbers}
    for mutant in (*_mutate(file, lines, whole), *_mutate(file, lines, halves)):
        words = _squeezed(mutant.new)
        if words != _squeezed(mutant.old) and may_compile(mutant, source):
            by_line[mutant.line].setdefault(words, mutant)
    return [list(mutants.values()) for mutants in by_line.values() if mutants]


def _squeezed(line):
    return "".join(line.split())


def _mutate(file, lines, parts):
    """Mutants of the parts of lines, {number: (what is changed, what follows it in the line)}."""
    from universalmutator import mutator  # --help has to work without it

    # "{-" would begin a comment of another language.
    changed = [parts.get(number, ("", ""))[0].replace("{-", "{ -") or "\n" for number in range(1, len(lines) + 1)]
    with contextlib.redirect_stdout(io.StringIO()):
        found = mutator.mutants_regexp(changed, _RULES, ignorePatterns=[])
    for number, new, (rule, _), _ in found:
        yield Mutant(file, number, lines[number - 1], new.rstrip() + (parts[number][1] or "\n"), rule.strip())


def _skipped(lines):
    """Numbers of the lines that are left as they are; a statement ends with a semicolon at the end of a line."""
    skipped = set()
    in_statement = False
    for number, line in enumerate(lines, 1):
        in_statement = in_statement or _SKIPPED_STATEMENTS.search(line)
        if in_statement or _SKIPPED_LINES.search(line):
            skipped.add(number)
        in_statement = in_statement and not line.partition("//")[0].rstrip().endswith(";")
    return skipped
