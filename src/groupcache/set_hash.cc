#include "groupcache/set_hash.h"

#include <cstdint>

#include "base/numbers.h"

namespace imageserver {

std::optional<SetHash> parse_set_hash(std::string_view text) {
  SetHash hash;
  if (text.size() != 2 * hash.bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < hash.bytes.size(); ++i) {
    const auto byte = parse_whole_hex<std::uint8_t>(text.substr(2 * i, 2));
    if (!byte) return std::nullopt;
    hash.bytes[i] = *byte;
  }
  if (hash.text() != text) return std::nullopt;
  return hash;
}

}  // namespace imageserver
