// A purge as a log holds it.

#ifndef IMAGESERVER_GROUPCACHE_KEPT_PURGE_H_
#define IMAGESERVER_GROUPCACHE_KEPT_PURGE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>

#include "base/hash.h"
#include "groupcache/purge_record.h"

namespace imageserver {

struct KeptPurge {
  PurgeRecord record;
  std::string text;  // purge_text()
  Sha256 hash = {};  // of the text
  std::uint64_t position = 0;
};

// REQUIRES: is_purge(). Threads: any.
[[nodiscard]] std::shared_ptr<KeptPurge> make_kept_purge(const PurgeRecord& record);

using KeptPurgePtr = std::shared_ptr<const KeptPurge>;

// One order on all nodes: by stamp, and by text where stamps are equal.
struct IsOlder {
  bool operator()(const KeptPurge* a, const KeptPurge* b) const {
    return std::tie(a->record.stamp, a->text) < std::tie(b->record.stamp, b->text);
  }
  bool operator()(const KeptPurgePtr& a, const KeptPurgePtr& b) const {
    return (*this)(a.get(), b.get());
  }
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_KEPT_PURGE_H_
