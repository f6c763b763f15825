#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "formats/bmp_header.h"
#include "image/codec/bmp.h"

namespace imageserver {
namespace {

struct Rgb {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
};

// What the file leaves out is black.
using Colours = std::array<Rgb, 256>;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

Rgb bgr_at(std::string_view bytes, std::size_t at) {
  return {byte_at(bytes, at + 2), byte_at(bytes, at + 1), byte_at(bytes, at)};
}

Colours read_colours(std::string_view bytes, const BmpPalette& palette) {
  Colours colours;
  for (std::size_t i = 0; i < palette.colours; ++i)
    colours[i] = bgr_at(bytes, palette.at + i * palette.entry);
  return colours;
}

std::uint8_t* put(std::uint8_t* to, Rgb colour) {
  *to++ = colour.red;
  *to++ = colour.green;
  *to++ = colour.blue;
  return to;
}

Raster make_raster(Size size, int bands) {
  const std::size_t area =
      static_cast<std::size_t>(size.width) * static_cast<unsigned>(size.height);
  return {size, bands, std::vector<std::uint8_t>(area * static_cast<unsigned>(bands))};
}

// The bytes of the row that is the y-th from the top.
std::string_view row_at(std::string_view bytes, const BmpHeader& header, int y) {
  const int place = header.top_down ? y : header.size.height - 1 - y;
  return bytes.substr(header.pixels_at + static_cast<std::size_t>(place) * header.row, header.row);
}

Raster decode_indices(std::string_view bytes, const BmpHeader& header) {
  const Colours colours = read_colours(bytes, header.palette);
  const auto depth = static_cast<unsigned>(header.depth);
  const auto width = static_cast<unsigned>(header.size.width);
  const unsigned largest = (1U << depth) - 1;
  Raster raster = make_raster(header.size, 3);
  std::uint8_t* to = raster.pixels.data();
  for (int y = 0; y < header.size.height; ++y) {
    const std::string_view row = row_at(bytes, header, y);
    for (unsigned bit = 0; bit < width * depth; bit += depth) {
      const unsigned behind = 8 - depth - bit % 8;
      to = put(to, colours[byte_at(row, bit / 8) >> behind & largest]);
    }
  }
  return raster;
}

Raster decode_bytes(std::string_view bytes, const BmpHeader& header) {
  const auto width = static_cast<std::size_t>(header.size.width);
  Raster raster = make_raster(header.size, 3);
  std::uint8_t* to = raster.pixels.data();
  for (int y = 0; y < header.size.height; ++y) {
    const std::string_view row = row_at(bytes, header, y);
    for (std::size_t x = 0; x < width; ++x) to = put(to, bgr_at(row, 3 * x));
  }
  return raster;
}

// A colour's part of a pixel, scaled to 8 bits and rounded.
class Channel {
 public:
  // REQUIRES: a mask that is not empty, of bits side by side.
  explicit Channel(std::uint32_t mask)
      : shift_(static_cast<unsigned>(std::countr_zero(mask))), largest_(mask >> shift_) {
    for (std::uint32_t i = 0; i < scaled_.size(); ++i) scaled_[i] = scale(std::min(i, largest_));
  }

  [[nodiscard]] std::uint8_t of(std::uint32_t pixel) const {
    const std::uint32_t value = pixel >> shift_ & largest_;
    return value < scaled_.size() ? scaled_[value] : scale(value);
  }

 private:
  [[nodiscard]] std::uint8_t scale(std::uint64_t value) const {
    return static_cast<std::uint8_t>((value * 255 + largest_ / 2) / largest_);
  }

  unsigned shift_;
  std::uint32_t largest_;
  std::array<std::uint8_t, 256> scaled_{};
};

std::uint32_t pixel_at(std::string_view row, std::size_t x, int depth) {
  const LittleEndian numbers(row);
  return depth == 16 ? numbers.u16(2 * x) : numbers.u32(4 * x);
}

// Whether alpha is used. It is not if it is opaque everywhere, nor if it is 0 everywhere: programs
// that know nothing of alpha write 0.
bool uses_alpha(std::string_view bytes, const BmpHeader& header) {
  if (header.masks.alpha == 0) return false;
  const Channel alpha(header.masks.alpha);
  const auto width = static_cast<std::size_t>(header.size.width);
  const std::uint8_t first = alpha.of(pixel_at(row_at(bytes, header, 0), 0, header.depth));
  if (first != 0 && first != 255) return true;
  for (int y = 0; y < header.size.height; ++y) {
    const std::string_view row = row_at(bytes, header, y);
    for (std::size_t x = 0; x < width; ++x) {
      if (alpha.of(pixel_at(row, x, header.depth)) != first) return true;
    }
  }
  return false;
}

Raster decode_masks(std::string_view bytes, const BmpHeader& header) {
  const bool with_alpha = uses_alpha(bytes, header);
  const Channel red(header.masks.red);
  const Channel green(header.masks.green);
  const Channel blue(header.masks.blue);
  const Channel alpha(with_alpha ? header.masks.alpha : 1);
  const auto width = static_cast<std::size_t>(header.size.width);
  Raster raster = make_raster(header.size, with_alpha ? 4 : 3);
  std::uint8_t* to = raster.pixels.data();
  for (int y = 0; y < header.size.height; ++y) {
    const std::string_view row = row_at(bytes, header, y);
    for (std::size_t x = 0; x < width; ++x) {
      const std::uint32_t pixel = pixel_at(row, x, header.depth);
      to = put(to, {red.of(pixel), green.of(pixel), blue.of(pixel)});
      if (with_alpha) *to++ = alpha.of(pixel);
    }
  }
  return raster;
}

// Paints runs of pixels, and knows the place of the next one.
class RunPainter {
 public:
  // REQUIRES: all three outlive the painter.
  RunPainter(const BmpHeader& header, const Colours& colours, Raster& raster)
      : header_(header), colours_(colours), raster_(raster) {}

