// What a cache holds under one key.

#ifndef IMAGESERVER_GROUPCACHE_CACHE_ENTRY_H_
#define IMAGESERVER_GROUPCACHE_CACHE_ENTRY_H_

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "formats/image.h"
#include "groupcache/rate.h"

namespace imageserver {

// Owned by the cache's table. The lists it stands in own nothing: it leaves them when it is
// destroyed, so that an entry is one allocation (and its key's text a second one).
struct CacheEntry {
  using Hook = boost::intrusive::list_member_hook<
      boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

  explicit CacheEntry(std::string_view name) : key(name) {}

  // What the entry takes of the limit.
  [[nodiscard]] std::size_t size() const { return key.size() + value_size(*image); }

  const std::string key;
  ImagePtr image;
  Rate rate;
  Clock::time_point until = Clock::time_point::max();
  Hook age;  // among those that expire

  // The policy's own.
  Hook place;
  std::uint8_t uses = 0;
  bool in_main = false;
};

template <CacheEntry::Hook CacheEntry::* kHook>
using CacheEntryList =
    boost::intrusive::list<CacheEntry,
                           boost::intrusive::member_hook<CacheEntry, CacheEntry::Hook, kHook>,
                           boost::intrusive::constant_time_size<false>>;

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_CACHE_ENTRY_H_
