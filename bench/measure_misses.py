"""The measuring half of bench/misses: expects the `bench` preset's miss_cost to be built.

Each figure is processor time a picture, measured in a process of its own. Contenders take turns
within a round, and a ratio is made of two of the same round, so that a noisy machine disturbs both
alike.
"""

import argparse
import math
import pathlib
import statistics
import subprocess
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build" / "bench" / "bin" / "miss_cost"
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
    Job("JPEG → WebP 800", "medium.jpg", "width=800&format=webp", 60),
    Job("JPEG → AVIF 800", "medium.jpg", "width=800&format=avif", 120),
    Job("PNG with alpha → 160", "alpha.png", "width=160", 6),
    Job("PNG with alpha → WebP 160", "alpha.png", "width=160&format=webp", 10),
    Job("animated GIF → 100", "animated.gif", "width=100&format=gif", 150),
)


def measure(who, job):
    pictures = max(3, round(ABOUT_MS / job.cost_ms))
    done = subprocess.run(
        [PROGRAM, who, ROOT / "testdata" / job.file, f"/any?{job.query}", str(pictures)],
        capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr.strip())
    return float(done.stdout)


def contenders_of(job):
    return ("imageserver", "libvips", "turbo") if job.direct else ("imageserver", "libvips")


def rounds_of(job, rounds):
    """Of each round, what every contender took."""
    return [{who: measure(who, job) for who in contenders_of(job)} for _ in range(rounds)]


def median_ratio(rounds, who):
    return statistics.median(figures["imageserver"] / figures[who] for figures in rounds)


def spread(rounds, who):
    values = [figures[who] for figures in rounds]
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def row_of(job, rounds):
    ratio = median_ratio(rounds, "libvips")
    turbo = (spread(rounds, "turbo"), f"{median_ratio(rounds, 'turbo'):.2f}") if job.direct else ("", "")
    goal = "" if job.goal is None else f"{job.goal:.1f}"
    return (job.name, spread(rounds, "imageserver"), spread(rounds, "libvips"), f"{ratio:.2f}", goal,
            *turbo)


def main():
    parser = argparse.ArgumentParser(
        prog="bench/misses", formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        description="What a miss costs: milliseconds of processor time a picture, the median of the "
        "rounds (and the least and the most).")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="jobs with this in their names")
    options = parser.parse_args()

    print("| job | imageserver | libvips | ratio | at most | libjpeg-turbo alone | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    ratios = []
    for job in JOBS:
        if options.only not in job.name:
            continue
        rounds = rounds_of(job, options.rounds)
        print("| " + " | ".join(row_of(job, rounds)) + " |", flush=True)
        if job.direct:
            ratios.append(median_ratio(rounds, "libvips"))
    if ratios:
        mean = math.exp(statistics.mean(math.log(ratio) for ratio in ratios))
        print(f"\nThe first five: {mean:.2f} of libvips (geometric mean; at most 0.5).")


if __name__ == "__main__":
    main()
