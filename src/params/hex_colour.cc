#include "params/hex_colour.h"

#include <cstdint>

#include "base/numbers.h"

namespace imageserver {
namespace {

constexpr unsigned kOpaque = 0xff;

// The `width` bits at `shift`, as a channel of 8 bits.
std::uint8_t channel(std::uint32_t bits, unsigned shift, unsigned width) {
  if (width == 4) return static_cast<std::uint8_t>(((bits >> shift) & 0xfU) * 0x11U);
  return static_cast<std::uint8_t>((bits >> shift) & 0xffU);
}

Colour colour_of(std::uint32_t bits, unsigned width) {
  return {.red = channel(bits, 2 * width, width),
          .green = channel(bits, width, width),
          .blue = channel(bits, 0, width),
          .alpha = channel(bits, 3 * width, width)};
}

}  // namespace

std::optional<Colour> parse_hex_colour(std::string_view text) {
  const std::optional<std::uint32_t> bits = parse_whole_hex<std::uint32_t>(text);
  if (!bits) return std::nullopt;
  switch (text.size()) {
    case 3:
      return colour_of(*bits | kOpaque << 12U, 4);
    case 4:
      return colour_of(*bits, 4);
    case 6:
      return colour_of(*bits | kOpaque << 24U, 8);
    case 8:
      return colour_of(*bits, 8);
    default:
      return std::nullopt;
  }
}

}  // namespace imageserver
