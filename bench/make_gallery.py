"""The drawing half of bench/gallery: expects the server to be built.

Contact sheets are put together with libvips' command line tool, which shares no code of ours: what
looks wrong on them is wrong in the pictures.
"""

import argparse
import contextlib
import html
import http.client
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
TESTDATA = ROOT / "testdata"
START_SECONDS = 20
ANSWER_SECONDS = 60

PRESETS = """# name=query
avatar=width=120&height=120&mode=fill&radius=60&format=png
card=width=180&height=100&mode=fill&gravity=smart&quality=70
"""

# Each chapter: its title, and what is asked for.
CHAPTERS = {
    "Originals, 160 wide": [f"{name}?width=160" for name in (
        "small.jpg", "medium.jpg", "large.jpg", "huge.jpg", "grey.jpg", "cmyk.jpg", "p3.jpg",
        "progressive.jpg", "sixteen.png", "grey.png", "palette.png", "alpha.png", "still.webp",
        "animated.gif", "animated.webp", "disposal.gif", "picture.svg", "small.avif", "small.heic",
        "small.bmp", "small.tiff")],
    "width, height, mode": [
        "medium.jpg?width=160", "medium.jpg?height=80", "medium.jpg?width=160&height=80",
        *(f"medium.jpg?width=160&height=80&mode={mode}"
          for mode in ("fit", "fill", "pad", "inside", "cover")),
        "medium.jpg?width=160&height=160&mode=pad&background=246",
        "medium.jpg?width=160&height=160&mode=pad&format=png",
        "medium.jpg?width=160&height=160&mode=pad&background=80c04020&format=png",
        "alpha.png?width=160&height=80&mode=pad&background=fc8",
        "small.avif?width=160&height=160&mode=inside", "small.avif?width=160&enlarge=0",
        "small.avif?width=160&height=160&mode=fill&enlarge=0", "small.avif?width=160",
        "medium.jpg?width=80&dpr=2", "medium.jpg?width=160&dpr=0.5",
        "medium.jpg?width=80&height=40&mode=pad&background=246&dpr=2"],
    "gravity": [
        *(f"large.jpg?width=80&height=160&mode=fill&gravity={gravity}"
          for gravity in ("center", "north", "northeast", "east", "southeast", "south", "southwest",
                          "west", "northwest", "smart", "entropy", "fp:0.2,0.5", "fp:0.9,0.1")),
        "orientation-6.jpg?width=80&height=160&mode=fill&gravity=west",
        "orientation-6.jpg?width=80&height=160&mode=fill&gravity=smart",
        "medium.jpg?width=160&height=160&mode=pad&gravity=north&background=246",
        "medium.jpg?width=160&height=160&mode=pad&gravity=fp:0,0.9&background=246"],
    "resampling, gamma_correction": [
        *(f"large.jpg?width=160&resampling={kernel}"
          for kernel in ("nearest_neighbor", "box", "linear", "cubic", "lanczos")),
        *(f"small.avif?width=160&resampling={kernel}"
          for kernel in ("nearest_neighbor", "box", "linear", "cubic", "lanczos")),
        "large.jpg?width=160&gamma_correction=true", "alpha.png?width=160&gamma_correction=true",
        "alpha.png?width=100&background=036", "alpha.png?width=100&background=036&gamma_correction=1"],
    "crop, trim": [
        "medium.jpg?crop=300,200%7C700,500", "medium.jpg?crop=300,200|700,500&width=160",
        "medium.jpg?crop=-100,-100|200,200&width=160",
        "orientation-1.jpg?crop=40,20|200,180&width=120", "orientation-6.jpg?crop=40,20|200,180&width=120",
        "animated.gif?crop=20,20|120,100", "alpha.png?trim=0", "alpha.png?trim=10",
        "alpha.png?trim=100", "disposal.gif?trim=10&width=160", "grey.jpg?trim=40"],
    "orientation": [
        *(f"orientation-{tag}.jpg?width=120" for tag in range(1, 9)),
        *(f"orientation-{tag}.jpg?width=120&orient=0" for tag in range(1, 9))],
    "flip, rotation": [
        *(f"orientation-1.jpg?width=140&flip={way}" for way in ("h", "v", "hv")),
        *(f"orientation-1.jpg?width=140&rotation={angle}"
          for angle in (90, 180, 270, -90, 30, 45, -10, 372.5)),
        "orientation-1.jpg?width=140&rotation=30&format=png",
        "orientation-1.jpg?width=140&rotation=30&background=246",
        "orientation-1.jpg?width=140&rotation=30&background=8f00&format=png",
        *(f"orientation-1.jpg?crop=120,40|180,90&width=140&rotation=20&interpolation={kind}"
          for kind in ("nearest_neighbor", "linear", "cubic")),
        "orientation-6.jpg?width=140&rotation=30&flip=h", "alpha.png?width=140&rotation=20",
        "orientation-1.jpg?crop=40,20|200,180&rotation=45&width=140",
        "animated.gif?rotation=15&width=120", "animated.gif?rotation=90&width=100"],
    "blur, sharpen, pixelate": [
        *(f"medium.jpg?width=160&blur={sigma}" for sigma in (0.5, 2, 8, 40)),
        "alpha.png?width=160&blur=6", "medium.jpg?width=80&blur=2&dpr=2",
        *(f"medium.jpg?width=160&sharpen={sigma}" for sigma in (0.5, 1, 3, 10)),
        "alpha.png?width=160&sharpen=2",
        *(f"medium.jpg?width=160&pixelate={size}" for size in (4, 12, 50, 1000)),
        "alpha.png?width=160&pixelate=12", "medium.jpg?width=80&pixelate=6&dpr=2",
        "animated.gif?width=100&pixelate=8"],
    "tone": [
        "medium.jpg?width=160&grayscale=1", "alpha.png?width=160&grayscale=1",
        *(f"medium.jpg?width=160&{name}={value}"
          for name in ("brightness", "contrast", "saturation") for value in (-100, -40, 40, 100)),
        *(f"medium.jpg?width=160&tint={colour}" for colour in ("a63", "36c", "0a0", "fff")),
        "alpha.png?width=160&tint=36c", "grey.jpg?width=160&tint=a63",
        "medium.jpg?width=160&grayscale=1&tint=a63", "animated.gif?width=100&tint=a63",
        "grey.jpg?width=160&saturation=50", "grey.jpg?width=160&contrast=50"],
    "watermark": [
        "large.jpg?width=160&watermark=logo.png",
        *(f"large.jpg?width=160&watermark=logo.png&watermark_scale=0.25&watermark_gravity={gravity}"
          for gravity in ("north", "northeast", "southeast", "southwest", "fp:0.25,0.75")),
        *(f"large.jpg?width=160&watermark=logo.png&watermark_opacity={opacity}"
          for opacity in (0.2, 0.6)),
        *(f"large.jpg?width=160&watermark=logo.png&watermark_scale={scale}" for scale in (0.1, 1)),
        "large.jpg?width=80&dpr=2&watermark=logo.png", "small.avif?watermark=logo.png",
        "alpha.png?width=160&watermark=logo.png&watermark_gravity=southeast",
        "grey.jpg?width=160&watermark=logo.png", "animated.gif?width=100&watermark=logo.png",
        "large.jpg?width=160&height=160&mode=pad&background=246&watermark=logo.png"
        "&watermark_gravity=north&watermark_scale=0.3"],
    "radius, background": [
        *(f"medium.jpg?width=160&radius={radius}&format=png" for radius in (1, 10, 40, 8192)),
        "medium.jpg?width=160&radius=20", "medium.jpg?width=160&radius=20&background=246",
        "medium.jpg?width=80&radius=10&dpr=2&format=png", "alpha.png?width=160&radius=40",
        "alpha.png?width=160&background=fc8", "alpha.png?width=160&background=80ffcc88",
        "alpha.png?width=160&background=fff&format=jpeg", "alpha.png?width=160&format=jpeg",
        "medium.jpg?width=160&height=160&mode=pad&radius=30&format=png",
        "animated.gif?width=100&radius=30", "animated.webp?width=100&radius=30"],
    "format, weight": [
        *(f"medium.jpg?width=160&format={name}"
          for name in ("jpeg", "png", "gif", "webp", "avif", "tiff", "bmp", "auto")),
        *(f"alpha.png?width=160&format={name}"
          for name in ("jpeg", "png", "gif", "webp", "avif", "tiff", "bmp", "auto")),
        *(f"medium.jpg?width=160&quality={quality}" for quality in (1, 10, 50, 95, "auto")),
        *(f"medium.jpg?width=160&format={name}&quality={quality}"
          for name in ("webp", "avif") for quality in (1, 50, "auto")),
        *(f"medium.jpg?width=160&max_bytes={most}" for most in (1500, 3000, 6000)),
        *(f"medium.jpg?width=160&format=png&colors={count}" for count in (2, 4, 16, 256)),
        "alpha.png?width=160&colors=8", "medium.jpg?width=160&format=gif&colors=8",
        "medium.jpg?width=160&format=webp&lossless=1", "medium.jpg?width=160&format=avif&lossless=1",
        "medium.jpg?width=160&progressive=1", "medium.jpg?width=160&format=png&progressive=1",
        "copyright.jpg?width=160&strip=1", "copyright.jpg?width=160&strip=0"],
    "animation, presets": [
        "animated.gif?width=100", "animated.gif?width=100&page=6", "animated.gif?width=100&frames=3",
        "animated.gif?width=100&page=4&frames=4", "animated.gif?width=100&format=webp",
        "animated.webp?width=100&format=gif", "animated.gif?width=100&format=jpeg",
        "animated.gif?width=100&height=100&mode=fill", "animated.gif?width=100&height=100&mode=pad",
        "animated.webp?width=100&colors=8&format=gif", "disposal.gif?width=160",
        "disposal.gif?width=160&format=webp", "animated.gif?width=100&format=auto",
        "large.jpg?preset=avatar", "large.jpg?preset=card", "large.jpg?preset=card&quality=5"],
}

