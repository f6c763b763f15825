// A hash of a set of hashes, whatever order they came in.

#ifndef IMAGESERVER_GROUPCACHE_SET_HASH_H_
#define IMAGESERVER_GROUPCACHE_SET_HASH_H_

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"

namespace imageserver {

// All hashes of the set, one XOR the other: sets that nobody has made up for the purpose have the
// same only if they are the same. All zeros: the empty set.
struct SetHash {
  Sha256 bytes = {};

  // Puts a hash in, or takes it out if it is there.
  void toggle(const Sha256& hash) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] ^= hash[i];
  }

  [[nodiscard]] bool is_empty() const { return bytes == Sha256{}; }
  [[nodiscard]] std::string text() const { return to_hex(bytes); }

  auto operator<=>(const SetHash&) const = default;
};

// None for what text() does not write. Threads: any.
[[nodiscard]] std::optional<SetHash> parse_set_hash(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_SET_HASH_H_
