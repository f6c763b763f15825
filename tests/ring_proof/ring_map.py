"""Which node owns a picture, computed from the definition of the balanced ring (src/groupcache/ring.h)."""

import bisect
import hashlib
import urllib.parse

HASHES_A_NODE = 768
GROUPS_A_HASH = 4
_PLACES = {"width": "gift_resize", "height": "gift_resize", "background": "gift_rotate"}


def canonical_text(target):
    """Of a target whose parameters are spelt as the canonical text spells them."""
    source, _, query = target.removeprefix("/").partition("?")
    whole = {}
    for name, value in urllib.parse.parse_qsl(query):
        place = _PLACES.get(name)
        (whole.setdefault(place, {}) if place else whole)[name] = value
    return f"map[{''.join(_entry(name, whole[name]) for name in sorted(whole))}source:{source}]"


def _entry(name, value):
    if isinstance(value, dict):
        value = f"map[{' '.join(f'{inner}:{value[inner]}' for inner in sorted(value))}]"
    return f"{name}:{'true' if name == 'lossless' else value} "


def key_of(target):
    return hashlib.sha256(canonical_text(target).encode()).hexdigest()


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
        place = hashlib.sha256(key_of(target).encode()).digest()[:8]
        at = bisect.bisect_left(self._points, (place, ""))
        return self._points[at % len(self._points)][1]
