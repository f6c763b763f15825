#include "image/codec/upright_xmp.h"

#include <algorithm>
#include <cstddef>

namespace imageserver {
namespace {

constexpr std::string_view kName = ":Orientation";
constexpr std::string_view kBlanks = " \t\r\n";

std::size_t behind_blanks(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(kBlanks, at), text.size());
}

bool is_at(std::string_view text, std::size_t at, std::string_view characters) {
  return at < text.size() && characters.find(text[at]) != std::string_view::npos;
}

// Where the value begins that belongs to the name before `at`: behind `="` or `>`. The end of the
// text if there is no value.
std::size_t value_behind(std::string_view text, std::size_t at) {
  const std::size_t sign = behind_blanks(text, at);
  if (is_at(text, sign, ">")) return behind_blanks(text, sign + 1);
  if (!is_at(text, sign, "=")) return text.size();
  const std::size_t quote = behind_blanks(text, sign + 1);
  return is_at(text, quote, "\"'") ? behind_blanks(text, quote + 1) : text.size();
}

}  // namespace

std::string upright_xmp(std::string_view packet) {
  std::string result(packet);
  for (std::size_t at = packet.find(kName); at != std::string_view::npos;
       at = packet.find(kName, at + 1)) {
    const std::size_t value = value_behind(packet, at + kName.size());
    if (is_at(packet, value, "2345678")) result[value] = '1';
  }
  return result;
}

}  // namespace imageserver
