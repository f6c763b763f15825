#include "formats/gif_blocks.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "formats/frame_limit.h"

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

// What follows the screen: an image or an extension.
struct Block {
  bool is_image;
  SubBlocks data;
};

// None at a trailer, and at what is no block. REQUIRES: at < bytes.size().
std::optional<Block> block_at(std::string_view bytes, std::size_t at) {
  if (bytes[at] == ',') return Block{true, data_of_image(bytes, at + 1)};
  if (bytes[at] == '!') return Block{false, sub_blocks_at(bytes, at + 2)};
  return std::nullopt;
}

// Where it begins; behind the end of the bytes if the header does not lie inside them.
std::size_t first_block(std::string_view bytes) {
  constexpr std::size_t kFlagsAt = 10;
  constexpr std::size_t kHeader = 13;
  if (bytes.size() < kHeader) return std::string_view::npos;
  return kHeader + colour_table_size(byte_at(bytes, kFlagsAt));
}

enum class Ending : std::uint8_t {
  kThere,           // a trailer, or what is no block
  kBehindImage,     // between blocks, at least one of which is an image
  kBehindSubBlock,  // the data of an image is not closed
  kCut,
};

Ending ending_of(std::string_view bytes) {
  bool has_image = false;
  std::size_t at = first_block(bytes);
  while (at < bytes.size()) {
    const std::optional<Block> block = block_at(bytes, at);
    if (!block) return Ending::kThere;
    const auto [end, are_closed] = block->data;
    if (!are_closed)
      return block->is_image && end == bytes.size() ? Ending::kBehindSubBlock : Ending::kCut;
    has_image = has_image || block->is_image;
    at = end;
  }
  return has_image ? Ending::kBehindImage : Ending::kCut;
}

}  // namespace

bool gif_has_few_frames(std::string_view bytes) {
  int frames = 0;
  for (std::size_t at = first_block(bytes); at < bytes.size();) {
    const std::optional<Block> block = block_at(bytes, at);
    if (!block) return true;
    if (block->is_image && ++frames > kMostFrames) return false;
    at = block->data.end;
  }
  return true;
}

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
