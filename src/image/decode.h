// The first step: bytes become a picture of libvips, by the loader that the magic bytes name.

#ifndef IMAGESERVER_IMAGE_DECODE_H_
#define IMAGESERVER_IMAGE_DECODE_H_

#include <cstdint>
#include <string>
#include <vips/vips8>

#include "image/file_type.h"
#include "image/geometry.h"
#include "imageserver/bytes.h"

namespace imageserver {

// What a file says of itself before its first pixel.
struct Header {
  FileType type = FileType::kJpeg;
  Size stored;          // one frame, before the orientation is applied
  int pages = 1;        // all frames, or pages, there are
  int orientation = 1;  // as EXIF counts them
  bool alpha = false;
  bool is_srgb = true;         // or grey: see colour.h
  bool has_copyright = false;  // in EXIF
  bool has_metadata = false;   // EXIF, XMP or IPTC
};

// Which frames are read.
struct Pages {
  int first = 0;
  int count = 1;
};

// Of a document, whose pages may have sizes of their own, what that page says, or the first if
// there is no such page. Throws vips::VError. The same holds for everything below.
[[nodiscard]] Header read_header(const Bytes& source, FileType type, int page = 0);

// The colour profile in the file (ICC.1); empty if there is none.
[[nodiscard]] std::string embedded_profile(const Bytes& source, FileType type);

// By what factor a frame may leave its decoder (1: as stored), if the rest of the way along
// `layout` is to look the same: smaller, where decoders shrink (JPEG by 2, 4 or 8, WebP by
// any factor), or of any size where it is drawn, but not above `max_pixels` for the whole frame.
[[nodiscard]] double load_scale(const Header& header, const Layout& layout,
                                const TransformSpec& spec, std::int64_t max_pixels);

// The frames, one below the other, 8 bits a band and 1 to 5 bands, not decoded before they are
// asked for, and from top to bottom only. A picture that ends early is an error when that is found.
// REQUIRES: `source` outlives the result; `scale` comes from load_scale, and is 1 for more than one
// frame.
[[nodiscard]] vips::VImage decode(const Bytes& source, const Header& header, const Pages& pages,
                                  double scale);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_DECODE_H_
