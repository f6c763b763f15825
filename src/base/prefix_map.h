// Values for the beginnings of paths.

#ifndef IMAGESERVER_BASE_PREFIX_MAP_H_
#define IMAGESERVER_BASE_PREFIX_MAP_H_

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace imageserver {

// Of the prefixes that a path begins with, by whole segments, the longest holds: `/a` holds for
// `a/b`, and not for `ab`. Immutable. Threads: any.
template <class T>
class PrefixMap {
 public:
  // A prefix is `/`, which holds for all paths, or `/a/b`.
  using Entry = std::pair<std::string, T>;

  // Holds for no path.
  PrefixMap() = default;

  // REQUIRES: no prefix twice.
  explicit PrefixMap(std::vector<Entry> entries) : entries_(std::move(entries)) {
    for (auto& [prefix, value] : entries_) prefix = beginning_of_paths(prefix);
    std::ranges::sort(entries_, std::ranges::greater(),
                      [](const Entry& entry) { return entry.first.size(); });
  }

  // What holds for a path, and what stands behind the prefix there.
  struct Found {
    const T& value;
    std::string_view rest;
  };

  // `path` has no slash in front.
  [[nodiscard]] std::optional<Found> find(std::string_view path) const {
    for (const auto& [beginning, value] : entries_) {
      if (path.starts_with(beginning)) return Found{value, path.substr(beginning.size())};
    }
    return std::nullopt;
  }

 private:
  static std::string beginning_of_paths(const std::string& prefix) {
    return prefix == "/" ? "" : prefix.substr(1) + '/';
  }

  std::vector<Entry> entries_;  // the longest first
};

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_PREFIX_MAP_H_
