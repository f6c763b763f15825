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

}  // namespace imageserver