  // False below the last row. `index_of(i)` is the i-th pixel's place in the palette.
  template <class IndexOf>
  bool paint(int count, IndexOf index_of) {
    if (y_ >= header_.size.height) return false;
    const int seen = std::min(count, header_.size.width - x_);
    std::uint8_t* to = here();
    for (int i = 0; i < seen; ++i) to = put(to, colours_[index_of(i)]);
    x_ += seen;
    return true;
  }

  // False if the new place lies below the picture. The place right under its last row is allowed.
  bool move(int right, int down) {
    x_ = std::min(x_ + right, header_.size.width);
    y_ += down;
    return y_ <= header_.size.height;
  }

  bool end_row() {
    x_ = 0;
    return move(0, 1);
  }

  // Whether the last row has been painted to its end, or left.
  [[nodiscard]] bool at_end() const {
    return y_ == header_.size.height || (y_ == header_.size.height - 1 && x_ == header_.size.width);
  }

 private:
  [[nodiscard]] std::uint8_t* here() const {
    const int row = header_.top_down ? y_ : header_.size.height - 1 - y_;
    const auto width = static_cast<std::size_t>(header_.size.width);
    const std::size_t pixel = static_cast<std::size_t>(row) * width + static_cast<unsigned>(x_);
    return raster_.pixels.data() + 3 * pixel;
  }

  const BmpHeader& header_;
  const Colours& colours_;
  Raster& raster_;
  int x_ = 0;
  int y_ = 0;  // in the file's order
};

// The codes of BI_RLE4 and BI_RLE8. A code is a count and a value, which is repeated that many
// times. After a count of 0 the value means: the end of the row, the end of the picture, a move, or
// the number of pixels that follow one by one.
class RunReader {
 public:
  RunReader(std::string_view codes, int depth, RunPainter painter)
      : codes_(codes), depth_(depth), painter_(painter) {}

  // False if the codes lead out of the picture or end before it does.
  bool read() {
    while (has(2)) {
      const int count = next();
      const unsigned value = next();
      if (count == 0 && value == kEndOfPicture) return true;
      if (!(count > 0 ? repeat(count, value) : escape(value))) return false;
    }
    return painter_.at_end();
  }

 private:
  static constexpr unsigned kEndOfRow = 0;
  static constexpr unsigned kEndOfPicture = 1;
  static constexpr unsigned kMove = 2;

  [[nodiscard]] bool has(std::size_t bytes) const { return codes_.size() - at_ >= bytes; }
  std::uint8_t next() { return byte_at(codes_, at_++); }

  // The index of the i-th pixel in bytes like `value`: with 4 bits a pixel, the upper half of a
  // byte is the first pixel.
  [[nodiscard]] unsigned part(unsigned value, int i) const {
    if (depth_ == 8) return value;
    return i % 2 == 0 ? value >> 4U : value & 15U;
  }

  bool repeat(int count, unsigned value) {
    return painter_.paint(count, [this, value](int i) { return part(value, i); });
  }

  bool escape(unsigned value) {
    if (value == kEndOfRow) return painter_.end_row();
    if (value == kMove) return move();
    return copy(static_cast<int>(value));
  }

  bool move() {
    if (!has(2)) return false;
    const int right = next();
    const int down = next();
    return painter_.move(right, down);
  }

  // Takes pixels that follow one by one. They are padded to an even number of bytes; at the end of
  // the file the padding may be missing.
  bool copy(int count) {
    const int a_byte = 8 / depth_;
    const auto bytes = static_cast<std::size_t>((count + a_byte - 1) / a_byte);
    if (!has(bytes)) return false;
    const bool painted = painter_.paint(count, [&](int i) {
      return part(byte_at(codes_, at_ + static_cast<std::size_t>(i / a_byte)), i);
    });
    at_ = std::min(at_ + bytes + bytes % 2, codes_.size());
    return painted;
  }

  std::string_view codes_;
  int depth_;
  RunPainter painter_;
  std::size_t at_ = 0;
};

Result<Raster> decode_rle(std::string_view bytes, const BmpHeader& header) {
  const Colours colours = read_colours(bytes, header.palette);
  Raster raster = make_raster(header.size, 3);
  std::uint8_t* const end = raster.pixels.data() + raster.pixels.size();
  for (std::uint8_t* to = raster.pixels.data(); to != end;) to = put(to, colours[0]);
  const RunPainter painter(header, colours, raster);
  if (!RunReader(bytes.substr(header.pixels_at), header.depth, painter).read())
    return damaged_bmp();
  return raster;
}

}  // namespace

Result<Raster> decode_bmp(std::string_view bytes) {
  const auto header = read_bmp_header(bytes);
  if (!header) return header.error();
  switch (header->coding) {
    case BmpCoding::kIndices:
      return decode_indices(bytes, *header);
    case BmpCoding::kRle:
      return decode_rle(bytes, *header);
    case BmpCoding::kBytes:
      return decode_bytes(bytes, *header);
    case BmpCoding::kMasks:
      return decode_masks(bytes, *header);
  }
  return damaged_bmp();
}

}  // namespace imageserver
