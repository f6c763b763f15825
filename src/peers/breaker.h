// Says when to stop asking a node that does not answer, and when to probe it.

#ifndef IMAGESERVER_PEERS_BREAKER_H_
#define IMAGESERVER_PEERS_BREAKER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/mutex.h"

namespace imageserver {

// A circuit breaker. It has no timer: where it returns a pause, its owner probes the node after
// that pause, off the path of any request, and reports the result by probed().
//
// Threads: any, concurrently.
class Breaker {
 public:
  enum class State : std::uint8_t { kClosed, kOpen, kHalfOpen };

  // So many failures in a row open it.
  static constexpr int kFailures = 5;

  // The pause before the first probe. Each failed probe doubles the pause, up to the longest. So
  // does opening again before the node answered anything but a probe.
  static constexpr milliseconds kFirstPause{1'000};
  static constexpr milliseconds kLongestPause{30'000};

  // `random` gives numbers from 0 up to 1. They make pauses up to a fifth shorter or longer, so
  // that not all nodes probe at once. Called with a lock held.
  explicit Breaker(std::function<double()> random);

  // Whether requests may be sent to the node. While it is not closed, only probes are sent.
  [[nodiscard]] bool allows() const { return state() == State::kClosed; }
  [[nodiscard]] State state() const { return state_.load(std::memory_order_relaxed); }

  // The node answered, whatever it said.
  void succeeded();

  // The node could not be reached, or did not answer in time. Returns the pause until the probe if
  // that opens the breaker.
  [[nodiscard]] std::optional<milliseconds> failed();

  // The pause is over and the node is being probed.
  void probing();

  // A probe has ended. If the node answered, closes the breaker and returns none; else returns the
  // pause until the next probe.
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
