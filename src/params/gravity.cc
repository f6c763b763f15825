#include "params/gravity.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/numbers.h"
#include "base/text.h"
#include "params/checks.h"

namespace imageserver {
namespace {

constexpr std::string_view kFocalPoint = "fp:";

constexpr Gravity at(double x, double y) { return {Gravity::Kind::kPoint, x, y}; }

constexpr std::array<Choice<Gravity>, 11> kGravities = {{
    {"center", at(0.5, 0.5)},
    {"north", at(0.5, 0)},
    {"northeast", at(1, 0)},
    {"east", at(1, 0.5)},
    {"southeast", at(1, 1)},
    {"south", at(0.5, 1)},
    {"southwest", at(0, 1)},
    {"west", at(0, 0.5)},
    {"northwest", at(0, 0)},
    {"smart", {Gravity::Kind::kSmart}},
    {"entropy", {Gravity::Kind::kEntropy}},
}};

constexpr std::size_t kPoints = 9;

std::span<const Choice<Gravity>> choices_among(GravityKinds kinds) {
  const std::span all(kGravities);
  return kinds == GravityKinds::kAll ? all : all.first(kPoints);
}

std::optional<double> parse_fraction(std::string_view text) {
  const std::optional<double> number = parse_number(text);
  return number && *number >= 0 && *number <= 1 ? number : std::nullopt;
}

std::optional<Gravity> parse_focal_point(std::string_view text) {
  if (!text.starts_with(kFocalPoint)) return std::nullopt;
  const auto [left, top] = cut(text.substr(kFocalPoint.size()), ',');
  const std::optional<double> x = parse_fraction(left);
  const std::optional<double> y = parse_fraction(top);
  if (!x || !y) return std::nullopt;
  return at(*x, *y);
}

}  // namespace

Result<Gravity> gravity(const ParamEntry& entry, GravityKinds kinds) {
  const Result<std::string_view> text = plain_string(entry);
  if (!text) return text.error();
  const std::span<const Choice<Gravity>> choices = choices_among(kinds);
  const Choice<Gravity>* const choice = find_choice(*text, choices);
  if (choice != nullptr) return choice->value;
  if (const std::optional<Gravity> point = parse_focal_point(*text)) return *point;
  return invalid_param(entry.name, "must be one of " + names_of(choices) +
                                       ", or fp:x,y with x and y between 0 and 1");
}

}  // namespace imageserver
