#include "formats/webp_chunks.h"

#include <cstddef>
#include <cstdint>

#include "base/endian.h"
#include "formats/frame_limit.h"

namespace imageserver {

bool riff_is_webp(std::string_view bytes) {
  constexpr std::size_t kNameAt = 8;
  return bytes.size() >= kNameAt + 4 && bytes.substr(kNameAt, 4) == "WEBP";
}

bool webp_has_few_frames(std::string_view bytes) {
  constexpr std::size_t kFirstChunk = 12;
  constexpr std::size_t kHeader = 8;
  int frames = 0;
  for (std::size_t at = kFirstChunk; at + kHeader <= bytes.size();) {
    if (bytes.substr(at, 4) == "ANMF" && ++frames > kMostFrames) return false;
    const std::size_t size = read_little_endian<std::uint32_t>(bytes, at + 4);
    at += kHeader + size + size % 2;
  }
  return true;
}

std::optional<Size> webp_canvas(std::string_view bytes) {
  constexpr std::size_t kFirstChunk = 12;
  constexpr std::size_t kEnough = kFirstChunk + 8 + 10;  // its head, and the longest of the three
  if (bytes.size() < kEnough) return std::nullopt;
  const std::string_view kind = bytes.substr(kFirstChunk, 4);
  const std::string_view data = bytes.substr(kFirstChunk + 8);
  const auto word = [&](std::size_t at) { return read_little_endian<std::uint32_t>(data, at); };
  const auto size = [](std::uint32_t width, std::uint32_t height) {
    return Size{static_cast<int>(width), static_cast<int>(height)};
  };
  constexpr std::uint32_t k24Bits = 0xFFFFFF;
  constexpr std::uint32_t k14Bits = 0x3FFF;
  if (kind == "VP8X") return size((word(4) & k24Bits) + 1, (word(6) >> 8U) + 1);
  if (kind == "VP8L" && data[0] == '\x2F')
    return size((word(1) & k14Bits) + 1, ((word(1) >> 14U) & k14Bits) + 1);
  if (kind == "VP8 " && data.substr(3, 3) == "\x9D\x01\x2A")
    return size(word(6) & k14Bits, (word(6) >> 16U) & k14Bits);
  return std::nullopt;
}

}  // namespace imageserver
