// How names of hosts are spelled. Threads: any.

#ifndef IMAGESERVER_SOURCE_HOST_NAME_H_
#define IMAGESERVER_SOURCE_HOST_NAME_H_

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "base/text.h"

namespace imageserver {

inline constexpr std::size_t kMaxHostName = 253;  // the longest that DNS can hold

// Whether the text has 1 to 253 letters, digits, `-`, `_` and `.`, and nothing else. v4 addresses
// pass too.
[[nodiscard]] constexpr bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHostName && std::ranges::all_of(text, [](char c) {
    return is_ascii_letter(c) || is_ascii_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_HOST_NAME_H_
