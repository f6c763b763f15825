"""What is asked for: pictures of all formats, to and fro, each with a key of its own."""

import pathlib
import random
import shutil

from local_ring import TESTDATA

AGAIN = 0.2  # as often one is asked for that was answered before
LEAST_WIDTH = 40
WIDTHS = 200

# %d makes them differ. Those of SVG, PDF and JPEG XL have a renderer for themselves.
KINDS = (
    "/medium.jpg?width=%d",
    "/small.jpg?width=%d&format=png",
    "/p3.jpg?width=%d&format=webp",
    "/small.jpg?width=%d&height=90&mode=fill&format=avif",
    "/alpha.png?width=%d",
    "/alpha.png?width=%d&format=gif",
    "/still.webp?width=%d&format=jpeg&rotation=20",
    "/animated.gif?width=%d&frames=4",
    "/small.avif?width=%d",
    "/small.heic?width=%d",
    "/small.tiff?width=%d&format=webp",
    "/large.jpg?width=%d&blur=2",
    "/picture.svg?width=%d",
    "/corpus/jxl-good.jxl?width=%d",
    "/corpus/pdf-good.pdf?width=%d&format=webp",
)

_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF", b"II*\0", b"MM\0*", b"BM")


def make_source(folder):
    """A source with the originals of all kinds."""
    for kind in KINDS:
        path = kind.partition("?")[0].removeprefix("/")
        copy = pathlib.Path(folder) / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TESTDATA / path, copy)


def is_picture(body):
    """By its first bytes."""
    return body.startswith(_BEGINNINGS) or body[4:12] == b"ftypavif"


class Pictures:
    def __init__(self, seed):
        self._random = random.Random(seed)
        self._next = 0
        self._answered = []

    def pick(self):
        if self._answered and self._random.random() < AGAIN:
            return self._random.choice(self._answered)
        kind, number = KINDS[self._next % len(KINDS)], self._next // len(KINDS)
        self._next += 1
        return f"{kind % (LEAST_WIDTH + number % WIDTHS)}&quality={20 + number // WIDTHS % 75}"

    def note_answered(self, target):
        self._answered.append(target)
