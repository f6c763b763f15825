"""What became of the mutants of a target: kept in a file, told in words, counted."""

import dataclasses
import json

from mutants import Mutant
from processes import MutationError, output_of
from tree import ROOT
from trial import DISCARDED, EQUIVALENT, KILLED, SURVIVED, TIMED_OUT, Trial

_FOLDER = ROOT / "build" / "mutate" / "results"
_VERDICTS = (KILLED, TIMED_OUT, SURVIVED, EQUIVALENT, DISCARDED)


class Results:
    """What is known of a target with a seed, kept in a file."""

    def __init__(self, target, seed):
        self.path = _FOLDER / f"{target.name.replace('/', '-')}-{seed}.json"
        self.trials = []

    def load(self):
        if not self.path.exists():
            raise MutationError(f"nothing to try again: there is no {self.path.relative_to(ROOT)}")
        self.trials = [Trial(**(known | {"mutant": Mutant(**known["mutant"])}))
                       for known in json.loads(self.path.read_text())["mutants"]]

    def survivors(self):
        """The mutants that survived, where their lines are now. Of a line that is gone, nothing is known any more."""
        known, self.trials = self.trials, []
        for one in known:
            if one.verdict == SURVIVED:
                mutant = moved(one.mutant)
                if mutant is None:
                    print(f"{one.mutant.file}:{one.mutant.line} is gone: {one.mutant.old.strip()}")
                    continue
                one = dataclasses.replace(one, mutant=mutant)
            self.trials.append(one)
        return [one.mutant for one in self.trials if one.verdict == SURVIVED]

    def add(self, trial):
        """Takes the place of what was known of the mutant."""
        self.trials = [one for one in self.trials if one.mutant != trial.mutant] + [trial]

    def save(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        summary = {verdict: self.count(verdict) for verdict in _VERDICTS}
        commit = output_of(["git", "describe", "--always", "--dirty"], ROOT).strip()
        content = {"commit": commit, "score": self.score(), "summary": summary,
                   "mutants": [dataclasses.asdict(one) for one in self.trials]}
        self.path.write_text(json.dumps(content, indent=1))

    def count(self, *verdicts):
        return sum(one.verdict in verdicts for one in self.trials)

    def score(self):
        """Killed ones of those that count; None if none does."""
        killed = self.count(KILLED, TIMED_OUT)
        counting = killed + self.count(SURVIVED)
        return killed / counting if counting else None


def moved(mutant):
    """The mutant, where the nearest line like its own is; None if there is none."""
    path = ROOT / mutant.file
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    alike = [number for number, line in enumerate(lines, 1) if line == mutant.old]
    nearest = min(alike, key=lambda number: abs(number - mutant.line), default=None)
    return dataclasses.replace(mutant, line=nearest) if nearest else None


def describe(one):
    place = f"{one.mutant.file}:{one.mutant.line}"
    if one.verdict == SURVIVED:
        new = one.mutant.new.rstrip().replace("\n", "\n    ")
        return f"{place} survived:\n  - {one.mutant.old.strip()}\n  + {new.strip()}"
    if one.verdict == TIMED_OUT:
        return f"{place} killed by time-out after {one.seconds:.0f} s, in {one.test}: {one.mutant.new.strip()}"
    by = f" by {one.test} in {one.seconds:.1f} s" if one.test else ""
    return f"{place} {one.verdict}{by}: {one.mutant.new.strip()}"


def report(results, seconds, tried):
    print("\n| " + " | ".join((*_VERDICTS, "score")) + " |")
    print("| --- " * (len(_VERDICTS) + 1) + "|")
    score = results.score()
    figures = [str(results.count(verdict)) for verdict in _VERDICTS]
    print("| " + " | ".join((*figures, "-" if score is None else f"{100 * score:.0f} %")) + " |")
    if tried:
        print(f"{seconds / 60:.1f} minutes, {seconds / tried:.1f} s a mutant that counts. All of it: "
              f"{results.path.relative_to(ROOT)}")
