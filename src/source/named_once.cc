#include "source/named_once.h"

namespace imageserver {

bool NamedOnce::is_first(const std::string& name) {
  const MutexLock lock(mutex_);
  if (names_.contains(name) || names_.size() >= most_) return false;
  names_.insert(name);
  return true;
}

}  // namespace imageserver
