"""Commands that end: a limit on their time, and nothing is left of what they started."""

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass

# A mutant may kill whatever a number names, fill the memory or the disk: it has a PID namespace of its own, where
# -1 means only itself and what it started, and limits (of addresses in KiB, of a file in blocks of 512 bytes).
# The shell is there as the first process of a namespace ignores its own signals, so could not abort().
_NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child=KILL"]
_LIMITED = ["sh", "-c", 'ulimit -c 0; ulimit -v 8388608; ulimit -f 2097152; "$@"; exit $?', "sh"]

_running = set()
_lock = threading.Lock()
_stopped = False


class MutationError(Exception):
    """Ends the run with one line."""


@dataclass(frozen=True)
class Ended:
    code: int
    seconds: float
    timed_out: bool


def run(words, folder, seconds, output=subprocess.DEVNULL, environment=None):
    """Runs the command in the folder. When the seconds are over, it is killed with its children."""
    started = time.monotonic()
    with _lock:
        if _stopped:
            raise MutationError("stopped")
        process = subprocess.Popen([str(word) for word in words], cwd=folder, env=environment,
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        _running.add(process)
    timed_out = False
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        timed_out = True
    finally:
        if process.returncode is None:
            _kill_group(process)
            process.wait()
        with _lock:
            _running.discard(process)
    return Ended(process.returncode, time.monotonic() - started, timed_out)


def stop_all():
    """Kills what runs; nothing can be started any more."""
    global _stopped
    with _lock:
        _stopped = True
        for process in _running:
            _kill_group(process)


def _kill_group(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def confined(words):
    """The command, harmless to every other process."""
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return [_NAMESPACE[0], *as_root, *_NAMESPACE[1:], *_LIMITED, *words]


def require_confinement():
    if run(confined(["true"]), "/", 10).code != 0:
        raise MutationError("mutants need PID namespaces, so that none can kill other processes: run it as root, "
                            "or where users may make namespaces")


def output_of(words, folder):
    done = subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise MutationError(f"{' '.join(map(str, words))}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
