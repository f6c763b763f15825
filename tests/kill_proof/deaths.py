"""The renderers that died at work, as the nodes' logs tell it."""

import datetime
import re
from dataclasses import dataclass

_LINE = re.compile(r"^(?P<time>\S+) warning (?P<name>.+): (?:a renderer died of it|"
                   r"takes more memory than a renderer may have)$")


@dataclass(frozen=True)
class Death:
    at: float  # seconds since 1970
    name: str  # of the original


def deaths(log):
    """In their order. `log` is a file that a node writes to."""
    with open(log.name, encoding="utf-8", errors="replace") as file:
        found = [match for match in map(_LINE.match, file) if match]
    return [Death(datetime.datetime.fromisoformat(match["time"]).timestamp(), match["name"])
            for match in found]
