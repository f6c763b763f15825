"""A build tree of a CMake preset: its units, how its programs are linked, which headers a unit reads."""

import functools
import json
import pathlib
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass

from processes import MutationError, output_of

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Unit:
    """A source file, as the build compiles it."""
    source: pathlib.Path
    output: str  # the object, relative to the folder of the build
    words: tuple  # the command without the source and the object; one warning alone is an error

    def target(self):
        return re.search(r"CMakeFiles/([^/]+)\.dir/", self.output)[1]

    def command(self, source, output):
        return [*self.words, "-o", output, "-c", source]

    def is_test(self):
        return self.source.is_relative_to(ROOT / "tests")


class Tree:
    def __init__(self, preset):
        self.preset = preset
        self.folder = ROOT / "build" / preset

    def build(self, targets):
        """Builds the targets. What the compiler says is shown if it fails."""
        print(f"Building {', '.join(targets)} ({self.preset})...", file=sys.stderr, flush=True)
        for words in (["cmake", "--preset", self.preset],
                      ["cmake", "--build", "--preset", self.preset, "--target", *targets]):
            done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode != 0:
                print(done.stdout[-4000:], file=sys.stderr)
                raise MutationError(f"{' '.join(words)} failed")

    @functools.cached_property
    def units(self):
        entries = json.loads((self.folder / "compile_commands.json").read_text())
        return [_unit(entry) for entry in entries]

    @functools.cache
    def program(self, name):
        return Program(self, name)

    @functools.cached_property
    def _headers(self):
        """The headers of ours that each object was made of."""
        headers = {}
        for block in output_of(["ninja", "-t", "deps"], self.folder).split("\n\n"):
            first, *paths = block.splitlines() or [""]
            full = ((self.folder / path.strip()).resolve() for path in paths if str(ROOT) in path or "../" in path)
            headers[first.partition(": #deps")[0]] = frozenset(full)
        return headers

    def includes(self, unit, header):
        return header in self._headers.get(unit.output, ())


def _unit(entry):
    words = shlex.split(entry["command"])
    while pathlib.Path(words[0]).name in ("ccache", "sccache"):
        words = words[1:]
    output = words[words.index("-o") + 1]
    kept = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in ("-o", "-c"):
            skip = True
        elif word != "-Werror":
            kept.append(word)
    # A function without its return is no slip that our build lets through, and may do anything.
    return Unit(pathlib.Path(entry["file"]), output, (*kept, "-Werror=return-type", "-Wfatal-errors"))


class Program:
    """A program of the tree, and those that it starts: the helpers."""

    def __init__(self, tree, name):
        self.name = name
        self.path = tree.folder / "bin" / name
        self._folder = tree.folder
        last = output_of(["ninja", "-t", "commands", f"bin/{name}"], tree.folder).splitlines()[-1]
        self._link = shlex.split(last.removeprefix(": && ").split(" && ")[0])
        linked = {pathlib.Path(word).name.removeprefix("lib").removesuffix(".a")
                  for word in self._link if word.endswith(".a")}
        self.units = [unit for unit in tree.units if unit.output in self._link or unit.target() in linked]
        self.helpers = [tree.program(helper) for helper in sorted(self._started())]

    def link_command(self, objects, output):
        """Links it with other objects in the place of its own: {object of the build: object}. They stand before
        the archives, so the linker takes them and not the members."""
        own = {unit.output for unit in self.units}
        ahead = [path for replaced, path in objects.items() if replaced in own and replaced not in self._link]
        rest = [str(objects.get(word, word)) for word in self._link[1:]]
        rest[rest.index("-o") + 1] = str(output)
        return [self._link[0], "-fuse-ld=gold", *ahead, *rest]

    def _started(self):
        """Names of the programs whose paths its sources are given as macros."""
        prefix = re.escape(f'{self._folder}/bin/')
        own = [unit for unit in self.units if unit.output in self._link]
        return {name for unit in own for word in unit.words for name in re.findall(rf'^-D\w+="{prefix}(.+)"$', word)}

    def everything(self):
        """The units of the program and of its helpers, each once."""
        return list({unit.output: unit for one in (self, *self.helpers) for unit in one.units}.values())


def affected(units, tree, file):
    """The units that a change of the file changes, those of src/ first, as they compile faster."""
    if file.suffix == ".cc":
        return [unit for unit in units if unit.source == file]
    mirror = file.with_suffix(".cc")
    found = [unit for unit in units if tree.includes(unit, file)]
    return sorted(found, key=lambda unit: (unit.is_test(), unit.source != mirror, unit.output))
