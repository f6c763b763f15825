#include "image/codec/png_encode.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "base/endian.h"
#include "image/codec/png_filter.h"
#include "image/codec/png_pixels.h"

namespace imageserver {
namespace {

// Of libdeflate's levels from 1 (fast) to 12 (small). Level 6 takes a third longer than level 5,
// and level 7 twice as long as level 6, each for a hundredth fewer bytes.
constexpr int kLevel = 6;
constexpr int kLevelOfLarge = 5;
constexpr std::size_t kLarge = std::size_t{512} * 1024;  // bytes of pixels
constexpr int kLevelToCompare = 1;

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
  }
};

// As a zlib stream.
std::string deflated(const std::vector<std::uint8_t>& bytes, int level) {
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(level));
  if (!compressor) throw std::bad_alloc();
  std::string out(libdeflate_zlib_compress_bound(compressor.get(), bytes.size()), '\0');
  out.resize(libdeflate_zlib_compress(compressor.get(), bytes.data(), bytes.size(), out.data(),
                                      out.size()));
  return out;
}

// Whether much of a picture is the same from pixel to pixel, as in drawings.
bool is_flat(const PngPixels& pixels) {
  constexpr std::size_t kOften = 4;
  std::size_t same = 0;
  for (int y = 0; y < pixels.size.height; ++y) {
    const std::uint8_t* const row = pixels.row(y);
    const std::uint8_t* const left = row - pixels.pixel_bytes();
    std::uint32_t in_row = 0;
    for (std::size_t i = 0; i < pixels.row_bytes; ++i) in_row += row[i] == left[i] ? 1 : 0;
    same += in_row;
  }
  return same * kOften >= pixels.row_bytes * static_cast<std::size_t>(pixels.size.height);
}

// A palette of few colours has no differences that mean anything. In drawings more may be gained by
// what repeats: a quarter of one, in the middle, or a small one as a whole, is tried both ways.
PngFilters filters_for(const PngPixels& pixels) {
  if (pixels.depth < 8) return PngFilters::kNone;
  if (pixels.colour != PngColour::kPalette && !is_flat(pixels)) return PngFilters::kSmallest;
  constexpr int kShare = 4;
  constexpr std::size_t kLeast = 16'384;
  const auto enough = static_cast<int>(kLeast / pixels.row_bytes) + 1;
  const int rows = std::min(pixels.size.height, std::max(enough, pixels.size.height / kShare));
  const int first = (pixels.size.height - rows) / 2;
  const auto cost = [&](PngFilters filters) {
    return deflated(filtered(pixels, first, rows, filters), kLevelToCompare).size();
  };
  return cost(PngFilters::kNone) < cost(PngFilters::kSmallest) ? PngFilters::kNone
                                                               : PngFilters::kSmallest;
}

template <class Number>
void append(std::string& out, Number number) {
  const auto bytes = to_big_endian<Number>(number);
  out.append(bytes.data(), bytes.size());
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
  append(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t begin = out.size();
  out.append(type).append(data);
  append(out, libdeflate_crc32(0, out.data() + begin, out.size() - begin));
}

std::string header_of(const PngPixels& pixels) {
  std::string header;
  append(header, static_cast<std::uint32_t>(pixels.size.width));
  append(header, static_cast<std::uint32_t>(pixels.size.height));
  append(header, static_cast<std::uint8_t>(pixels.depth));
  append(header, static_cast<std::uint8_t>(pixels.colour));
  header.append(3, '\0');  // deflate, the five filters, not interlaced
  return header;
}

void append_palette(std::string& out, const std::vector<std::uint32_t>& palette) {
  std::string colours;
  std::string alphas;
  for (const std::uint32_t entry : palette) {
    for (const unsigned shift : {0U, 8U, 16U}) {
      colours.push_back(static_cast<char>(entry >> shift & 255U));
    }
    const std::uint32_t alpha = entry >> 24U;
    if (alpha != 255) alphas.push_back(static_cast<char>(alpha));
  }
  append_chunk(out, "PLTE", colours);
  if (!alphas.empty()) append_chunk(out, "tRNS", alphas);
}

}  // namespace

Bytes encode_png(const RasterView& raster) {
  const PngPixels pixels = png_pixels(raster);
  std::string out = "\x89PNG\r\n\x1A\n";
  append_chunk(out, "IHDR", header_of(pixels));
  if (!pixels.palette.empty()) append_palette(out, pixels.palette);
  const PngFilters filters = filters_for(pixels);
  const int level = pixels.bytes.size() < kLarge ? kLevel : kLevelOfLarge;
  append_chunk(out, "IDAT", deflated(filtered(pixels, 0, pixels.size.height, filters), level));
  append_chunk(out, "IEND", {});
  return Bytes::copy(out);
}

}  // namespace imageserver
