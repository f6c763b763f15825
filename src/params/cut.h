// Small cuts of text. Threads: free functions, callable from any.

#ifndef IMAGESERVER_PARAMS_CUT_H_
#define IMAGESERVER_PARAMS_CUT_H_

#include <string_view>
#include <utility>

namespace imageserver {

// What stands before the first `separator` and what stands after it; all of it and nothing where
// there is none.
[[nodiscard]] constexpr std::pair<std::string_view, std::string_view> cut(std::string_view text,
                                                                          char separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

// The text without what it begins and ends with of `blanks`.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text, std::string_view blanks) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_CUT_H_
