// Says whether a peer that makes a picture is late with it.

#ifndef IMAGESERVER_PEERS_LATENESS_H_
#define IMAGESERVER_PEERS_LATENESS_H_

#include <cstddef>
#include <cstdint>

#include "base/clock.h"
#include "http/client.h"

namespace imageserver {

// Looks at one fetch from a peer that sends interim answers. A sign of the peer is an interim
// answer, or kLeastBytes of its answer. The peer is late if no sign has come for kPeriod. Has no
// timer. Threads: one at a time.
class Lateness {
 public:
  // Interim answers come every 200 ms.
  static constexpr milliseconds kPeriod{250};
  static constexpr std::size_t kLeastBytes = 64U << 10U;

  // A fetch whose peer was late for so many periods in a row is given up.
  static constexpr int kMostPeriods = 4;

  // A period that ends so much later than it should says more of this node than of the peer.
  static constexpr milliseconds kOwnDelay{50};

  enum class Finding : std::uint8_t { kInTime, kLate, kGiveUp };

  explicit Lateness(Clock::time_point now) : end_(now + kPeriod) {}

  // When the period ends, unless a sign comes before.
  [[nodiscard]] Clock::time_point end() const { return end_; }

  // Whether this is a sign, with which a new period begins.
  bool arrived(const Arrival& arrival, Clock::time_point now);

  // The period has ended, and the next one begins.
  [[nodiscard]] Finding period_ended(Clock::time_point now);

 private:
  Clock::time_point end_;
  std::size_t bytes_ = 0;  // since the last sign
  int late_periods_ = 0;   // in a row
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_LATENESS_H_
