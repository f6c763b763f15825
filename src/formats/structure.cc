#include "formats/structure.h"

#include <cstddef>
#include <cstdint>

#include "base/endian.h"
#include "formats/heif_grid.h"
#include "formats/svg_text.h"
#include "formats/tiff_directories.h"

namespace imageserver {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

// The largest picture we read has 191 of the usual 512 x 512 pixels. Each takes its decoder a
// while, however small it is, and all are decoded in one call that nothing can stop.
constexpr std::uint64_t kMostTiles = 1000;

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
    at += 2 + read_big_endian<std::uint16_t>(bytes, at + 2);
  }
  return false;
}

// libjpeg walks along all it has kept for each that is new. A profile of 16 MB takes 256 of them.
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

// The data of an iTXt chunk: a keyword and a zero, then whether what follows is compressed.
bool is_compressed_text(std::string_view data) {
  const std::size_t end = data.find('\0');
  return end != std::string_view::npos && end + 1 < data.size() && data[end + 1] != '\0';
}

// What stands before the pixels is read with the header: a chunk longer than the file takes the
// memory that it announces, and texts that inflate take a thousand times their size.
bool png_header_is_sound(std::string_view bytes) {
  constexpr std::size_t kSignature = 8;
  constexpr std::size_t kAroundData = 12;
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

// Its reader looks for each frame from the first one on.
bool webp_has_few_frames(std::string_view bytes) {
  constexpr std::size_t kFirstChunk = 12;
  constexpr std::size_t kHeader = 8;
  constexpr int kMostFrames = 10'000;
  int frames = 0;
  for (std::size_t at = kFirstChunk; at + kHeader <= bytes.size();) {
    if (bytes.substr(at, 4) == "ANMF" && ++frames > kMostFrames) return false;
    const std::size_t size = read_little_endian<std::uint32_t>(bytes, at + 4);
    at += kHeader + size + size % 2;
  }
  return true;
}

bool png_is_sound(std::string_view bytes) {
  constexpr std::size_t kSignature = 8;
  constexpr std::size_t kAroundData = 12;  // length, type and checksum
  std::size_t at = kSignature;
  while (at + kAroundData <= bytes.size()) {
    if (bytes.substr(at + 4, 4) == "IEND") return true;
    at += kAroundData + read_big_endian<std::uint32_t>(bytes, at);
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

bool is_sound(std::string_view bytes, FileType type, int max_scans) {
  switch (type) {
    case FileType::kJpeg:
      return jpeg_is_sound(bytes, max_scans);
    case FileType::kPng:
      return png_is_sound(bytes);
    case FileType::kGif:
      return gif_is_sound(bytes);
    default:
      return true;
  }
}

bool has_sound_header(std::string_view bytes, FileType type) {
  switch (type) {
    case FileType::kJpeg:
      return jpeg_has_few_segments(bytes);
    case FileType::kPng:
      return png_header_is_sound(bytes);
    case FileType::kWebp:
      return webp_has_few_frames(bytes);
    case FileType::kTiff:
      return tiff_directories_end(bytes);
    case FileType::kAvif:
    case FileType::kHeic:
      return heif_grid_tiles(bytes) <= kMostTiles;
    case FileType::kSvg:
      return svg_stands_alone(bytes);
    default:
      return true;
  }
}

}  // namespace imageserver
