#include "formats/jpeg_markers.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/endian.h"
#include "formats/jpeg_scans.h"

namespace imageserver {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

constexpr unsigned kEndOfImage = 0xD9;
constexpr unsigned kStartOfScan = 0xDA;

constexpr unsigned kProgressive = 0xC2;
constexpr unsigned kProgressiveArithmetic = 0xCA;

// Baseline, extended, progressive, and those that are rarely read. Between them lie tables (C4, CC)
// and what is reserved (C8).
bool is_start_of_frame(unsigned marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Without the zeros at the end. One behind 0xFF belongs to it.
std::string_view without_filling(std::string_view bytes) {
  const std::size_t last = bytes.find_last_not_of('\0');
  const bool is_stuffed = byte_at(bytes, last) == 0xFF && last + 1 < bytes.size();
  return bytes.substr(0, last + (is_stuffed ? 2 : 1));
}

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

std::optional<Bytes> jpeg_with_end(std::string_view bytes) {
  JpegScans scans;
  bool is_huffman = false;
  std::size_t at = bytes.find('\xFF');
  while (at != std::string_view::npos && at + 3 < bytes.size()) {
    const unsigned marker = byte_at(bytes, at + 1);
    if (stands_alone(marker)) {
      at = bytes.find('\xFF', at + (marker == 0xFF ? 1 : 2));
      continue;
    }
    const std::size_t length = read_big_endian<std::uint16_t>(bytes, at + 2);
    if (at + 2 + length > bytes.size()) return std::nullopt;
    const std::string_view segment = bytes.substr(at + 4, length < 2 ? 0 : length - 2);
    if (is_start_of_frame(marker)) {
      is_huffman = marker <= kProgressive;
      scans.add_frame(segment);
    }
    if (marker == kStartOfScan) scans.add_scan(segment);
    at = bytes.find('\xFF', at + 2 + length);
  }
  if (!is_huffman || !scans.are_complete()) return std::nullopt;
  return Bytes::own(std::string(without_filling(bytes)) + "\xFF\xD9");
}

bool jpeg_is_held_whole(std::string_view bytes) {
  constexpr std::size_t kComponents = 5;  // where a frame's segment says how many it has
  unsigned in_frame = 0;
  std::size_t at = 2;
  while (at + 4 < bytes.size() && bytes[at] == '\xFF') {
    const unsigned marker = byte_at(bytes, at + 1);
    if (stands_alone(marker)) {
      at += marker == 0xFF ? 1 : 2;
      continue;
    }
    if (marker == kStartOfScan) return byte_at(bytes, at + 4) < in_frame;
    if (marker == kProgressive || marker == kProgressiveArithmetic) return true;
    const std::string_view segment = bytes.substr(at + 4);
    if (is_start_of_frame(marker) && segment.size() > kComponents)
      in_frame = byte_at(segment, kComponents);
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
