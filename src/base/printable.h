// Text from outside, made fit for one line of an answer or of the log.

#ifndef IMAGESERVER_BASE_PRINTABLE_H_
#define IMAGESERVER_BASE_PRINTABLE_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.h"

namespace imageserver {

// At most `longest` bytes of `text`. A `?` stands for each byte that is not printable ASCII, and
// for each quote, as callers put the text between quotes. Threads: any.
[[nodiscard]] inline std::string printable(std::string_view text, std::size_t longest) {
  std::string shown(text.substr(0, longest));
  std::ranges::replace_if(shown, [](char c) { return !is_printable_ascii(c) || c == '"'; }, '?');
  return shown;
}

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_PRINTABLE_H_
