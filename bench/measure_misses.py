"""The measuring half of bench/misses: expects the `bench` preset's miss_cost to be built.

Each figure is processor time a picture, measured in a process of its own. Contenders take turns
within a round, and a ratio is made of two of the same round, so that a noisy machine disturbs both
alike.
"""

import argparse
import functools
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import urllib.parse
from dataclasses import dataclass

import servers

PROGRAM = servers.ROOT / "build" / "bench" / "bin" / "miss_cost"
SHARP = pathlib.Path(__file__).resolve().parent / "sharp"
ABOUT_MS = 300  # of pictures in one measurement


@dataclass(frozen=True)
class Job:
    name: str
    file: str
    query: str
    cost_ms: float  # about, for how many pictures to make
    goal: float | None = None  # of libvips' time
    direct: bool = False  # whether libjpeg-turbo alone is measured too


# The five jobs of the commonest kind, then the other formats.
JOBS = (
    Job("JPEG 1024×819 → 100", "medium.jpg", "width=100", 3, 0.7, True),
    Job("JPEG 1024×819 → 500", "medium.jpg", "width=500", 6, 0.7, True),
    Job("JPEG 2000×1333 → 500", "large.jpg", "width=500", 10, 0.7, True),
    Job("JPEG 5000×5000 → 500", "huge.jpg", "width=500", 40, 0.8, True),
    Job("JPEG 5000×5000 → 1000", "huge.jpg", "width=1000", 60, 0.7, True),
    Job("JPEG → WebP 800", "medium.jpg", "width=800&format=webp", 60, 1.0),
    Job("JPEG → AVIF 800", "medium.jpg", "width=800&format=avif", 120, 1.0),
    Job("PNG with alpha → 160", "alpha.png", "width=160", 6, 1.0),
    Job("PNG with alpha → WebP 160", "alpha.png", "width=160&format=webp", 10, 1.0),
    Job("animated GIF → 100", "animated.gif", "width=100&format=gif", 150, 1.0),
)


# Quality and effort as imageserver's own, for who has to be told (0: has none).
ENCODINGS = {"jpeg": (80, 0), "webp": (79, 4), "avif": (63, 1), "png": (0, 0), "gif": (0, 0)}


@dataclass(frozen=True)
class Cost:
    ms: float  # of processor time a picture
    peak_mib: float


def command_of(who, job, pictures, program):
    file = servers.TESTDATA / job.file
    if who != "sharp":
        return [program, who, file, f"/any?{job.query}", str(pictures)]
    query = dict(urllib.parse.parse_qsl(job.query))
    kind = query.get("format", file.suffix[1:].replace("jpg", "jpeg"))
    return ["node", SHARP / "cost.js", file, query["width"], kind,
            *(str(number) for number in ENCODINGS[kind]), str(pictures)]


def measure(who, job, program=PROGRAM):
    """`program`: the miss_cost of a version."""
    pictures = max(3, round(ABOUT_MS / job.cost_ms))
    with subprocess.Popen([str(word) for word in command_of(who, job, pictures, program)],
                          stdout=subprocess.PIPE, text=True) as process:
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise servers.BenchError(f"{who} failed at {job.name}")
    return Cost(float(printed), usage.ru_maxrss / 1024)


@functools.cache
def has_sharp():
    """It may be half installed, or for another machine."""
    if shutil.which("node") is None:
        return False
    probe = subprocess.run(["node", "--eval", "import('sharp')"], cwd=SHARP, capture_output=True,
                           check=False)
    return probe.returncode == 0


def contenders_of(job):
    return ("imageserver", "libvips", *(["turbo"] if job.direct else []),
            *(["sharp"] if has_sharp() else []))


def rounds_of(job, rounds):
    """Of each round, what every contender took."""
    return [{who: measure(who, job) for who in contenders_of(job)} for _ in range(rounds)]


def median_ratio(rounds, who):
    return statistics.median(costs["imageserver"].ms / costs[who].ms for costs in rounds)


def spread(rounds, who):
    values = [costs[who].ms for costs in rounds]
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def cells(rounds, who):
    """What it took, and the ratio to it; empty if it did not take part."""
    return (spread(rounds, who), f"{median_ratio(rounds, who):.2f}") if who in rounds[0] else ("", "")


def peaks(rounds):
    return " / ".join(f"{max(costs[who].peak_mib for costs in rounds):.0f}" if who in rounds[0] else "–"
                      for who in ("imageserver", "libvips", "sharp"))


HEADER = ("| job | imageserver ms | libvips ms | ratio | at most | libjpeg-turbo alone ms | ratio | "
          "sharp ms | ratio | peak MiB: imageserver / libvips / sharp |\n" + "| --- " * 10 + "|")


def row_of(job, rounds):
    goal = "" if job.goal is None else f"{job.goal:.1f}"
    row = (job.name, spread(rounds, "imageserver"), *cells(rounds, "libvips"), goal,
           *cells(rounds, "turbo"), *cells(rounds, "sharp"), peaks(rounds))
    return "| " + " | ".join(row) + " |"


def report(options):
    print(HEADER)
    ratios = []
    for job in JOBS:
        if options.only not in job.name:
            continue
        rounds = rounds_of(job, options.rounds)
        print(row_of(job, rounds), flush=True)
        if job.direct:
            ratios.append(median_ratio(rounds, "libvips"))
    if ratios:
        mean = math.exp(statistics.mean(math.log(ratio) for ratio in ratios))
        print(f"\nThe first five: {mean:.2f} of libvips (geometric mean; at most 0.5).")


def main():
    parser = argparse.ArgumentParser(
        prog="bench/misses", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="What a miss costs: milliseconds of processor time a picture, the median of the "
        "rounds (and the least and the most).")
    parser.add_argument("--rounds", type=servers.positive, default=7)
    parser.add_argument("--only", default="", help="jobs with this in their names")
    options = parser.parse_args()

    try:
        report(options)
    except servers.BenchError as error:
        raise SystemExit(f"bench/misses: {error}") from None


if __name__ == "__main__":
    main()
