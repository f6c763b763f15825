// Tokens of HTTP, such as the names of header fields (RFC 9110, 5.6.2). Threads: free functions,
// callable from any.

#ifndef IMAGESERVER_HTTP_TOKEN_H_
#define IMAGESERVER_HTTP_TOKEN_H_

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace imageserver {

[[nodiscard]] constexpr bool is_token_char(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return is_ascii_letter(c) || is_ascii_digit(c) || kMarks.find(c) != std::string_view::npos;
}

// An empty text is none.
[[nodiscard]] constexpr bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

}  // namespace imageserver

#endif  // IMAGESERVER_HTTP_TOKEN_H_
