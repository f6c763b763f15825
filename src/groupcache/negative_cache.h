// Remembers for a while what could not be made, so that it is not tried again and again.

#ifndef IMAGESERVER_GROUPCACHE_NEGATIVE_CACHE_H_
#define IMAGESERVER_GROUPCACHE_NEGATIVE_CACHE_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/mutex.h"
#include "imageserver/error.h"

namespace imageserver {

// Errors by key; of more than 1024 the oldest goes first. Threads: any.
class NegativeCache {
 public:
  // Remembers the error for that time, unless the key has one already; not at all for a time of 0.
  void put(const std::string& key, const Error& error, milliseconds time_to_live, Deadline now);

  [[nodiscard]] std::optional<Error> find(const std::string& key, Deadline now);

 private:
  struct Entry {
    Error error;
    Deadline until;
  };

  void drop_old(Deadline now) IMAGESERVER_REQUIRES(mutex_);

  Mutex mutex_;
  std::unordered_map<std::string, Entry> entries_ IMAGESERVER_GUARDED_BY(mutex_);
  std::deque<std::string> order_ IMAGESERVER_GUARDED_BY(mutex_);  // of their keys, oldest first
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_NEGATIVE_CACHE_H_
