#include "formats/heif_grid.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <set>
#include <vector>

#include "base/endian.h"

namespace imageserver {
namespace {

// A box of ISO/IEC 14496-12: its type and what is in it.
struct IsoBox {
  std::string_view type;
  std::string_view content;
};

// Takes the first box away from the front. A size of 0 reaches to the end, one of 1 stands behind
// the type in 8 bytes.
std::optional<IsoBox> take_box(std::string_view& bytes) {
  constexpr std::size_t kHeader = 8;
  constexpr std::size_t kLongHeader = 16;
  if (bytes.size() < kHeader) return std::nullopt;
  std::uint64_t size = decode_big_endian(bytes.substr(0, 4));
  std::size_t header = kHeader;
  if (size == 0) size = bytes.size();
  if (size == 1) {
    header = kLongHeader;
    size = bytes.size() < kLongHeader ? 0 : decode_big_endian(bytes.substr(8, 8));
  }
  if (size < header || size > bytes.size()) return std::nullopt;
  const auto length = static_cast<std::size_t>(size);
  const IsoBox box{bytes.substr(4, 4), bytes.substr(header, length - header)};
  bytes.remove_prefix(length);
  return box;
}

std::string_view content_of(std::string_view bytes, std::string_view type) {
  while (const std::optional<IsoBox> box = take_box(bytes)) {
    if (box->type == type) return box->content;
  }
  return {};
}

// Without the version and the flags, with which some boxes begin.
std::string_view without_version(std::string_view content) {
  return content.substr(std::min<std::size_t>(4, content.size()));
}

// One picture that is put together from others.
struct Derivation {
  std::uint64_t from = 0;
  std::vector<std::uint64_t> parts;
};

Derivation read_derivation(std::string_view content, std::size_t item_width) {
  Derivation derivation{decode_big_endian(content.substr(0, item_width)), {}};
  const std::uint64_t count = decode_big_endian(content.substr(item_width, 2));
  std::string_view rest = content.substr(item_width + 2);
  for (std::uint64_t i = 0; i < count && rest.size() >= item_width; ++i) {
    derivation.parts.push_back(decode_big_endian(rest.substr(0, item_width)));
    rest.remove_prefix(item_width);
  }
  return derivation;
}

std::vector<Derivation> derivations(std::string_view references) {
  std::vector<Derivation> found;
  if (references.empty()) return found;
  const std::size_t item_width = references.front() == 0 ? 2 : 4;
  std::string_view rest = without_version(references);
  while (const std::optional<IsoBox> reference = take_box(rest)) {
    if (reference->type != "dimg" || reference->content.size() < item_width + 2) continue;
    found.push_back(read_derivation(reference->content, item_width));
  }
  return found;
}

bool is_nested(const std::vector<Derivation>& all) {
  std::set<std::uint64_t> wholes;
  for (const Derivation& one : all) wholes.insert(one.from);
  return std::ranges::any_of(all, [&wholes](const Derivation& one) {
    return std::ranges::any_of(one.parts,
                               [&wholes](std::uint64_t part) { return wholes.contains(part); });
  });
}

}  // namespace

std::uint64_t heif_grid_tiles(std::string_view bytes) {
  const std::string_view meta = without_version(content_of(bytes, "meta"));
  const std::vector<Derivation> all = derivations(content_of(meta, "iref"));
  if (is_nested(all)) return std::numeric_limits<std::uint64_t>::max();
  std::uint64_t tiles = 0;
  for (const Derivation& one : all) tiles += one.parts.size();
  return tiles;
}

bool heif_has_few_tiles(std::string_view bytes) {
  constexpr std::uint64_t kMostTiles = 1000;
  return heif_grid_tiles(bytes) <= kMostTiles;
}

}  // namespace imageserver
