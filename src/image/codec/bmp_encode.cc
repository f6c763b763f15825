#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "base/endian.h"
#include "image/codec/bmp.h"

namespace imageserver {
namespace {

constexpr std::size_t kFileHeader = 14;
constexpr std::size_t kInfoHeader = 40;
constexpr std::size_t kV4Header = 108;
constexpr std::uint32_t kRgb = 0;
constexpr std::uint32_t kBitfields = 3;
constexpr std::uint32_t kPixelsAMetre = 2835;  // 72 to the inch
constexpr std::uint32_t kSrgb = 0x73524742;    // LCS_sRGB

struct BmpLayout {
  std::size_t header = 0;
  std::uint16_t depth = 0;
  std::size_t row = 0;
  std::size_t pixels = 0;
};

bool has_alpha(const RasterView& raster) { return raster.bands % 2 == 0; }

BmpLayout layout_of(const RasterView& raster) {
  const std::uint16_t depth = has_alpha(raster) ? 32 : 24;
  const std::size_t row = (static_cast<std::size_t>(raster.size.width) * depth + 31) / 32 * 4;
  return {has_alpha(raster) ? kV4Header : kInfoHeader, depth, row,
          row * static_cast<std::size_t>(raster.size.height)};
}

void append_file_header(std::string& out, const BmpLayout& layout) {
  const std::size_t pixels_at = kFileHeader + layout.header;
  out += "BM";
  append_little_endian<std::uint32_t>(out, static_cast<std::uint32_t>(pixels_at + layout.pixels));
  append_little_endian<std::uint32_t>(out, 0);
  append_little_endian<std::uint32_t>(out, static_cast<std::uint32_t>(pixels_at));
}

void append_info_header(std::string& out, const BmpLayout& layout, Size size) {
  append_little_endian<std::uint32_t>(out, static_cast<std::uint32_t>(layout.header));
  append_little_endian<std::uint32_t>(out, static_cast<std::uint32_t>(size.width));
  append_little_endian<std::uint32_t>(out, static_cast<std::uint32_t>(size.height));
  append_little_endian<std::uint16_t>(out, 1);  // planes
  append_little_endian<std::uint16_t>(out, layout.depth);
  append_little_endian<std::uint32_t>(out, layout.header == kV4Header ? kBitfields : kRgb);
  append_little_endian<std::uint32_t>(out, static_cast<std::uint32_t>(layout.pixels));
  append_little_endian<std::uint32_t>(out, kPixelsAMetre);
  append_little_endian<std::uint32_t>(out, kPixelsAMetre);
  append_little_endian<std::uint32_t>(out, 0);  // no palette
  append_little_endian<std::uint32_t>(out, 0);
}

// The fields that BITMAPV4HEADER has beyond those of BITMAPINFOHEADER: the masks, then the colour
// space.
void append_masks_and_space(std::string& out) {
  append_little_endian<std::uint32_t>(out, 0x00FF0000);
  append_little_endian<std::uint32_t>(out, 0x0000FF00);
  append_little_endian<std::uint32_t>(out, 0x000000FF);
  append_little_endian<std::uint32_t>(out, 0xFF000000);
  append_little_endian<std::uint32_t>(out, kSrgb);
  constexpr std::size_t kPrimariesAndGamma = 48;  // bytes that are ignored for sRGB
  out.append(kPrimariesAndGamma, '\0');
}

// Fills `row` with the row `y` of the picture. The padding stays as it is.
void fill_row(std::string& row, const RasterView& raster, int y) {
  const auto bands = static_cast<std::size_t>(raster.bands);
  const auto width = static_cast<std::size_t>(raster.size.width);
  const std::size_t green = bands < 3 ? 0 : 1;
  const std::size_t blue = bands < 3 ? 0 : 2;
  const std::uint8_t* from = raster.pixels.data() + static_cast<std::size_t>(y) * width * bands;
  char* to = row.data();
  for (std::size_t x = 0; x < width; ++x, from += bands) {
    *to++ = static_cast<char>(from[blue]);
    *to++ = static_cast<char>(from[green]);
    *to++ = static_cast<char>(from[0]);
    if (has_alpha(raster)) *to++ = static_cast<char>(from[bands - 1]);
  }
}

}  // namespace

Bytes encode_bmp(const RasterView& raster) {
  const BmpLayout layout = layout_of(raster);
  std::string out;
  out.reserve(kFileHeader + layout.header + layout.pixels);
  append_file_header(out, layout);
  append_info_header(out, layout, raster.size);
  if (has_alpha(raster)) append_masks_and_space(out);
  std::string row(layout.row, '\0');
  for (int y = raster.size.height - 1; y >= 0; --y) {
    fill_row(row, raster, y);
    out += row;
  }
  return Bytes::own(std::move(out));
}

}  // namespace imageserver
