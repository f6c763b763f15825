#include "formats/plain_jpeg.h"

#include <cstddef>
#include <cstdint>

#include "base/endian.h"

namespace imageserver {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

// What may stand beside the frame: JFIF's segment, tables, and the interval of restarts.
bool is_plain(unsigned marker) {
  return marker == 0xE0 || marker == 0xDB || marker == 0xC4 || marker == 0xDD;
}

// Baseline, extended and progressive, coded by Huffman's method.
bool is_usual_frame(unsigned marker) { return marker >= 0xC0 && marker <= 0xC2; }

bool is_factor(unsigned value) { return value >= 1 && value <= 4; }

// 8 bits a sample, then the height, the width, and 3 bytes a component: its name, the factors by
// which it is sampled, its table.
std::optional<Size> size_in_frame(std::string_view frame) {
  constexpr std::size_t kHead = 6;
  constexpr int kLargestSide = 65500;  // of libjpeg
  if (frame.size() < kHead || byte_at(frame, 0) != 8) return std::nullopt;
  const int height = read_big_endian<std::uint16_t>(frame, 1);
  const int width = read_big_endian<std::uint16_t>(frame, 3);
  const unsigned components = byte_at(frame, kHead - 1);
  if ((components != 1 && components != 3) || frame.size() != kHead + std::size_t{3} * components)
    return std::nullopt;
  for (std::size_t at = kHead + 1; at < frame.size(); at += 3) {
    const unsigned factors = byte_at(frame, at);
    if (!is_factor(factors >> 4U) || !is_factor(factors & 15U)) return std::nullopt;
  }
  if (width < 1 || height < 1 || width > kLargestSide || height > kLargestSide) return std::nullopt;
  return Size{width, height};
}

}  // namespace

std::optional<Size> plain_jpeg_size(std::string_view bytes) {
  constexpr unsigned kStartOfScan = 0xDA;
  std::optional<Size> size;
  if (!bytes.starts_with("\xFF\xD8")) return std::nullopt;
  for (std::size_t at = 2; at + 3 < bytes.size();) {
    const unsigned marker = byte_at(bytes, at + 1);
    const std::size_t length = read_big_endian<std::uint16_t>(bytes, at + 2);
    if (bytes[at] != '\xFF' || length < 2 || at + 2 + length > bytes.size()) return std::nullopt;
    if (marker == kStartOfScan) return size;
    if (is_usual_frame(marker)) {
      if (size) return std::nullopt;
      size = size_in_frame(bytes.substr(at + 4, length - 2));
      if (!size) return std::nullopt;
    } else if (!is_plain(marker)) {
      return std::nullopt;
    }
    at += 2 + length;
  }
  return std::nullopt;
}

}  // namespace imageserver
