// Remembers the nonces of signatures, so that each signature is accepted once.

#ifndef IMAGESERVER_PEERS_WIRE_REPLAY_GUARD_H_
#define IMAGESERVER_PEERS_WIRE_REPLAY_GUARD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/mutex.h"

namespace imageserver {

// Callers pass only nonces of valid signatures, so that only a node with the secret can fill it.
// Its size is bounded all the same.
//
// Threads: any, concurrently.
class ReplayGuard {
 public:
  // A nonce is remembered this long, and up to twice as long. That covers the time from the first
  // moment at which its signature may be accepted to the last.
  static constexpr std::int64_t kSeconds = 61;

  // At most `most` nonces are remembered within kSeconds, and as many of the kSeconds before.
  explicit ReplayGuard(std::size_t most = 1U << 20U) : most_(most) {}

  // Remembers the nonce. False if it was remembered already, or if there is no room for it.
  // `seconds` since 1970.
  [[nodiscard]] bool admit(std::string_view nonce, std::int64_t seconds);

 private:
  using Nonces = std::unordered_set<std::string>;

  const std::size_t most_;
  Mutex mutex_;
  Nonces young_ IMAGESERVER_GUARDED_BY(mutex_);
  Nonces old_ IMAGESERVER_GUARDED_BY(mutex_);
  std::int64_t since_ IMAGESERVER_GUARDED_BY(mutex_) = 0;  // when young_ was begun
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_REPLAY_GUARD_H_
