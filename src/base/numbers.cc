#include "base/numbers.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace imageserver {
namespace {

constexpr auto kTrue = std::to_array<std::string_view>({"1", "t", "T", "TRUE", "true", "True"});
constexpr auto kFalse = std::to_array<std::string_view>({"0", "f", "F", "FALSE", "false", "False"});

// As parse_whole(), with one `+` allowed in front.
template <class Number>
std::optional<Number> parse_signed(std::string_view text) {
  if (!text.starts_with('+')) return parse_whole<Number>(text);
  text.remove_prefix(1);
  return text.starts_with('-') ? std::nullopt : parse_whole<Number>(text);
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  return parse_signed<std::int64_t>(text);
}

std::optional<double> parse_number(std::string_view text) {
  const std::optional<double> number = parse_signed<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<bool> parse_boolean(std::string_view text) {
  if (std::ranges::find(kTrue, text) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, text) != kFalse.end()) return false;
  return std::nullopt;
}

}  // namespace imageserver
