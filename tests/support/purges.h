// Purges, and a wall clock that tests set.

#ifndef IMAGESERVER_TESTS_SUPPORT_PURGES_H_
#define IMAGESERVER_TESTS_SUPPORT_PURGES_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "groupcache/hybrid_clock.h"
#include "groupcache/purge_record.h"

namespace imageserver::testing {

inline constexpr std::uint64_t kNoon = 1'800'000'000'000;
inline constexpr std::uint64_t kHour = 3'600'000;

// Its time is a hybrid clock's wall. Threads: any.
class WallClock {
 public:
  explicit WallClock(std::uint64_t millis = kNoon) : millis_(millis) {}

  void set(std::uint64_t millis) { millis_ = millis; }
  [[nodiscard]] std::uint64_t millis() const { return millis_; }

  [[nodiscard]] HybridClock::Wall wall() const {
    return [this] {
      return std::chrono::system_clock::time_point(std::chrono::milliseconds(millis_.load()));
    };
  }

 private:
  std::atomic<std::uint64_t> millis_;
};

inline PurgeRecord purge_of(std::string source, std::uint64_t millis, bool is_soft = false) {
  return {.id = "source-" + std::to_string(millis),
          .kind = PurgeRecord::Kind::kSource,
          .values = {std::move(source)},
          .is_soft = is_soft,
          .stamp = {.millis = millis}};
}

inline PurgeRecord purge_below(std::vector<std::string> prefixes, std::uint64_t millis,
                               bool is_soft = false) {
  return {.id = "prefix-" + std::to_string(millis),
          .kind = PurgeRecord::Kind::kPrefix,
          .values = std::move(prefixes),
          .is_soft = is_soft,
          .stamp = {.millis = millis}};
}

inline PurgeRecord purge_of_all(std::uint64_t millis, bool is_soft = false) {
  return {.id = "all-" + std::to_string(millis), .is_soft = is_soft, .stamp = {.millis = millis}};
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_PURGES_H_
