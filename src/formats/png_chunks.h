// The chunks of a PNG (ISO/IEC 15948), stepped over by their lengths. Threads: any.

#ifndef IMAGESERVER_FORMATS_PNG_CHUNKS_H_
#define IMAGESERVER_FORMATS_PNG_CHUNKS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace imageserver {

// Whether there is an IEND chunk. REQUIRES: bytes that begin like a PNG. The same holds below.
[[nodiscard]] bool png_has_end(std::string_view bytes);

// Whether the chunks before the pixels, which libpng reads with the header, lie inside the file: it
// allocates the length that a chunk announces.
[[nodiscard]] bool png_header_is_sound(std::string_view bytes);

// Whether the pixels come in seven passes over the whole picture (Adam7).
[[nodiscard]] bool png_is_interlaced(std::string_view bytes);

// What the chunks before the palette and the pixels say of colours, as they say it: of each kind
// the first that has the length it must have (PNG, third edition, 11.3.2).
struct PngColour {
  // cICP: code points of primaries, transfer and matrix, and whether the range is full.
  std::optional<std::array<std::uint8_t, 4>> code_points;
  bool is_srgb = false;  // sRGB

  // In parts of 100,000. gAMA; cHRM: x and y of white, red, green and blue.
  std::optional<std::uint32_t> gamma;
  std::optional<std::array<std::uint32_t, 8>> chromaticities;
};
[[nodiscard]] PngColour png_colour(std::string_view bytes);

// What all compressed text of a file may inflate to: as much as libpng takes of one chunk.
inline constexpr std::size_t kMostPngText = 8'000'000;

// How many compressed texts a file may have: as many as libpng takes.
inline constexpr int kMostPngTexts = 1000;

// A copy without the compressed text that comes once either is reached, as libpng would keep it all
// in memory. None if there is no more than that. Inflates up to that much, and keeps none.
[[nodiscard]] std::optional<Bytes> png_without_long_text(std::string_view bytes);

// A copy of a file without IEND that has one. If the file ends within its pixels, these are all
// there is of the last IDAT; if it ends within a chunk behind them, that chunk is left out. Whether
// the pixels are all there shows when they are decoded. None if there are no pixels.
[[nodiscard]] std::optional<Bytes> png_with_end(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_PNG_CHUNKS_H_
