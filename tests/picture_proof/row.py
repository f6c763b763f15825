"""One file: what a browser shows of it, and what we answer."""

from dataclasses import dataclass

from browser import Shown
from difference import LEAST_SEEN, Difference, decoded, difference

DAMAGED = 422
HEADINGS = ("file", "size", "largest", "mean", f"share above {LEAST_SEEN}", "ours", "verdict")


@dataclass(frozen=True)
class Row:
    name: str
    shown: Shown
    status: int
    size: tuple[int, int] | None          # of what we answer
    difference: Difference | None  # where both have a picture of one size

    def kind(self):
        """How the two differ, in one word; none if they do not, if the browser shows nothing, or if both find
        the file damaged."""
        if not self.shown.width or (self.status == DAMAGED and not self.shown.whole):
            return None
        if self.status != 200:
            return "refused"
        if self.size != (self.shown.width, self.shown.height):
            return "size"
        return "pixels" if self.difference and self.difference.largest > LEAST_SEEN else None

    def cells(self, expected):
        """`expected` says why it may differ; None, if it may not."""
        found = self.difference
        numbers = (str(found.largest), f"{found.mean:.2f}", f"{found.share:.2%}") if found else ("", "", "")
        ours = f"{self.size[0]}x{self.size[1]}" if self.kind() == "size" else str(self.status)
        return (self.name, f"{self.shown.width}x{self.shown.height}", *numbers, ours, self._verdict(expected))

    def _verdict(self, expected):
        if self.kind():
            return expected.reason if expected else f"WRONG: {self.kind()}"
        return "same" if self.status == 200 else "damaged for both"


def compare(name, shown, reply):
    """`reply` is our answer to the file as PNG."""
    pixels = decoded(reply.body) if reply.status == 200 and shown.width else None
    size = None if pixels is None else (pixels.shape[1], pixels.shape[0])
    comparable = shown.pixels is not None and size == (shown.width, shown.height)
    return Row(name, shown, reply.status, size, difference(pixels, shown.pixels) if comparable else None)


def line(cells):
    return f"| {' | '.join(cells)} |"


def heading():
    return f"{line(HEADINGS)}\n{line(['---'] * len(HEADINGS))}"
