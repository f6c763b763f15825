#include "params/checks.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "params/invalid_param.h"

namespace imageserver {
namespace {

// Whole numbers are shown as such, however large.
struct WholeRange {
  std::int64_t low;
  std::int64_t high;
};

WholeRange whole(Range range) {
  return {static_cast<std::int64_t>(range.low), static_cast<std::int64_t>(range.high)};
}

bool is_control(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f; }

template <class Number>
std::string shown(Number number) {
  std::array<char, 32> room{};
  return {room.data(), std::to_chars(room.data(), room.data() + room.size(), number).ptr};
}

template <class Bounds>
std::string bounds(Bounds range) {
  return "between " + shown(range.low) + " and " + shown(range.high);
}

// A NaN is in no range.
template <class Number, class Bounds>
Result<Number> within(const ParamEntry& entry, const Result<Number>& held, Bounds range) {
  if (!held || (*held >= range.low && *held <= range.high)) return held;
  return invalid_param(entry.name, "must be " + bounds(range));
}

}  // namespace

Result<std::int64_t> integer(const ParamEntry& entry) {
  const auto* held = std::get_if<std::int64_t>(&entry.value);
  if (held == nullptr) return invalid_param(entry.name, "must be an integer");
  return *held;
}

Result<std::int64_t> integer_within(const ParamEntry& entry, Range range) {
  const Result<std::int64_t> held = integer(entry);
  if (held) return within(entry, held, whole(range));
  return invalid_param(entry.name, "must be an integer " + bounds(whole(range)));
}

Result<std::int64_t> side_within(const ParamEntry& entry, Range range) {
  const auto [low, high] = whole(range);
  const Result<std::int64_t> held = integer_within(entry, range);
  const auto* const pixels = std::get_if<std::int64_t>(&entry.value);
  if (held || pixels == nullptr) return held;
  if (*pixels < low) {
    return invalid_param(entry.name, "must be greater than or equal to " + shown(low));
  }
  return invalid_param(entry.name, "must be less than or equal to " + shown(high));
}

Result<double> number(const ParamEntry& entry) {
  const auto* held = std::get_if<double>(&entry.value);
  if (held == nullptr) return invalid_param(entry.name, "must be a decimal number");
  return *held;
}

Result<double> number_within(const ParamEntry& entry, Range range) {
  const Result<double> held = number(entry);
  if (held) return within(entry, held, range);
  return invalid_param(entry.name, "must be a decimal number " + bounds(range));
}

Result<bool> boolean(const ParamEntry& entry) {
  const auto* held = std::get_if<bool>(&entry.value);
  if (held == nullptr) return invalid_param(entry.name, "must be true or false, or 1 or 0");
  return *held;
}

Result<std::string_view> plain_string(const ParamEntry& entry) {
  const auto* text = std::get_if<std::string>(&entry.value);
  if (text == nullptr) return invalid_param(entry.name, "must be a string");
  if (std::ranges::any_of(*text, is_control)) {
    return invalid_param(entry.name, "must not contain control characters");
  }
  return std::string_view(*text);
}

std::string between(Range range) { return bounds(range); }

std::string one_of(std::span<const std::string_view> names) {
  std::string rule = "must be one of";
  std::string_view separator = " ";
  for (const std::string_view name : names) {
    rule.append(separator).append(name);
    separator = ", ";
  }
  return rule;
}

}  // namespace imageserver
