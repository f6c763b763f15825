#include "peers/wire/replay_guard.h"

#include <algorithm>
#include <utility>

namespace imageserver {

bool ReplayGuard::admit(std::string_view nonce, std::int64_t seconds) {
  std::string kept(nonce);
  Nonces forgotten;  // freed after the lock is released
  const MutexLock lock(mutex_);
  since_ = std::min(since_, seconds);  // the clock may have been set back
  if (seconds - since_ >= kSeconds) {
    forgotten = std::exchange(old_, std::exchange(young_, {}));
    since_ = seconds;
  }
  if (young_.size() >= most_ || old_.contains(kept)) return false;
  return young_.insert(std::move(kept)).second;
}

}  // namespace imageserver
