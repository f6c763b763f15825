#include "formats/gif_blocks.h"

#include <cstddef>

namespace imageserver {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

// Steps over sub-blocks, each behind its size, until an empty one. Npos if they do not end.
std::size_t after_sub_blocks(std::string_view bytes, std::size_t at) {
  while (at < bytes.size()) {
    const unsigned size = byte_at(bytes, at);
    at += 1 + size;
    if (size == 0) return at;
  }
  return std::string_view::npos;
}

// How many bytes the colour table has that the flags of a screen or an image announce.
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

}  // namespace

bool gif_has_end(std::string_view bytes) {
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
      return true;  // the trailer, or no block
    }
  }
  return false;
}

}  // namespace imageserver
