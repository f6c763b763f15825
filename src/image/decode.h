// The first step: bytes become a picture of libvips, by the loader that the magic bytes name.

#ifndef IMAGESERVER_IMAGE_DECODE_H_
#define IMAGESERVER_IMAGE_DECODE_H_

#include <vips/vips8>

#include "image/geometry.h"
#include "imageserver/bytes.h"
#include "imageserver/image.h"

namespace imageserver {

// What a file says of itself before its first pixel.
struct Header {
  Format format = Format::kJpeg;
  Size stored;          // one frame, before the orientation is applied
  int frames = 1;       // all there are
  int orientation = 1;  // as EXIF counts them

  // One frame as it is seen.
  [[nodiscard]] Size upright() const;
};

// Throws vips::VError. The same holds for everything below.
[[nodiscard]] Header read_header(const Bytes& source, Format format);

// How much smaller than stored a picture may leave its decoder (1: not at all), if the rest of the
// way to `plan` is to look the same. JPEG decoders shrink by 2, 4 or 8, WebP's by any factor,
// others by none.
[[nodiscard]] double shrink_on_load(const Header& header, const Plan& plan, Resampling resampling);

// The first `frames` frames, one below the other, 8 bits a band, not decoded before they are asked
// for, and from top to bottom only. A picture that ends early is an error when that is found.
// REQUIRES: `source` outlives the result; `shrink` comes from shrink_on_load, and is 1 for more
// than one frame.
[[nodiscard]] vips::VImage decode(const Bytes& source, const Header& header, int frames,
                                  double shrink);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_DECODE_H_
