// A purge: somebody says that what is cached of some originals may not be served as it is.

#ifndef IMAGESERVER_GROUPCACHE_PURGE_RECORD_H_
#define IMAGESERVER_GROUPCACHE_PURGE_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "groupcache/hybrid_time.h"

namespace imageserver {

struct PurgeRecord {
  enum class Kind : std::uint8_t {
    kSource,  // one original
    kPrefix,  // all whose names have one of these beginnings, by whole segments: `a/b` reaches
              // `a/b` and `a/b/c`, and not `a/bc`
    kAll,
  };

  std::string id;  // is_purge_id()
  Kind kind = Kind::kAll;
  std::vector<std::string> values = {};  // canonical names (source/sources.h) or their beginnings
  bool is_soft = false;                  // to be looked at again; else gone
  HybridTime stamp = {};

  bool operator==(const PurgeRecord&) const = default;
};

inline constexpr std::size_t kMostPurgePrefixes = 16;
inline constexpr std::size_t kMostPurgeBytes = 8192;

// 1 to 64 letters, digits, `-` and `_`. Threads: any, as below.
[[nodiscard]] bool is_purge_id(std::string_view text);

// Whether it is as others take it: the id is one; kSource has one value, kPrefix 1 to
// kMostPurgePrefixes, none of which ends with a slash, and kAll none; no value is empty; and with
// all but letters, digits and `-._~/` percent-encoded, they have at most kMostPurgeBytes in all.
[[nodiscard]] bool is_purge(const PurgeRecord& record);

// The same on all nodes, and the text of no other record: one line of visible ASCII without a space
// or a comma. REQUIRES: is_purge().
[[nodiscard]] std::string purge_text(const PurgeRecord& record);

// None for what purge_text() does not write.
[[nodiscard]] std::optional<PurgeRecord> parse_purge(std::string_view text);

// The SHA-256 of the text, in hex. REQUIRES: is_purge().
[[nodiscard]] std::string purge_hash(const PurgeRecord& record);

// Whether the record is about the original of that canonical name.
[[nodiscard]] bool reaches(const PurgeRecord& record, std::string_view name);

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_PURGE_RECORD_H_
