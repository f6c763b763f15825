// All originals that a node knows something of.

#ifndef IMAGESERVER_GROUPCACHE_KNOWN_ORIGINALS_H_
#define IMAGESERVER_GROUPCACHE_KNOWN_ORIGINALS_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/mutex.h"
#include "groupcache/known_original.h"

namespace imageserver {

using KnownOriginalPtr = std::shared_ptr<KnownOriginal>;

// An original is known for as long as somebody holds what is known of it: those who cache what was
// made of it. The last thousand are known besides, as what is made of them may not be cached yet.
// Threads: any, concurrently.
class KnownOriginals {
 public:
  // `purges` are heeded; null: there are none. REQUIRES: they outlive this, and all that is got.
  explicit KnownOriginals(const PurgeLog* purges = nullptr) : purges_(purges) {}

  // The purges that are heeded. May be null.
  [[nodiscard]] const PurgeLog* purges() const { return purges_; }

  // What is known of the original of that canonical name (source/sources.h); if nothing is, that is
  // the beginning.
  [[nodiscard]] KnownOriginalPtr get(const std::string& name);

  // KnownOriginal::drop_looks() for all.
  void drop_looks();

  // Null if nothing is known.
  [[nodiscard]] KnownOriginalPtr find(const std::string& name) const;

 private:
  void drop_forgotten() IMAGESERVER_REQUIRES(mutex_);

  static constexpr std::size_t kLeastSweep = 1024;
  static constexpr std::size_t kRecent = 1024;

  const PurgeLog* const purges_;
  mutable Mutex mutex_;
  std::unordered_map<std::string, std::weak_ptr<KnownOriginal>> all_ IMAGESERVER_GUARDED_BY(mutex_);
  std::size_t next_sweep_ IMAGESERVER_GUARDED_BY(mutex_) = kLeastSweep;  // at so many entries
  std::deque<KnownOriginalPtr> recent_ IMAGESERVER_GUARDED_BY(mutex_);   // the newest at the end
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_KNOWN_ORIGINALS_H_