FILE_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp",
                "image/avif": "avif", "image/tiff": "tiff", "image/bmp": "bmp"}

STYLE = """
body { font: 14px sans-serif; margin: 2em; background: #fafafa }
section { display: flex; flex-wrap: wrap; gap: 16px }
figure { margin: 0; width: 260px }
img { max-width: 260px;
  background: repeating-conic-gradient(#ccc 0 25%, #fff 0 50%) 0 0 / 16px 16px }
figcaption { font: 12px monospace; overflow-wrap: anywhere }
.error { color: #b00 }
"""


class GalleryError(Exception):
    """Ends the run with one line."""


@dataclass(frozen=True)
class Answer:
    query: str
    status: int
    media_type: str
    body: bytes

    @property
    def is_picture(self):
        return self.status == 200

    @property
    def ending(self):
        return FILE_ENDINGS.get(self.media_type, "txt")

    @property
    def facts(self):
        if not self.is_picture:
            return f"{self.status} {self.body.decode(errors='replace').strip()}"
        return f"{self.media_type.removeprefix('image/')}, {len(self.body)} bytes"


# ---- the server ----


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(process, port):
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise GalleryError(f"the server ended at once, code {process.returncode}")
        with contextlib.suppress(OSError):
            if ask(port, "readyz").status == 200:
                return
        time.sleep(0.05)
    raise GalleryError(f"the server is not ready after {START_SECONDS} seconds")


