// All that a log of purges holds, for another log.

#ifndef IMAGESERVER_GROUPCACHE_PURGE_CONTENTS_H_
#define IMAGESERVER_GROUPCACHE_PURGE_CONTENTS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "groupcache/purge_floor.h"
#include "groupcache/purge_record.h"

namespace imageserver {

struct PurgeContents {
  std::vector<PurgeRecord> records = {};  // by (stamp, text), ascending; all later than the floor
  PurgeFloor floor = {};

  bool operator==(const PurgeContents&) const = default;
};

// No text of contents may have more.
inline constexpr std::size_t kMostContentsBytes = 4U << 20U;
inline constexpr std::size_t kMostContentsRecords = 16U << 10U;

// A line for the floor, then one for each record. Threads: any, as below.
[[nodiscard]] std::string contents_text(const PurgeContents& contents);

// None for what contents_text() does not write, and for more than may be.
[[nodiscard]] std::optional<PurgeContents> parse_contents(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_PURGE_CONTENTS_H_
