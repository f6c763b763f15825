// Purges for tests.

#ifndef IMAGESERVER_TESTS_SUPPORT_NODE_PURGES_H_
#define IMAGESERVER_TESTS_SUPPORT_NODE_PURGES_H_

#include <string>
#include <utility>

#include "groupcache/hybrid_clock.h"
#include "groupcache/purge_log.h"

namespace imageserver::testing {

// A node's log, with a clock of its own.
struct NodePurges {
  enum class Strength : std::uint8_t { kHard, kSoft };

  HybridClock clock{};
  PurgeLog log{clock};

  // Takes a new purge of one original, and returns it.
  PurgeRecord purge(std::string name, Strength strength = Strength::kHard) {
    PurgeRecord record = record_of(std::move(name), strength);
    log.take(record);
    return record;
  }

  PurgeRecord record_of(std::string name, Strength strength = Strength::kHard) {
    return {.id = "p" + std::to_string(++count_),
            .kind = PurgeRecord::Kind::kSource,
            .values = {std::move(name)},
            .is_soft = strength == Strength::kSoft,
            .stamp = clock.now()};
  }

 private:
  int count_ = 0;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_NODE_PURGES_H_
