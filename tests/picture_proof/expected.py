"""What differs from the browser for a reason. Anything else is wrong, and so is a row that nothing shows."""

import fnmatch
from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    """`mean`: how far pixels may be from the browser's, in levels. What is further is not expected."""
    kind: str   # as Row.kind()
    names: str  # patterns, separated by spaces
    reason: str
    mean: float = 255


EXPECTED = (
    Expected("refused", "bomb.webp corpus/*65535x1* corpus/*1x65535* corpus/webp-1x16383.webp corpus/webp-16384x* "
             "corpus/*7000x7000* corpus/jpeg-49mp-in-20-scans.jpg corpus/*-size-lie-large.* "
             "corpus/svg-65535x65535.svg corpus/gif-interlaced.gif corpus/gif-49mp-of-nothing.gif "
             "corpus/svg-millimetres.svg corpus/svg-view-box-only.svg",
             "a result has 8192 pixels a side and 40 megapixels at most, an original 50"),
    Expected("refused", "corpus/jpeg-many-segments.jpg corpus/avif-identities-60.avif",
             "more parts than we look at"),
    Expected("refused", "corpus/svg-data-of-* corpus/svg-reaching-[0-5].svg corpus/svg-reaching-*-by-image.svg "
             "corpus/svg-reaching-*-by-filter.svg",
             "an SVG that holds pictures is refused; they stay blank in the browser"),
    Expected("refused", "corpus/svg-entit*", "an SVG that defines entities is refused"),
    Expected("refused", "corpus/svg-6300x6300-blurred.svg corpus/svg-filters-many.svg corpus/svg-nested-*.svg "
             "corpus/svg-pattern-huge.svg", "too much work for one picture"),
    Expected("refused", "corpus/svg-nan.svg", "no size; the browser takes 300x150"),
    Expected("refused", "corpus/svg-utf-7.svg", "UTF-7, which the browser reads as if it were ASCII"),
    Expected("refused", "corpus/avif-alpha-of-itself.avif corpus/avif-frames-of-many.avif "
             "corpus/avif-size-lie-small.avif",
             "the file contradicts itself"),
    Expected("refused", "corpus/png-no-check.png", "no checksum behind the pixels: libpng then gives none of them"),
    Expected("refused", "corpus/bmp-depth-2.bmp", "2 bits a pixel are of Windows CE alone"),
    Expected("refused", "corpus/bmp-palette-4294967295.bmp corpus/bmp-pixels-in-header.bmp "
             "corpus/bmp-rle8-empty-runs.bmp corpus/bmp-rle8-far-moves.bmp",
             "numbers that cannot be; the browser goes on without them"),
    Expected("refused", "corpus/svg-1e30.svg", "no drawing has such a size; the browser takes its largest"),
    Expected("size", "corpus/svg-percent.svg", "no size in pixels: the browser takes 300x150, and we the drawing's"),
    Expected("pixels", "cmyk.jpg corpus/jpeg-ycck.jpg",
             "inks without a profile: ours are those of a press, the browser's pure colours", 30),
    Expected("pixels", "corpus/png-coding-hlg.png corpus/png-coding-pq.png corpus/png-hlg.png corpus/png-pq.png "
             "corpus/jpeg-profile-pq.jpg",
             "HDR: we keep hues and make what is bright darker, the browser cuts it off", 64),
    Expected("pixels", "corpus/avif-coding-hlg.avif corpus/avif-coding-pq.avif corpus/avif-hdr.avif",
             "the same, of colours that sRGB does not have", 103),
    Expected("pixels", "corpus/png-gamma-srgb.png",
             "a gamma of 2.2 beside the primaries of sRGB: sRGB's own curve to us, as many programs mean it", 4),
    Expected("pixels", "corpus/png-animated-beside.png",
             "a picture for those who show no animations of PNG, as we: the browser shows the first frame"),
    Expected("pixels", "corpus/jpeg-profile-perceptual-alone.jpg corpus/jpeg-profile-saturation-alone.jpg",
             "tables of nonsense: ours are read by Little CMS; the browser reads them otherwise, or not"),
    Expected("pixels", "corpus/avif-alpha-other-size.avif",
             "an alpha that lies about its size: the browser shows nothing"),
    Expected("pixels", "corpus/jpeg-profile-infinite-matrix.jpg corpus/jpeg-profile-parametric-nan.jpg",
             "a profile of colours that cannot be"),
    Expected("pixels", "corpus/png-palette-alpha-long.png", "more alphas than colours: libpng ignores them all"),
    Expected("pixels", "picture.svg corpus/svg-50-millimetres.svg corpus/svg-dashes.svg corpus/svg-markers-many.svg "
             "corpus/svg-path-long.svg",
             "edges are smoothed in another way", 3),
    Expected("pixels", "corpus/svg-fractions.svg",
             "a side of whole pixels and a part: the browser covers a part of the last pixel, we stretch", 7),
    Expected("pixels", "corpus/svg-path-overlapping.svg", "many thin lines, smoothed in another way", 11),
    Expected("pixels", "corpus/svg-reaching-*-by-font.svg", "the letters of another font", 3),
    Expected("pixels", "corpus/svg-filters.svg", "noise of a thousand octaves"),
    Expected("pixels", "corpus/svg-pattern-tiny.svg corpus/svg-view-box-tiny.svg",
             "steps of nearly nothing: what fills all here fills nothing there"),
    Expected("pixels", "corpus/svg-reaching-*-by-style.svg",
             "filled by what is not there: black for librsvg, nothing for the browser"),
)


def expected_for(row):
    """None, if the row differs for no reason."""
    for expected in EXPECTED:
        named = any(fnmatch.fnmatchcase(row.name, pattern) for pattern in expected.names.split())
        near = row.difference is None or row.difference.mean <= expected.mean
        if expected.kind == row.kind() and named and near:
            return expected
    return None
