#include "formats/gif_blocks.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace imageserver {
namespace {

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

// Sub-blocks, each behind its size: where the next block begins, if an empty one closes them; else
// where the next sub-block would begin.
struct SubBlocks {
  std::size_t end;
  bool are_closed;
};

SubBlocks sub_blocks_at(std::string_view bytes, std::size_t at) {
  while (at < bytes.size()) {
    const unsigned size = byte_at(bytes, at);
    at += 1 + size;
    if (size == 0) return {at, true};
  }
  return {at, false};
}

// How many bytes the colour table has that the flags of a screen or an image announce.
std::size_t colour_table_size(unsigned flags) {
  return (flags & 0x80U) != 0 ? std::size_t{3} << ((flags & 0x07U) + 1) : 0;
}

// The data of an image, from behind its introducer: descriptor, colour table, code size, data.
SubBlocks data_of_image(std::string_view bytes, std::size_t at) {
  constexpr std::size_t kFlagsAt = 8;
  if (at + kFlagsAt >= bytes.size()) return {std::string_view::npos, false};
  const std::size_t table = colour_table_size(byte_at(bytes, at + kFlagsAt));
  return sub_blocks_at(bytes, at + kFlagsAt + 1 + table + 1);
}

enum class Ending : std::uint8_t {
  kThere,           // a trailer, or what is no block
  kBehindImage,     // between blocks, at least one of which is an image
  kBehindSubBlock,  // the data of an image is not closed
  kCut,
};

Ending ending_of(std::string_view bytes) {
  constexpr std::size_t kFlagsAt = 10;
  constexpr std::size_t kHeader = 13;
  if (bytes.size() < kHeader) return Ending::kCut;
  bool has_image = false;
  std::size_t at = kHeader + colour_table_size(byte_at(bytes, kFlagsAt));
  while (at < bytes.size()) {
    const bool is_image = bytes[at] == ',';
    if (!is_image && bytes[at] != '!') return Ending::kThere;
    const auto [end, are_closed] =
        is_image ? data_of_image(bytes, at + 1) : sub_blocks_at(bytes, at + 2);
    if (!are_closed)
      return is_image && end == bytes.size() ? Ending::kBehindSubBlock : Ending::kCut;
    has_image = has_image || is_image;
    at = end;
  }
  return has_image ? Ending::kBehindImage : Ending::kCut;
}

}  // namespace

bool gif_has_end(std::string_view bytes) { return ending_of(bytes) == Ending::kThere; }

std::optional<Bytes> gif_with_end(std::string_view bytes) {
  switch (ending_of(bytes)) {
    case Ending::kBehindImage:
      return Bytes::own(std::string(bytes) + ';');
    case Ending::kBehindSubBlock:
      return Bytes::own(std::string(bytes) + '\0' + ';');
    default:
      return std::nullopt;
  }
}

}  // namespace imageserver
