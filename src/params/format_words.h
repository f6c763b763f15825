// Words about formats for the table of parameters, made of the table of formats while they are
// compiled: a new format is named in them without an edit.

#ifndef IMAGESERVER_PARAMS_FORMAT_WORDS_H_
#define IMAGESERVER_PARAMS_FORMAT_WORDS_H_

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "formats/format_table.h"

namespace imageserver {

// The text that kMake(), a function without arguments, returns as a std::string. It lives as long
// as the program.
template <auto kMake>
class Words {
 public:
  [[nodiscard]] static constexpr std::string_view view() {
    return {kCharacters.data(), kCharacters.size()};
  }

 private:
  static constexpr auto kCharacters = [] {
    std::array<char, kMake().size()> characters{};
    std::ranges::copy(kMake(), characters.begin());
    return characters;
  }();
};

// "PNG and GIF": the titles of the formats whose results have that trait.
template <bool ResultTraits::* kTrait>
constexpr std::string titles_with() {
  const auto has_it = [](const FormatRow& row) { return row.result && (*row.result).*kTrait; };
  auto left = std::ranges::count_if(kFormatRows, has_it);
  std::string words;
  for (const FormatRow& row : kFormatRows) {
    if (!has_it(row)) continue;
    --left;
    words.append(row.title).append(left > 1 ? ", " : left == 1 ? " and " : "");
  }
  return words;
}

// "80 for JPEG, 79 for WebP": each format whose results have a quality. REQUIRES: qualities of two
// digits.
constexpr std::string default_qualities() {
  std::string words;
  for (const FormatRow& row : kFormatRows) {
    if (!row.result || !row.result->default_quality) continue;
    const int quality = *row.result->default_quality;
    words.append(words.empty() ? "" : ", ");
    words += static_cast<char>('0' + quality / 10);
    words += static_cast<char>('0' + quality % 10);
    words.append(" for ").append(row.title);
  }
  return words;
}

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_FORMAT_WORDS_H_
