// What a Cache-Control field holds, without what it means (RFC 9111, 5.2).

#ifndef IMAGESERVER_SOURCE_CACHE_CONTROL_H_
#define IMAGESERVER_SOURCE_CACHE_CONTROL_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imageserver {

struct CacheDirective {
  std::string name;      // a token, in lower case
  std::string argument;  // what a quoted one holds; empty: none

  friend bool operator==(const CacheDirective&, const CacheDirective&) = default;
};

// The directives of one line of the field, in its order. None if the line is no list of them.
// Threads: any.
[[nodiscard]] std::optional<std::vector<CacheDirective>> parse_cache_control(std::string_view line);

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_CACHE_CONTROL_H_
