#include "formats/jpeg_markers.h"

#include <cstddef>
#include <cstdint>

#include "base/endian.h"

namespace imageserver {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

constexpr unsigned kEndOfImage = 0xD9;
constexpr unsigned kStartOfScan = 0xDA;

// Whether no length follows the marker: stuffing, fill bytes, TEM, restarts and start of image.
bool stands_alone(unsigned marker) {
  return marker <= 0x01 || marker == 0xFF || (marker >= 0xD0 && marker <= 0xD8);
}

}  // namespace

// Entropy-coded data has no length: the next marker is looked for.
bool jpeg_is_sound(std::string_view bytes, int max_scans) {
  int scans = 0;
  for (std::size_t at = bytes.find('\xFF'); at != std::string_view::npos;
       at = bytes.find('\xFF', at)) {
    if (at + 1 >= bytes.size()) return false;
    const unsigned marker = byte_at(bytes, at + 1);
    if (marker == kEndOfImage) return true;
    if (stands_alone(marker)) {
      at += marker == 0xFF ? 1 : 2;
      continue;
    }
    if (at + 3 >= bytes.size()) return false;
    if (marker == kStartOfScan && ++scans > max_scans) return false;
    at += 2 + read_big_endian<std::uint16_t>(bytes, at + 2);
  }
  return false;
}

bool jpeg_has_few_segments(std::string_view bytes) {
  constexpr int kMostSegments = 1000;
  int segments = 0;
  std::size_t at = 2;
  while (at + 3 < bytes.size() && bytes[at] == '\xFF') {
    const unsigned marker = byte_at(bytes, at + 1);
    if (stands_alone(marker)) {
      at += marker == 0xFF ? 1 : 2;
      continue;
    }
    if (marker == kStartOfScan || marker == kEndOfImage) return true;
    if (++segments > kMostSegments) return false;
    at += 2 + read_big_endian<std::uint16_t>(bytes, at + 2);
  }
  return true;
}

}  // namespace imageserver
