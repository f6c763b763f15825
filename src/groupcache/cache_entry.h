// One entry of a cache: a key and its picture.

#ifndef IMAGESERVER_GROUPCACHE_CACHE_ENTRY_H_
#define IMAGESERVER_GROUPCACHE_CACHE_ENTRY_H_

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "formats/image.h"
#include "groupcache/marks.h"
#include "groupcache/rate.h"

namespace imageserver {

// The cache's table owns the entry. The lists that link it own nothing: it unlinks itself when it
// is destroyed. So an entry is one allocation, and its key's text a second one.
struct CacheEntry {
  using Hook = boost::intrusive::list_member_hook<
      boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

  explicit CacheEntry(std::string_view name) : key(name) {}

  // The bytes of the limit that the entry takes.
  [[nodiscard]] std::size_t size() const { return key.size() + value_size(*image); }

  const std::string key;
  ImagePtr image;
  Marks marks;
  Rate rate;
  Clock::time_point until = Clock::time_point::max();
  Hook age;  // links the entries that expire

  // For the policy, which is the derived class of Cache.
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
