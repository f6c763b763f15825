// The header of a file, and which of its frames are read.

#ifndef IMAGESERVER_IMAGE_PLAN_HEADER_H_
#define IMAGESERVER_IMAGE_PLAN_HEADER_H_

#include <cstdint>
#include <optional>

#include "formats/format.h"
#include "formats/size.h"

namespace imageserver {

// What is known of a file before a pixel is decoded.
struct Header {
  FileType type = FileType::kJpeg;
  Size stored;          // one frame, before the orientation is applied
  int pages = 1;        // all frames, or pages, there are
  int orientation = 1;  // as EXIF counts them
  bool alpha = false;
  bool is_srgb = true;         // is_srgb() of to_srgb.h: sRGB or grey
  bool is_dear = false;        // is_dear() of to_srgb.h: in a space that takes long to leave
  bool has_copyright = false;  // in EXIF
  bool has_metadata = false;   // EXIF, XMP or IPTC

  // Of all that is decoded for the picture; 0 where that is the frame alone.
  std::int64_t coded_pixels = 0;

  // Of a drawing: `stored` before it was rounded.
  std::optional<RealSize> natural = {};

  friend bool operator==(const Header&, const Header&) = default;
};

// Which frames are read.
struct Pages {
  int first = 0;
  int count = 1;
};

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_PLAN_HEADER_H_
