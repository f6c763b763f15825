"""What differs from the browser for a reason. Anything else is wrong, and so is a row that nothing shows."""

import fnmatch
from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    kind: str    # as Row.kind()
    names: str   # patterns, separated by spaces
    reason: str


EXPECTED = (
)


def reason_for(name, kind):
    """None, if there is none."""
    for expected in EXPECTED:
        if expected.kind == kind and any(fnmatch.fnmatchcase(name, pattern) for pattern in expected.names.split()):
            return expected.reason
    return None
