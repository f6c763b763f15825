"""/dev/shm, full for a while. Where it is large, a small one is mounted over it: we are in a mount namespace
of our own (scripts/proof)."""

import contextlib
import ctypes
import os
import pathlib

FOLDER = pathlib.Path("/dev/shm")
MOST = 2 << 30
SMALL = "64m"
_STEP = 1 << 20
_LIBC = ctypes.CDLL(None, use_errno=True)


def _size():
    status = os.statvfs(FOLDER)
    return status.f_frsize * status.f_blocks


def make_fillable():
    """Whether it can be filled."""
    if not os.path.ismount(FOLDER):
        return False
    if _size() <= MOST:
        return True
    return _LIBC.mount(b"tmpfs", os.fsencode(FOLDER), b"tmpfs", 0, f"size={SMALL}".encode()) == 0


@contextlib.contextmanager
def full():
    path = FOLDER / f"imageserver-proof-{os.getpid()}"
    try:
        with open(path, "wb", buffering=0) as file:
            _fill(file)
            yield
    finally:
        path.unlink()


def _fill(file):
    step = _STEP
    while step:
        try:
            file.write(bytes(step))
        except OSError:
            step //= 2
