// The names of presets and of watermarks. Threads: any.

#ifndef IMAGESERVER_PARAMS_PLAIN_NAME_H_
#define IMAGESERVER_PARAMS_PLAIN_NAME_H_

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace imageserver {

inline constexpr std::size_t kMaxPlainName = 64;

[[nodiscard]] constexpr bool is_plain_name_character(char c) {
  return is_ascii_letter(c) || is_ascii_digit(c) || c == '-' || c == '_' || c == '.';
}

inline constexpr std::string_view kPlainNameRule =
    "must be 1 to 64 letters, digits, -, _ and ., and not begin with .";

// Whether the name keeps kPlainNameRule.
[[nodiscard]] constexpr bool is_plain_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxPlainName && text.front() != '.' &&
         std::ranges::all_of(text, is_plain_name_character);
}

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_PLAIN_NAME_H_
