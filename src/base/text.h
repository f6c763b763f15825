// Small helpers for text: cutting, trimming, and ASCII letters and digits. Nothing depends on a
// locale. Threads: free functions, callable from any.

#ifndef IMAGESERVER_BASE_TEXT_H_
#define IMAGESERVER_BASE_TEXT_H_

#include <algorithm>
#include <cstddef>
#include <string>
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

// Removes the first part of `text` and the separator behind it, and returns the part. Without a
// separator the part is all of `text`.
constexpr std::string_view take_until(std::string_view& text, char separator) {
  const auto [part, rest] = cut(text, separator);
  text = rest;
  return part;
}

// The text without the characters of `blanks` at its beginning and its end.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text, std::string_view blanks) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

[[nodiscard]] constexpr bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A space counts as printable.
[[nodiscard]] constexpr bool is_printable_ascii(char c) { return c >= ' ' && c <= '~'; }

// The lower case of an ASCII capital; every other byte stays as it is.
[[nodiscard]] constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The text with each ASCII capital in lower case.
[[nodiscard]] inline std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = ascii_lower(c);
  return lower;
}

// Whether the two are equal when the case of ASCII letters is ignored.
[[nodiscard]] constexpr bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

// Whether `path` is a plain relative path: no component empty, `.` or `..` (so no slash in front).
[[nodiscard]] constexpr bool is_plain_path(std::string_view path) {
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view component = path.substr(0, slash);
    if (component.empty() || component == "." || component == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_TEXT_H_
