// Says when to stop asking a node that does not answer, and when to look whether it is back.

#ifndef IMAGESERVER_PEERS_BREAKER_H_
#define IMAGESERVER_PEERS_BREAKER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/mutex.h"

namespace imageserver {

// A circuit breaker. It keeps no time itself: where it says a pause, its owner probes the node
// after it, off the path of any request, and tells what came of it.
//
// Threads: any, concurrently.
class Breaker {
 public:
  enum class State : std::uint8_t { kClosed, kOpen, kHalfOpen };

  // Failures in a row that open it.
  static constexpr int kFailures = 5;

  // Until the first probe; each one that fails doubles it, up to the longest, and so does opening
  // again when nothing but a probe was answered.
  static constexpr milliseconds kFirstPause{1'000};
  static constexpr milliseconds kLongestPause{30'000};

  // `random` gives numbers from 0 up to 1, for pauses that are up to a fifth shorter or longer, so
  // that not all nodes probe at once. Called with a lock held.
  explicit Breaker(std::function<double()> random);

  // Whether the node may be asked. Only a probe does so while it is not closed.
  [[nodiscard]] bool allows() const { return state() == State::kClosed; }
  [[nodiscard]] State state() const { return state_.load(std::memory_order_relaxed); }

  // The node answered, whatever it said.
  void succeeded();

  // The node could not be reached, or did not answer in time. If that opens the breaker: the pause
  // until the probe.
  [[nodiscard]] std::optional<milliseconds> failed();

  // The pause is over and the node is being probed.
  void probing();

  // None, and the breaker is closed, if the node answered; else the pause until the next probe.
  [[nodiscard]] std::optional<milliseconds> probed(bool answered);

 private:
  [[nodiscard]] milliseconds pause() IMAGESERVER_REQUIRES(mutex_);

  const std::function<double()> random_;
  std::atomic<State> state_ = State::kClosed;
  Mutex mutex_;
  int failures_ IMAGESERVER_GUARDED_BY(mutex_) = 0;  // in a row
  milliseconds next_pause_ IMAGESERVER_GUARDED_BY(mutex_) = kFirstPause;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_BREAKER_H_
