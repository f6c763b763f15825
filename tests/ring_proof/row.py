"""What one fault did to one ring, and whether that is within the bounds."""

import math
from dataclasses import dataclass

LONGEST_BY_FAULT = 2.0   # seconds, for any request
SETTLED_AFTER = 1.0      # from so long after the fault on:
P99_SETTLED = 0.5
LONGEST_SETTLED = 1.5
BACK_AFTER = 1.0         # once the node is back
LEAST_TAIL = 0.2         # a tail below this is as good as any

HEADINGS = ("fault", "nodes", "requests", "failed", "before: p99 / longest", "first second: longest",
            "then: p99 / longest", "renders more / lost keys", "tail back after", "verdict")


def p99(samples):
    """In seconds; 0 of none."""
    times = sorted(sample.took for sample in samples)
    return times[math.ceil(0.99 * len(times)) - 1] if times else 0.0


def longest(samples):
    return max((sample.took for sample in samples), default=0.0)


@dataclass(frozen=True)
class Moments:
    """By the loop's clock."""
    calm: float   # from here to the fault: as it is without one
    fault: float
    back: float   # the node is as before
    end: float    # of the load


class Row:
    def __init__(self, name, nodes, moments, samples, renders_more, lost_keys):
        self.name = name
        self.nodes = nodes
        self.renders_more = renders_more
        self.lost_keys = lost_keys
        self._moments = moments
        self._calm = [s for s in samples if s.due >= moments.calm and s.end <= moments.fault]
        self.hit = [s for s in samples if s.end > moments.fault]  # those under way too
        settled = moments.fault + SETTLED_AFTER
        self._first = [s for s in self.hit if s.due < settled]
        self._then = [s for s in self.hit if settled <= s.due < moments.back]
        self._after = [s for s in self.hit if s.due >= moments.back]
        self.failures = [s for s in self.hit if s.failure]

    def is_noisy(self):
        """Whether the machine was too busy with other things to measure anything."""
        return longest(self._calm) > P99_SETTLED

    def tail_back(self):
        """Seconds from the node's return to the first moment from which on the tail is that of before; none
        if it is not while we look."""
        as_before = max(longest(self._calm), LEAST_TAIL)
        candidates = [self._moments.back] + [s.due + 1e-6 for s in self._after if s.took > as_before]
        for moment in sorted(candidates):
            rest = [s for s in self._after if s.due >= moment]
            if moment <= self._moments.end - 1 and p99(rest) <= as_before:
                return moment - self._moments.back
        return None

    def broken(self):
        """The bounds that do not hold, in words."""
        back = self.tail_back()
        checks = (
            (not self.failures, "failed requests"),
            (longest(self.hit) <= LONGEST_BY_FAULT, f"longest above {LONGEST_BY_FAULT:g} s"),
            (p99(self._then) <= P99_SETTLED, f"p99 above {P99_SETTLED:g} s"),
            (longest(self._then + self._after) <= LONGEST_SETTLED,
             f"longest above {LONGEST_SETTLED:g} s after 1 s"),
            (self.renders_more <= self.lost_keys, "renders"),
            (back is not None and back <= BACK_AFTER, "tail"),
        )
        return [words for holds, words in checks if not holds]

    def verdict(self):
        noise = "noisy machine; " if self.is_noisy() else ""
        return noise + (", ".join(self.broken()) or "holds")

    def cells(self):
        back = self.tail_back()
        watched = self._moments.end - self._moments.back
        return (self.name, self.nodes, str(len(self.hit)), str(len(self.failures)),
                f"{p99(self._calm):.2f} / {longest(self._calm):.2f} s", f"{longest(self._first):.2f} s",
                f"{p99(self._then):.2f} / {longest(self._then):.2f} s",
                f"{self.renders_more} / {self.lost_keys}",
                f"{back:.1f} s" if back is not None else f"not in {watched:.0f} s",
                self.verdict())


def line(cells):
    return f"| {' | '.join(cells)} |"


def heading():
    return f"{line(HEADINGS)}\n{line(['---'] * len(HEADINGS))}"
