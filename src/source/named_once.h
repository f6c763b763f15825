// Names that are told once.

#ifndef IMAGESERVER_SOURCE_NAMED_ONCE_H_
#define IMAGESERVER_SOURCE_NAMED_ONCE_H_

#include <cstddef>
#include <string>
#include <unordered_set>

#include "base/mutex.h"

namespace imageserver {

// Whoever asks for the names can choose them, so the table is bounded.
//
// Threads: any, concurrently.
class NamedOnce {
 public:
  explicit NamedOnce(std::size_t most) : most_(most) {}

  // Whether the name is to be told: the first time, and if fewer than `most` were.
  [[nodiscard]] bool is_first(const std::string& name);

 private:
  const std::size_t most_;
  Mutex mutex_;
  std::unordered_set<std::string> names_ IMAGESERVER_GUARDED_BY(mutex_);
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_NAMED_ONCE_H_
