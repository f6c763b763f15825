// Decodes a JPEG into its planes of luma and chroma, without RGB. What is returned belongs to the
// caller, and refers to nothing that was passed in. Threads: any.

#ifndef IMAGESERVER_IMAGE_DIRECT_JPEG_PLANES_H_
#define IMAGESERVER_IMAGE_DIRECT_JPEG_PLANES_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "image/resample/byte_plane.h"

namespace imageserver {

// For how many samples of luma one of chroma stands, along either side.
struct Subsampling {
  int across = 1;
  int down = 1;

  friend bool operator==(const Subsampling&, const Subsampling&) = default;
};

// Luma, then blue and red chroma, all over the full range (ITU-T T.871); luma alone of a grey
// picture. All planes cover the same area: sides of chroma are rounded up. Planes that were decoded
// may have a sample of luma more where a side is odd.
struct Planes {
  Size size;  // of luma
  Subsampling chroma;
  std::vector<BytePlane> planes;

  [[nodiscard]] bool is_grey() const { return planes.size() == 1; }
};

// How the samples of a JPEG are stored.
struct JpegLayout {
  Size size;
  bool grey = false;
  Subsampling chroma;
};

// None unless the file is a JPEG in grey or YCbCr whose planes can be read as they are.
[[nodiscard]] std::optional<JpegLayout> read_jpeg_layout(std::string_view jpeg);

// The planes, each `shrink` times smaller (1, 2, 4 or 8), rounded up. None for a file that is
// damaged, however lightly. One call that cannot be stopped. REQUIRES: `layout` was read from
// `jpeg`.
[[nodiscard]] std::optional<Planes> decode_jpeg(std::string_view jpeg, const JpegLayout& layout,
                                                int shrink);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_DIRECT_JPEG_PLANES_H_
