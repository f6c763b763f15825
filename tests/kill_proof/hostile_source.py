"""A source of everything that is made to do harm: the test pictures and the corpus, what fuzzers found, and
damaged ones of all these."""

import pathlib
import random
import shutil

from damage import damaged
from local_ring import TESTDATA

FUZZERS = TESTDATA.parent / "fuzz/corpus"
FUZZERS_OF_PICTURES = ("transform_fuzzer", "bmp_fuzzer", "profile_fuzzer")
LARGEST_SEED = 64 << 10  # what is behind the first part of a large file is pixels, and takes long
DAMAGED_A_ROUND = 3000


def kind_of(name):
    """Of a file: what its name says that it is."""
    suffix = pathlib.PurePath(name).suffix.lower()
    return {".jpeg": "jpg", ".tif": "tiff"}.get(suffix, suffix.lstrip(".") or "fuzzer")


class HostileSource:
    """`whole` and `damaged` are names of files, below the folder."""

    def __init__(self, folder, rounds, seed):
        self._folder = pathlib.Path(folder)
        self.whole = self._copy_all()
        self.damaged = self._damage(random.Random(seed), rounds * DAMAGED_A_ROUND)

    def _copy_all(self):
        names = [self._copy(path, path.relative_to(TESTDATA)) for path in sorted(TESTDATA.rglob("*"))
                 if path.is_file() and path.suffix not in (".md", ".json")]
        for fuzzer in FUZZERS_OF_PICTURES:
            names += [self._copy(path, pathlib.Path("fuzzers") / fuzzer / path.name)
                      for path in sorted((FUZZERS / fuzzer).iterdir())]
        return names

    def _copy(self, path, name):
        copy = self._folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        return str(name)

    def _damage(self, chance, count):
        seeds = [name for name in self.whole if 0 < (self._folder / name).stat().st_size <= LARGEST_SEED]
        (self._folder / "damaged").mkdir()
        names = []
        for number in range(count):
            seed = self._folder / chance.choice(seeds)
            names.append(f"damaged/{number}-{seed.name}")
            (self._folder / names[-1]).write_bytes(damaged(chance, seed.read_bytes()))
        return names
