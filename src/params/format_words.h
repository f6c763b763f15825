// Words about formats for the table of parameters, made of the table of formats while they are
// compiled: a new format is named in them without an edit.

#ifndef IMAGESERVER_PARAMS_FORMAT_WORDS_H_
#define IMAGESERVER_PARAMS_FORMAT_WORDS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "formats/format_table.h"

namespace imageserver {

// A text that is put together while it is compiled. (A std::string cannot be kept until the program
// runs.) More than 128 bytes do not compile.
class ConstantText {
 public:
  constexpr ConstantText& append(std::string_view text) {
    for (const char letter : text) letters_.at(size_++) = letter;
    return *this;
  }

  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
  [[nodiscard]] constexpr std::string_view view() const { return {letters_.data(), size_}; }

 private:
  std::array<char, 128> letters_{};
  std::size_t size_ = 0;
};

// "PNG and GIF", the titles of the formats whose results have that trait, and `rest`.
template <bool ResultTraits::* kTrait>
constexpr ConstantText titles_with(std::string_view rest) {
  const auto has_it = [](const FormatRow& row) { return row.result && (*row.result).*kTrait; };
  auto left = std::ranges::count_if(kFormatRows, has_it);
  ConstantText words;
  for (const FormatRow& row : kFormatRows) {
    if (!has_it(row)) continue;
    --left;
    words.append(row.title).append(left > 1 ? ", " : left == 1 ? " and " : "");
  }
  return words.append(rest);
}

// "80 for JPEG, 79 for WebP": each format whose results have a quality. REQUIRES: qualities of two
// digits.
constexpr ConstantText default_qualities() {
  ConstantText words;
  for (const FormatRow& row : kFormatRows) {
    if (!row.result || !row.result->default_quality) continue;
    const int quality = *row.result->default_quality;
    const std::array digits = {static_cast<char>('0' + quality / 10),
                               static_cast<char>('0' + quality % 10)};
    words.append(words.empty() ? "" : ", ").append({digits.data(), digits.size()});
    words.append(" for ").append(row.title);
  }
  return words;
}

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_FORMAT_WORDS_H_
