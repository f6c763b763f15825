#include "params/gravity.h"

#include "base/numbers.h"
#include "base/text.h"

namespace imageserver {
namespace {

constexpr std::string_view kFocalPoint = "fp:";

std::optional<double> parse_fraction(std::string_view text) {
  const std::optional<double> number = parse_number(text);
  return number && *number >= 0 && *number <= 1 ? number : std::nullopt;
}

}  // namespace

std::optional<Gravity> parse_focal_point(std::string_view text) {
  if (!text.starts_with(kFocalPoint)) return std::nullopt;
  const auto [left, top] = cut(text.substr(kFocalPoint.size()), ',');
  const std::optional<double> x = parse_fraction(left);
  const std::optional<double> y = parse_fraction(top);
  if (!x || !y) return std::nullopt;
  return Gravity{.x = *x, .y = *y};
}

}  // namespace imageserver