@contextlib.contextmanager
def server(program):
    """Its port."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="imageserver-gallery-") as directory:
        presets = pathlib.Path(directory, "presets")
        presets.write_text(PRESETS)
        process = subprocess.Popen(
            [program, f"--http=127.0.0.1:{port}", f"--source={TESTDATA}",
             f"--watermarks={TESTDATA / 'watermarks'}", f"--presets={presets}",
             "--untrusted-formats=svg", "--drain=0s", "--timeout=60s", "--log-level=warning"],
            stdin=subprocess.DEVNULL)
        try:
            wait_until_ready(process, port)
            yield port
        finally:
            process.terminate()
            process.wait()


def ask(port, query):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/" + query.replace("|", "%7C"),
                           headers={"Accept": "image/avif,image/webp,*/*"})
        response = connection.getresponse()
        return Answer(query, response.status, response.getheader("Content-Type", ""),
                      response.read())
    finally:
        connection.close()


# ---- the page ----


def figure(answer, name):
    caption = html.escape(answer.query) + "<br>" + html.escape(answer.facts)
    if not answer.is_picture:
        return f'<figure><figcaption class="error">{caption}</figcaption></figure>'
    return f'<figure><img src="{name}" alt=""><figcaption>{caption}</figcaption></figure>'


def write_page(folder, chapters):
    parts = ["<!doctype html>", '<meta charset="utf-8">', "<title>Gallery</title>",
             f"<style>{STYLE}</style>", "<h1>Gallery</h1>"]
    for title, pictures in chapters.items():
        parts += [f"<h2>{html.escape(title)}</h2>", "<section>"]
        parts += [figure(answer, file.name) for answer, file in pictures]
        parts.append("</section>")
    (folder / "index.html").write_text("\n".join(parts) + "\n")


# ---- the contact sheets ----

CELL = 216, 216
PICTURE = 204, 164
ACROSS = 7
DOWN = 7


def vips(*words):
    done = subprocess.run(["vips", *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise GalleryError(f"vips {words[0]} ended with {done.returncode}: {done.stderr.strip()}")


def field(file, name):
    """A number from the header of a picture, of its first page."""
    done = subprocess.run(["vipsheader", "-f", name, file], capture_output=True, text=True,
                          check=False)
    return int(done.stdout) if done.returncode == 0 else None


class Sheets:
    """Cells are drawn one by one and joined in the end."""

    def __init__(self, work):
        self.work = work
        self.cells = []
        self.checks = work / "checks.v"
        vips("black", work / "dark.v", 8, 8)
        vips("linear", work / "dark.v", work / "grey.v", "1", "200", "--uchar")
        vips("linear", work / "dark.v", work / "light.v", "1", "255", "--uchar")
        vips("arrayjoin", f"{work / 'grey.v'} {work / 'light.v'} {work / 'light.v'} {work / 'grey.v'}",
             work / "tile.v", "--across", 2)
        vips("replicate", work / "tile.v", work / "grey_checks.v", 16, 16)
        vips("colourspace", work / "grey_checks.v", self.checks, "srgb")

    def add_title(self, title):
        number = len(self.cells)
        cell = self.work / f"cell-{number}.v"
        vips("gravity", self.text(html.escape(title), "sans bold 14", number), cell, "centre", *CELL,
             "--extend", "white")
        self.cells.append(cell)

    def add(self, answer, file):
        number = len(self.cells)
        name, _, query = answer.query.partition("?")
        words = html.escape("\n".join([f"{name} {answer.facts}", query.replace("&", " ")]))
        caption = self.text(words, "sans 8", number)
        cell = self.work / f"cell-{number}.v"
        if answer.is_picture:
            picture = self.picture(file, number)
            vips("join", picture, caption, self.work / "joined.v", "vertical", "--expand",
                 "--shim", 2, "--background", "255 255 255")
            vips("gravity", self.work / "joined.v", cell, "north-west", *CELL, "--extend", "white")
        else:
            vips("gravity", caption, cell, "north-west", *CELL, "--extend", "white")
        self.cells.append(cell)

    def picture(self, file, number):
        small = self.work / f"small-{number}.v"
        pages = field(file, "n-pages") or 1
        if pages > 1:
            shown = 4 if pages >= 4 else 2
            strip = self.work / "strip.png"  # which knows of no pages
            vips("copy", f"{file}[n={shown}]", strip)
            vips("grid", strip, self.work / "grid.v", field(file, "height"), 2,
                 shown // 2)
            file = self.work / "grid.v"
        vips("thumbnail", file, small, PICTURE[0], "--height", PICTURE[1], "--size", "down",
             "--no-rotate")
        return self.laid_on_checks(small, number)

    def laid_on_checks(self, small, number):
        coloured = self.work / "coloured.v"
        vips("colourspace", small, coloured, "srgb")
        if field(coloured, "bands") == 3:
            shutil.copy(coloured, small)
            return small
        width, height = field(coloured, "width"), field(coloured, "height")
        vips("crop", self.checks, self.work / "under.v", 0, 0, width, height)
        vips("composite2", self.work / "under.v", coloured, self.work / "over.v", "over")
        vips("extract_band", self.work / "over.v", self.work / "opaque.v", 0, "--n", 3)
        laid = self.work / f"laid-{number}.v"
        vips("cast", self.work / "opaque.v", laid, "uchar")
        return laid

    def text(self, words, font, number):
        mask = self.work / "mask.v"
        vips("text", mask, words, "--font", font, "--width", PICTURE[0], "--dpi", 72, "--wrap",
             "char")
        ink = self.work / "ink.v"
        vips("invert", mask, ink)
        caption = self.work / f"caption-{number}.v"
        vips("colourspace", ink, caption, "srgb")
        return caption

    def write(self, folder):
        """Returns the files."""
        files = []
        for start in range(0, len(self.cells), ACROSS * DOWN):
            cells = self.cells[start:start + ACROSS * DOWN]
            file = folder / f"sheet-{len(files) + 1}.png"
            vips("arrayjoin", " ".join(map(str, cells)), file, "--across", ACROSS, "--background",
                 "255 255 255")
            files.append(file)
        return files


def write_sheets(folder, chapters):
    with tempfile.TemporaryDirectory(prefix="imageserver-gallery-") as directory:
        sheets = Sheets(pathlib.Path(directory))
        for title, pictures in chapters.items():
            sheets.add_title(title)
            for answer, file in pictures:
                sheets.add(answer, file)
        return sheets.write(folder)


# ---- all of it ----


def fetch_all(port, folder):
    """Per chapter the answers, each with the file it is in."""
    chapters = {}
    number = 0
    for title, queries in CHAPTERS.items():
        chapters[title] = []
        for query in queries:
            answer = ask(port, query)
            file = folder / f"{number:03}.{answer.ending}"
            file.write_bytes(answer.body)
            chapters[title].append((answer, file))
            number += 1
    return chapters


def main():
    parser = argparse.ArgumentParser(prog="bench/gallery")
    parser.add_argument("--program", default=ROOT / "build/release/bin/imageserver",
                        help="the server")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build/gallery",
                        help="where the gallery goes; emptied before")
    options = parser.parse_args()
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    with server(options.program) as port:
        chapters = fetch_all(port, options.folder)
    write_page(options.folder, chapters)
    for file in write_sheets(options.folder, chapters):
        print(file)
    print(options.folder / "index.html")
    refused = [answer for pictures in chapters.values() for answer, _ in pictures
               if not answer.is_picture]
    for answer in refused:
        print(f"no picture: {answer.query}: {answer.facts}")
    return 1 if refused else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except GalleryError as error:
        sys.exit(f"bench/gallery: {error}")
