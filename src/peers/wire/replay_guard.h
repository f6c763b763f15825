// Remembers which signatures were used already.

#ifndef IMAGESERVER_PEERS_WIRE_REPLAY_GUARD_H_
#define IMAGESERVER_PEERS_WIRE_REPLAY_GUARD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/mutex.h"

namespace imageserver {

// Only nonces of signatures that are right are to be brought here, so that only who knows the
// secret can fill it; its size is bounded all the same.
//
// Threads: any, concurrently.
class ReplayGuard {
 public:
  // A nonce is remembered this long and up to twice as long: at least from the first moment at
  // which its signature may be accepted to the last.
  static constexpr std::int64_t kSeconds = 61;

  // `most` nonces are remembered for kSeconds, those before them not counted.
  explicit ReplayGuard(std::size_t most = 1U << 20U) : most_(most) {}

  // Whether the nonce is new; it is remembered from now on. False, too, where there is no room to
  // remember it. `seconds` since 1970.
  [[nodiscard]] bool admit(std::string_view nonce, std::int64_t seconds);

 private:
  using Nonces = std::unordered_set<std::string>;

  const std::size_t most_;
  Mutex mutex_;
  Nonces young_ IMAGESERVER_GUARDED_BY(mutex_);
  Nonces old_ IMAGESERVER_GUARDED_BY(mutex_);
  std::int64_t since_ IMAGESERVER_GUARDED_BY(mutex_) = 0;  // when the first of young_ may have come
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_REPLAY_GUARD_H_
