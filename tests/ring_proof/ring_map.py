"""Which node owns a picture, computed from the definition of the balanced ring (src/groupcache/ring.h): an original
and all that is made of it have one owner."""

import bisect
import hashlib
import urllib.parse

HASHES_A_NODE = 768
GROUPS_A_HASH = 4
SPELLINGS = 32  # of those of one file; Linux follows 40 links


def spelled(path, number):
    """One of the names of a file: testdata has a link to itself. Each is an original of its own to the ring."""
    return "/again" * (number % SPELLINGS) + path


def original_of(target):
    return urllib.parse.unquote(target.removeprefix("/").partition("?")[0])


class RingMap:
    def __init__(self, addresses):
        points = []
        for address in addresses:
            for number in range(HASHES_A_NODE):
                hashed = hashlib.sha256(f"http://{address}#{number}".encode()).digest()
                points += [(hashed[8 * group:8 * group + 8], address) for group in range(GROUPS_A_HASH)]
        self._points = sorted(points)

    def owner(self, target):
        """The address of the node that owns the picture."""
        place = hashlib.sha256(original_of(target).encode()).digest()[:8]
        at = bisect.bisect_left(self._points, (place, ""))
        return self._points[at % len(self._points)][1]
