// Percent encoding (RFC 3986), and decoding as Go's net/url does it. Threads: any.

#ifndef IMAGESERVER_PARAMS_PERCENT_H_
#define IMAGESERVER_PARAMS_PERCENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"

namespace imageserver {

// Whether RFC 3986 lets a character stand for itself everywhere (section 2.3).
[[nodiscard]] constexpr bool is_unreserved(char c) {
  return is_ascii_letter(c) || is_ascii_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

// The text with each byte that is_kept() does not hold for as `%` and two upper-case hexadecimal
// digits.
[[nodiscard]] std::string percent_encode(std::string_view text,
                                         bool (*is_kept)(char) = is_unreserved);

enum class Plus : std::uint8_t {
  kIsPlus,   // in a path
  kIsSpace,  // in a query
};

// None if a `%` is not followed by two hexadecimal digits. Any byte may come out, NUL too.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, Plus plus);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_PERCENT_H_
