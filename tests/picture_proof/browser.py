"""What a headless Chromium shows of files: it draws each to a canvas, and gives back the pixels."""

import contextlib
import http.server
import json
import mimetypes
import pathlib
import queue
import re
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

import numpy

PAGE = pathlib.Path(__file__).with_name("page.html")
SECONDS_A_FILE = 20
MOST_PIXELS = 40_000_000  # of a result of ours; what is larger is not compared

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         "--force-color-profile=srgb", "--force-device-scale-factor=1")


class BrowserError(Exception):
    """Ends the proof with one line."""


@dataclass(frozen=True)
class Shown:
    """0 x 0: the browser does not show the file. `whole`: it finds nothing damaged. `pixels` has rows of
    RGBA, or is None where the picture has more than MOST_PIXELS."""
    width: int
    height: int
    whole: bool
    pixels: numpy.ndarray | None


NOT_SHOWN = Shown(0, 0, False, None)


class _Desk:
    """Hands out files one by one, and what became of them. It takes an answer only when the one before has
    gone, so that no more than two pictures are in memory. Any thread."""

    def __init__(self, files):
        self.files = files
        self.answers = queue.Queue(1)  # number and what is shown
        self.number = 0                # of the file that is next

    def next(self):
        return self.number if self.number < len(self.files) else None


def _handler(desk):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            file = re.fullmatch(r"/file/(\d+)", self.path)
            if self.path == "/":
                self._answer("text/html", PAGE.read_bytes())
            elif self.path == "/next":
                rest = {"number": desk.next(), "mostPixels": MOST_PIXELS}
                self._answer("application/json", json.dumps(rest).encode())
            elif file:
                path = desk.files[int(file[1])]
                kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                self._answer(kind, path.read_bytes())
            else:
                self.send_error(404)

        def do_POST(self):
            number, width, height, whole = map(int, re.fullmatch(
                r"/shown/(\d+)\?width=(\d+)&height=(\d+)&whole=([01])", self.path).groups())
            body = self.rfile.read(int(self.headers["Content-Length"]))
            pixels = numpy.frombuffer(body, numpy.uint8).reshape(height, width, 4) if body else None
            desk.number = number + 1
            desk.answers.put((number, Shown(width, height, bool(whole), pixels)))
            self._answer("text/plain", b"")

        def _answer(self, kind, body):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


@contextlib.contextmanager
def _browser(address, log):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(["chromium", *FLAGS, f"--user-data-dir={profile}", address],
                                   stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def _answer(desk, process):
    """The next one, or None if the browser hangs or has ended."""
    end = time.monotonic() + SECONDS_A_FILE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(queue.Empty):
            return desk.answers.get(timeout=0.5)
    return None


def _answers_of_one_browser(desk, count, address, log):
    """Until so many are there, or the browser hangs or ends."""
    with _browser(address, log) as process:
        for _ in range(count):
            answer = _answer(desk, process)
            if answer is None:
                return
            yield answer


@contextlib.contextmanager
def _served(desk):
    """Its address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(desk)) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def show_all(files, log):
    """What the browser shows of each, in their order, one after the other. A file at which the browser hangs
    or ends is one that it does not show; a new browser goes on behind it. Raises BrowserError."""
    desk = _Desk(files)
    done = 0
    with _served(desk) as address:
        while done < len(files):
            for _, shown in _answers_of_one_browser(desk, len(files) - done, address, log):
                yield shown
                done += 1
            if done == 0:
                raise BrowserError("the browser shows nothing at all")
            if done < len(files):
                print(f"browser: gave up at {files[done]}", file=log, flush=True)
                yield NOT_SHOWN
                done += 1
                desk.number = done
