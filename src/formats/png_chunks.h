// The chunks of a PNG (ISO/IEC 15948), stepped over by their lengths. Threads: any.

#ifndef IMAGESERVER_FORMATS_PNG_CHUNKS_H_
#define IMAGESERVER_FORMATS_PNG_CHUNKS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace imageserver {

// Whether there is an IEND chunk. REQUIRES: bytes that begin like a PNG. The same holds below.
[[nodiscard]] bool png_has_end(std::string_view bytes);

// Whether the chunks before the pixels, which libpng reads with the header, lie inside the file (it
// allocates the length that a chunk announces), and at most 64 KiB of them are compressed text (it
// may inflate to a thousand times that).
[[nodiscard]] bool png_header_is_sound(std::string_view bytes);

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

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_PNG_CHUNKS_H_
