"""What Linux tells of processes: their children, their memory, their descriptors."""

import collections
import os
import pathlib
import resource

RENDERER = "imageserver-ren"  # its name, as long as Linux keeps it
_ENDED = "ZX"
_STOPPED = "Tt"
_PAGE = resource.getpagesize()


def _fields(pid):
    """Those of stat(5) from the state on; none if there is no such process."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _state(pid):
    fields = _fields(pid)
    return fields[0] if fields else "X"


def name(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_gone(pid):
    """Has ended, or is stopped: it does nothing any more."""
    return _state(pid) in _ENDED + _STOPPED


def has_ended(pid):
    return _state(pid) in _ENDED


def is_zombie(pid):
    return _state(pid) == "Z"


def children(pid):
    found = []
    for thread in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, thread.read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            pass  # that thread has ended
    return found


def renderers(server):
    """Those of a server that live."""
    return [pid for pid in children(server) if name(pid) == RENDERER and not is_gone(pid)]


def all_renderers():
    """On the machine, as far as we see it."""
    found = (int(entry) for entry in os.listdir("/proc") if entry.isdigit())
    return [pid for pid in found if name(pid) == RENDERER and not has_ended(pid)]


def _statm(pid, index):
    try:
        return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[index]) * _PAGE
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0


def addresses(pid):
    """Bytes."""
    return _statm(pid, 0)


def resident(pid):
    """Bytes."""
    return _statm(pid, 1)


def data(pid):
    """Bytes of heaps and stacks."""
    return _statm(pid, 5)


def descriptors(pid):
    """How many there are of each kind."""
    unix = _unix_sockets(pid)
    kinds = collections.Counter()
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            kinds[_kind(os.readlink(entry), unix)] += 1
        except FileNotFoundError:
            pass  # closed meanwhile
    return kinds


def _kind(target, unix):
    if target.startswith("/memfd:"):
        return "memfd"
    if target.startswith("socket:"):
        return "line" if target[len("socket:["):-1] in unix else "connection"
    return "other"


def _unix_sockets(pid):
    """Their inodes."""
    lines = pathlib.Path(f"/proc/{pid}/net/unix").read_text().splitlines()[1:]
    return {line.split()[6] for line in lines}
