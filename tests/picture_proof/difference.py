"""How far two pictures are from each other."""

import io
from dataclasses import dataclass

import numpy
from PIL import Image

Image.MAX_IMAGE_PIXELS = None
MODES_OF_8_BITS = ("1", "L", "LA", "P", "RGB", "RGBA")
LEAST_SEEN = 3  # levels: decoders of JPEG, and roundings of alpha, differ by less


class UnknownPixels(Exception):
    """Not what we write."""


@dataclass(frozen=True)
class Difference:
    """In levels of 0 to 255. That of a pixel is the largest of its channels'."""
    largest: int
    mean: float
    share: float  # of pixels, with a difference above LEAST_SEEN


def decoded(png):
    """Rows of RGBA of a PNG of 8 bits or less a channel."""
    image = Image.open(io.BytesIO(png))
    if image.format != "PNG" or image.mode not in MODES_OF_8_BITS:
        raise UnknownPixels(f"{image.format} {image.mode}")
    return numpy.asarray(image.convert("RGBA"))


def _weighted(pixels):
    """Colours as much as they are seen: what is transparent has none."""
    pixels = pixels.astype(numpy.uint16)
    alpha = pixels[..., 3:]
    return numpy.concatenate(((pixels[..., :3] * alpha + 127) // 255, alpha), axis=2).astype(numpy.int16)


def _levels(first, second):
    """Of each pixel, by bands, as whole pictures take much memory."""
    rows = max(1, 4_000_000 // max(1, first.shape[1]))
    return numpy.concatenate([
        numpy.abs(_weighted(first[at:at + rows]) - _weighted(second[at:at + rows])).max(axis=2).astype(numpy.uint8)
        for at in range(0, len(first), rows)])


def difference(first, second):
    """REQUIRES: the same shape."""
    levels = _levels(first, second)
    return Difference(int(levels.max()), float(levels.mean()), float((levels > LEAST_SEEN).mean()))
