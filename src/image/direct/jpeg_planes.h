// JPEG to and from the planes it is made of, luma and chroma, without a turn through RGB. Nothing
// is kept of what is read; what is returned belongs to the caller. Threads: free functions,
// callable from any.

#ifndef IMAGESERVER_IMAGE_DIRECT_JPEG_PLANES_H_
#define IMAGESERVER_IMAGE_DIRECT_JPEG_PLANES_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "image/resample/byte_plane.h"

namespace imageserver {

// How many samples of luma one of chroma stands for, along either side.
struct Subsampling {
  int across = 1;
  int down = 1;

  friend bool operator==(const Subsampling&, const Subsampling&) = default;
};

// ITU-T T.871: luma, then blue and red chroma, all over the full range; or luma alone, of a grey
// picture. A plane of chroma has a sample for the odd one at the end of a row or a column as well,
// and one of luma one more then, so that they cover the same.
struct Planes {
  Size size;  // of luma
  Subsampling chroma;
  std::vector<BytePlane> planes;

  [[nodiscard]] bool is_grey() const { return planes.size() == 1; }
};

// How its samples are stored; none for a file that is no JPEG in grey or in YCbCr, or in a way that
// planes are not read of: then it has to be read in RGB.
struct JpegLayout {
  Size size;
  bool grey = false;
  Subsampling chroma;
};
[[nodiscard]] std::optional<JpegLayout> read_jpeg_layout(std::string_view jpeg);

// Each plane `shrink` times smaller (1, 2, 4 or 8), rounded up. None for a file that is damaged,
// however lightly. In one call that cannot be stopped. REQUIRES: `layout` was read from it.
[[nodiscard]] std::optional<Planes> decode_jpeg(std::string_view jpeg, const JpegLayout& layout,
                                                int shrink);

// None if it cannot be encoded. REQUIRES: chroma in full or at half the size on both sides;
// 1 <= quality <= 100.
[[nodiscard]] std::optional<Bytes> encode_jpeg(const Planes& planes, int quality, bool progressive);

}  // namespace imageserver

#endif  // IMAGESERVER_IMAGE_DIRECT_JPEG_PLANES_H_
