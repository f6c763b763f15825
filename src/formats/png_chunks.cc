#include "formats/png_chunks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/endian.h"

namespace imageserver {
namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kAroundData = 12;  // length, type and checksum

// Whether the text of an iTXt chunk is compressed. Its data begin with a keyword, a zero, and the
// flag that says so.
bool is_compressed_text(std::string_view data) {
  const std::size_t end = data.find('\0');
  return end != std::string_view::npos && end + 1 < data.size() && data[end + 1] != '\0';
}

template <std::size_t Count>
std::array<std::uint32_t, Count> numbers_in(std::string_view data) {
  std::array<std::uint32_t, Count> numbers{};
  for (std::size_t i = 0; i < Count; ++i)
    numbers[i] = read_big_endian<std::uint32_t>(data, i * sizeof(std::uint32_t));
  return numbers;
}

// Puts what the chunk says to what is known, if nothing is known of it yet.
void add_colour(PngColour& colour, std::string_view type, std::string_view data) {
  constexpr std::size_t kPlaces = 8;
  if (type == "cICP" && data.size() == 4 && !colour.code_points) {
    colour.code_points.emplace();
    std::ranges::copy(data, colour.code_points->begin());
  }
  if (type == "sRGB" && data.size() == 1) colour.is_srgb = true;
  if (type == "gAMA" && data.size() == 4 && !colour.gamma) colour.gamma = numbers_in<1>(data)[0];
  if (type == "cHRM" && data.size() == kPlaces * 4 && !colour.chromaticities)
    colour.chromaticities = numbers_in<kPlaces>(data);
}

}  // namespace

bool png_has_end(std::string_view bytes) {
  std::size_t at = kSignature;
  while (at + kAroundData <= bytes.size()) {
    if (bytes.substr(at + 4, 4) == "IEND") return true;
    at += kAroundData + read_big_endian<std::uint32_t>(bytes, at);
  }
  return false;
}

bool png_header_is_sound(std::string_view bytes) {
  constexpr std::size_t kMostText = 64U << 10U;
  std::size_t text = 0;
  std::size_t at = kSignature;
  while (at + kAroundData <= bytes.size()) {
    const std::string_view type = bytes.substr(at + 4, 4);
    const std::uint32_t length = read_big_endian<std::uint32_t>(bytes, at);
    if (type == "zTXt" || (type == "iTXt" && is_compressed_text(bytes.substr(at + 8, length)))) {
      text += length;
    }
    if (text > kMostText) return false;
    const std::size_t next = at + kAroundData + length;
    if (type == "IEND") return true;
    if (next > bytes.size()) return type == "IDAT";
    at = next;
  }
  return true;
}

PngColour png_colour(std::string_view bytes) {
  PngColour colour;
  std::size_t at = kSignature;
  while (at + kAroundData <= bytes.size()) {
    const std::string_view type = bytes.substr(at + 4, 4);
    const std::uint32_t length = read_big_endian<std::uint32_t>(bytes, at);
    if (type == "IDAT" || type == "PLTE" || at + kAroundData + length > bytes.size()) break;
    add_colour(colour, type, bytes.substr(at + 8, length));
    at += kAroundData + length;
  }
  return colour;
}

}  // namespace imageserver
