// Says whether a picture that was fetched from its owner is kept in the hot cache.

#ifndef IMAGESERVER_GROUPCACHE_HOT_POLICY_H_
#define IMAGESERVER_GROUPCACHE_HOT_POLICY_H_

#include <functional>
#include <optional>

#include "imageserver/ring_mode.h"

namespace imageserver {

// A picture is kept if its owner is asked for it this often, a second (60 times a minute).
inline constexpr double kHotQps = 1.0;

// Threads: any, concurrently.
class HotPolicy {
 public:
  // `dice` decides in kGo, and where the owner does not say how often it is asked. Called
  // concurrently. Empty: 1 in 10, at random, as golang/groupcache does.
  HotPolicy(RingMode mode, std::function<bool()> dice);

  // `minute_qps` is what the owner says of its rate; none if it says nothing.
  [[nodiscard]] bool keeps(std::optional<double> minute_qps) const;

 private:
  const RingMode mode_;
  const std::function<bool()> dice_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_HOT_POLICY_H_
