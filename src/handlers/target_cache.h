// What targets were found to ask for, so that the next request for the same need not be read again.

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

// A target leads to the same key as long as it is read by the same rules; nothing but that is
// remembered: whether the picture is there, may be given, or is still good is asked each time. The
// last one to take a place has it, and places are as many as they ever will be. Threads: any number
// at a time.
class TargetCache {
 public:
  // A Params::key().
  using Key = std::array<char, 64>;

  // Longer targets are not remembered.
  static constexpr std::size_t kMostBytes = 256;

  TargetCache();

  // None if it is not known under these rules.
  [[nodiscard]] std::optional<Key> find(std::string_view target, const TargetRules& rules) const;

  // REQUIRES: that is the key of every valid request for the target, whatever else it says.
  void remember(std::string_view target, const TargetRules& rules, std::string_view key);

 private:
  // Which rules they were. Presets that were read anew are gone, whoever has heard of them.
  struct Rules {
    std::weak_ptr<const Presets> presets;
    bool presets_only = false;
    bool strict = false;

    [[nodiscard]] bool are(const TargetRules& rules) const;
  };

  struct Entry {
    std::string target;  // empty: nobody has this place
    Rules rules;
    Key key{};
  };

  struct Shelf {
    mutable Mutex mutex;
    std::vector<Entry> entries IMAGESERVER_GUARDED_BY(mutex);
  };

  static constexpr std::size_t kShelves = 16;
  static constexpr std::size_t kPlaces = 256;  // on each

  struct Place {
    std::size_t shelf;
    std::size_t entry;
  };
  [[nodiscard]] static Place place_of(std::string_view target);

  std::array<Shelf, kShelves> shelves_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_TARGET_CACHE_H_
