// Keys of request targets that were parsed before, so that the next request for the same target is
// not parsed again.

#ifndef IMAGESERVER_HANDLERS_TARGET_CACHE_H_
#define IMAGESERVER_HANDLERS_TARGET_CACHE_H_

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "params/parse_target.h"

namespace imageserver {

// The same target parsed by the same rules always has the same key, and names the same parameters
// in vain. The cache holds only that: it does not say whether the picture exists. It is
// direct-mapped: a new entry overwrites the entry in its place, and the table never grows. Threads:
// any, concurrently.
class TargetCache {
 public:
  // A Params::key().
  using Key = std::array<char, 64>;

  // What is known of a target.
  struct Known {
    Key key;
    bool ignores;  // some of its parameters were ignored (ignored_params.h)
  };

  // Longer targets are not remembered.
  static constexpr std::size_t kMostBytes = 256;

  TargetCache();

  // None if the target was not parsed by these rules, or was overwritten.
  [[nodiscard]] std::optional<Known> find(std::string_view target, const TargetRules& rules) const;

  // REQUIRES: `key` is the key of every valid request for the target, whatever its header fields
  // are.
  void remember(std::string_view target, const TargetRules& rules, std::string_view key,
                bool ignores);

 private:
  // The rules that a target was parsed by. The presets are weak: after a reload no entry made under
  // the old presets matches, and the cache does not keep them in memory.
  struct Rules {
    std::weak_ptr<const Presets> presets;
    bool presets_only = false;
    bool strict = false;

    [[nodiscard]] bool are(const TargetRules& rules) const;
  };

  struct Entry {
    std::string target;  // empty: the place is free
    Rules rules;
    Known known{};
  };

  // A part of the places, with a lock of its own.
  struct Stripe {
    mutable Mutex mutex;
    std::vector<Entry> entries IMAGESERVER_GUARDED_BY(mutex);
  };

  static constexpr std::size_t kStripes = 16;
  static constexpr std::size_t kPlaces = 256;  // in each stripe

  struct Place {
    std::size_t stripe;
    std::size_t entry;
  };
  [[nodiscard]] static Place place_of(std::string_view target);

  std::array<Stripe, kStripes> stripes_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_TARGET_CACHE_H_
