// The headers of a Windows bitmap, judged before any pixel is looked at. Threads: any.

#ifndef IMAGESERVER_FORMATS_BMP_HEADER_H_
#define IMAGESERVER_FORMATS_BMP_HEADER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/endian.h"
#include "formats/size.h"
#include "imageserver/error.h"

namespace imageserver {

// The little-endian numbers of a file. What would lie behind its end is 0.
class LittleEndian {
 public:
  explicit LittleEndian(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] std::uint32_t u16(std::size_t at) const { return read<std::uint16_t>(at); }
  [[nodiscard]] std::uint32_t u32(std::size_t at) const { return read<std::uint32_t>(at); }

 private:
  template <class Number>
  [[nodiscard]] std::uint32_t read(std::size_t at) const {
    if (at <= bytes_.size() && bytes_.size() - at >= sizeof(Number)) {
      return read_little_endian<Number>(bytes_, at);
    }
    const std::string_view rest = bytes_.substr(std::min(at, bytes_.size()));
    return static_cast<std::uint32_t>(decode_little_endian(rest));
  }

  std::string_view bytes_;
};

// What a pixel is.
enum class BmpCoding : std::uint8_t {
  kIndices,  // 1, 4 or 8 bits: a place in the palette
  kRle,      // the same, run-length coded
  kBytes,    // 24 bits: blue, green, red
  kMasks,    // 16 or 32 bits, divided by masks
};

// The bits of a pixel that are a colour's. Invariant: those of each lie side by side, no two
// overlap, and none but alpha is empty (there is none then).
struct BmpMasks {
  std::uint32_t red = 0;
  std::uint32_t green = 0;
  std::uint32_t blue = 0;
  std::uint32_t alpha = 0;
};

struct BmpPalette {
  std::size_t at = 0;
  std::size_t entry = 0;    // bytes: blue, green, red and perhaps one that means nothing
  std::size_t colours = 0;  // never more than the depth can tell apart
};

// A colour profile (ICC.1) in the file; of no length if there is none.
struct BmpProfile {
  std::size_t at = 0;
  std::size_t length = 0;
};

// Invariant: palette, profile and pixels (but for RLE their beginning alone) lie inside the file.
struct BmpHeader {
  Size size;
  bool top_down = false;
  int depth = 0;  // bits a pixel
  BmpCoding coding = BmpCoding::kIndices;
  BmpMasks masks;      // kMasks
  BmpPalette palette;  // kIndices and kRle
  std::size_t pixels_at = 0;
  std::size_t row = 0;  // bytes from one row to the next; the last one's padding may be missing
  BmpProfile profile;
};

// What every fault of a bitmap is to a client.
[[nodiscard]] Error damaged_bmp();

// Whether the bytes begin with a file header and a bitmap header of a size we know.
[[nodiscard]] bool is_bmp(std::string_view bytes);

// The size that the header tells; looks at no pixel and allocates nothing. kUnprocessable for what
// decode_bmp (image/codec/bmp.h) would refuse by the header: a side that is 0 or above 65535, a
// depth, compression or masks that do not exist or do not go together, a palette or pixels that
// would lie outside the file (of RLE: their beginning).
[[nodiscard]] Result<Size> bmp_size(std::string_view bytes);

// Takes a constant time. A profile that would lie outside the file counts for nothing, as do
// endpoints and gamma, which most programs leave at 0 and browsers do not look at.
[[nodiscard]] Result<BmpHeader> read_bmp_header(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_BMP_HEADER_H_
