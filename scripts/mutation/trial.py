"""What becomes of a mutant: it is compiled, linked and tested beside the build, in a folder of its own."""

import dataclasses
import pathlib
import re
import shutil
from dataclasses import dataclass

from mutants import Mutant
from processes import MutationError, run
from test_program import run_tests
from tree import ROOT, affected

KILLED = "killed"
TIMED_OUT = "killed by time-out"
SURVIVED = "survived"
EQUIVALENT = "equivalent"
DISCARDED = "discarded"

_COMPILE_SECONDS = 120
_BASELINE_SECONDS = 1800
_ALL = "*"


@dataclass(frozen=True)
class Trial:
    mutant: Mutant
    verdict: str
    test: str = ""  # that killed it, or that ran when the time was over
    seconds: float = 0  # of its tests

    def counts(self):
        return self.verdict in (KILLED, TIMED_OUT, SURVIVED)


@dataclass(frozen=True)
class Part:
    """Tests of a program that run together."""
    program: object
    filters: str
    seconds: float  # that they may take


class Worker:
    """Tries one mutant at a time. Its folder is laid out like a build, as programs look beside themselves."""

    def __init__(self, tree, programs, folder):
        self._tree = tree
        self._programs = programs
        self._folder = folder
        self._own_objects = {}
        for name in ("bin", "changed", "objects", "originals", "overlay", "tests"):
            (folder / name).mkdir(parents=True)
        (folder / "share").symlink_to(tree.folder / "share")

    def prepare(self):
        """Compiles the tests that name programs by their paths, to name those of this worker; links everything."""
        for program in self._programs:
            for unit in program.units:
                if self._names_programs(unit):
                    path = self._compile(self._redirected(unit), unit.source, f"own/{unit.output}")
                    if path is None:
                        raise MutationError(f"{unit.source.relative_to(ROOT)} does not compile")
                    self._own_objects[unit.output] = path

    def baseline(self, program):
        """{test: seconds} of the program without a mutant."""
        if not self._link(program, {}):
            complaints = self._complaints().read_text(errors="replace").strip() or "nothing is said"
            raise MutationError(f"{program.name} cannot be linked: {complaints[-2000:]}")
        done = self._run(program, _ALL, _BASELINE_SECONDS)
        if not done.passed:
            raise MutationError(f"{program.name} fails without a mutant: {done.failed}")
        return done.times

    def try_turn(self, mutants, parts_of):
        """Tries the mutants until one counts. Returns a Trial of each that was tried."""
        trials = []
        for mutant in mutants:
            trials.append(self._try(mutant, parts_of(mutant.file)))
            if trials[-1].counts():
                break
        return trials

    def _try(self, mutant, parts):
        units = affected(self._known_units(), self._tree, ROOT / mutant.file)
        with _Changed(self._folder, mutant.file, mutant.text()) as source:
            objects = self._compile_all(units, source, "objects")
            if objects is None:
                return Trial(mutant, DISCARDED)
            trial = self._test(mutant, objects, parts)
            if trial.verdict == SURVIVED and self._is_equivalent(units, source, mutant):
                return dataclasses.replace(trial, verdict=EQUIVALENT)
            return trial

    def _known_units(self):
        return list({unit.output: unit for program in self._programs for unit in program.everything()}.values())

    def _test(self, mutant, objects, parts):
        spent = 0
        linked = set()
        for part in parts:
            if part.program not in linked and not self._link(part.program, objects):
                return Trial(mutant, DISCARDED)
            linked.add(part.program)
            done = self._run(part.program, part.filters, part.seconds)
            spent += done.seconds
            if not done.passed:
                return Trial(mutant, TIMED_OUT if done.timed_out else KILLED, done.failed, round(spent, 2))
        return Trial(mutant, SURVIVED, seconds=round(spent, 2))

    def _run(self, program, filters, seconds):
        folder = self._folder / "tests"
        shutil.rmtree(folder)
        folder.mkdir()
        return run_tests(self._folder / "bin" / program.name, filters, folder, seconds)

    def _compile_all(self, units, source, folder, flags=()):
        """{object of the build: object}, or None if one does not compile. The source is that of a changed .cc."""
        objects = {}
        for unit in units:
            path = self._compile(self._redirected(unit), source or unit.source, f"{folder}/{unit.output}", flags)
            if path is None:
                return None
            objects[unit.output] = path
        return objects

    def _compile(self, unit, source, output, flags=()):
        """Returns the path of the object; None if it does not compile."""
        path = self._folder / output
        path.parent.mkdir(parents=True, exist_ok=True)
        compiler, *words = unit.command(source, output)
        done = run([compiler, "-Ioverlay", *words, *flags], self._folder, _COMPILE_SECONDS)
        return path if done.code == 0 and not done.timed_out else None

    def _is_equivalent(self, units, source, mutant):
        """If the optimiser makes the same of the change and of what was there. It may not guess which way is taken more
        often: it does so by a `continue`, even one that changes nothing, and lays the code out by it."""
        flags = ("-O2", "-g0", "-fno-guess-branch-probability")
        for unit in units:
            changed = self._compile_all([unit], source, "objects", flags)
            original = self._original(unit, mutant, flags)
            if changed is None or changed[unit.output].read_bytes() != original.read_bytes():
                return False
        return True

    def _original(self, unit, mutant, flags):
        path = self._folder / "originals" / unit.output
        if not path.exists():
            with _Changed(self._folder, mutant.file, (ROOT / mutant.file).read_text()) as source:
                self._compile_all([unit], source, "originals", flags)
        return path

    def _link(self, program, objects):
        """Links the program, and those helpers that have to do with the objects; the others are the build's."""
        objects = self._own_objects | objects
        for one in (program, *program.helpers):
            path = self._folder / "bin" / one.name
            path.unlink(missing_ok=True)
            if one is not program and not any(unit.output in objects for unit in one.units):
                path.symlink_to(one.path)
                continue
            with self._complaints().open("wb") as output:
                done = run(one.link_command(objects, path), self._tree.folder, _COMPILE_SECONDS, output)
            if done.code != 0:
                return False
        return True

    def _complaints(self):
        return self._folder / "link.log"

    def _names_programs(self, unit):
        if not unit.is_test():
            return False
        text = unit.source.read_text()
        words = [word for word in unit.words if self._built_programs() in word]
        return any(macro[1] in text for word in words if (macro := re.match(r"-D(\w+)=", word)))

    def _redirected(self, unit):
        words = (word.replace(self._built_programs(), f"{self._folder}/bin/") for word in unit.words)
        return dataclasses.replace(unit, words=tuple(words)) if unit.is_test() else unit

    def _built_programs(self):
        return f"{self._tree.folder}/bin/"


class _Changed:
    """A file of src/ with another text, as long as this lives. It gives the source to compile, if it is one.

    What is compiled lies at the same path, relative to the folder, whether it is changed or not: so objects differ
    only where the code does.
    """

    def __init__(self, folder, file, text):
        self._folder = folder
        self._text = text
        self._is_header = file.endswith(".h")
        self._path = pathlib.Path("overlay" if self._is_header else "changed", file.partition("/")[2])

    def __enter__(self):
        path = self._folder / self._path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._before = path.read_text() if path.exists() else None
        path.write_text(self._text)
        return None if self._is_header else self._path

    def __exit__(self, *_):
        if self._before is None:
            (self._folder / self._path).unlink()
        else:
            (self._folder / self._path).write_text(self._before)
