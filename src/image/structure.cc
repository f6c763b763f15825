#include "image/structure.h"

#include <cstddef>
#include <cstdint>

namespace imageserver {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

constexpr unsigned kEndOfImage = 0xD9;
constexpr unsigned kStartOfScan = 0xDA;

// Markers that no length follows: stuffing, fill bytes, TEM, restarts and start of image.
bool stands_alone(unsigned marker) {
  return marker <= 0x01 || marker == 0xFF || (marker >= 0xD0 && marker <= 0xD8);
}

// Steps from marker to marker, over segments by their length (a thumbnail inside one has an end of
// its own) and over entropy-coded data by looking for the next.
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
    at += 2 + (byte_at(bytes, at + 2) << 8U | byte_at(bytes, at + 3));
  }
  return false;
}

bool png_is_sound(std::string_view bytes) {
  constexpr std::size_t kSignature = 8;
  constexpr std::size_t kAroundData = 12;  // length, type and checksum
  std::size_t at = kSignature;
  while (at + kAroundData <= bytes.size()) {
    if (bytes.substr(at + 4, 4) == "IEND") return true;
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8U | byte_at(bytes, at + i);
    at += kAroundData + length;
  }
  return false;
}

// Sub-blocks, each behind its size, until an empty one. Npos if they do not end.
std::size_t after_sub_blocks(std::string_view bytes, std::size_t at) {
  while (at < bytes.size()) {
    const unsigned size = byte_at(bytes, at);
    at += 1 + size;
    if (size == 0) return at;
  }
  return std::string_view::npos;
}

// The bytes of the colour table that the flags of a screen or an image announce.
std::size_t colour_table_size(unsigned flags) {
  return (flags & 0x80U) != 0 ? std::size_t{3} << ((flags & 0x07U) + 1) : 0;
}

// Steps over an image from behind its introducer: descriptor, colour table, code size, data.
std::size_t after_gif_image(std::string_view bytes, std::size_t at) {
  constexpr std::size_t kFlagsAt = 8;
  if (at + kFlagsAt >= bytes.size()) return std::string_view::npos;
  const std::size_t table = colour_table_size(byte_at(bytes, at + kFlagsAt));
  return after_sub_blocks(bytes, at + kFlagsAt + 1 + table + 1);
}

bool gif_is_sound(std::string_view bytes) {
  constexpr std::size_t kFlagsAt = 10;
  constexpr std::size_t kHeader = 13;
  if (bytes.size() < kHeader) return false;
  std::size_t at = kHeader + colour_table_size(byte_at(bytes, kFlagsAt));
  while (at < bytes.size()) {
    const char introducer = bytes[at];
    if (introducer == '!') {
      at = after_sub_blocks(bytes, at + 2);
    } else if (introducer == ',') {
      at = after_gif_image(bytes, at + 1);
    } else {
      return true;  // the trailer, or what the loader has to judge
    }
  }
  return false;
}

}  // namespace

bool is_sound(std::string_view bytes, Format format, int max_scans) {
  switch (format) {
    case Format::kJpeg:
      return jpeg_is_sound(bytes, max_scans);
    case Format::kPng:
      return png_is_sound(bytes);
    case Format::kGif:
      return gif_is_sound(bytes);
    case Format::kWebp:
      return true;
  }
  return true;
}

}  // namespace imageserver
