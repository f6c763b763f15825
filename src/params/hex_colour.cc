#include "params/hex_colour.h"

#include <charconv>
#include <cstdint>

namespace imageserver {
namespace {

constexpr unsigned kOpaque = 0xff;

// The digits as one number; not even a sign may stand before them.
std::optional<std::uint32_t> parse_hex(std::string_view text) {
  std::uint32_t bits = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, bits, 16);
  if (failure != std::errc() || stop != end) return std::nullopt;
  return bits;
}

// The channel that `width` bits at `shift` are, in 8 bits.
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
  const std::optional<std::uint32_t> bits = parse_hex(text);
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
