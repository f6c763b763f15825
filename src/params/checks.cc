#include "params/checks.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace imageserver {
namespace {

bool is_control(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f; }

template <class Number>
std::string shown(Number number) {
  std::array<char, 32> room{};
  return {room.data(), std::to_chars(room.data(), room.data() + room.size(), number).ptr};
}

template <class Number>
std::string in_range(Number low, Number high) {
  return "between " + shown(low) + " and " + shown(high);
}

// A NaN is in no range.
template <class Number>
Result<Number> between(const ParamEntry& entry, const Result<Number>& held, Number low,
                       Number high) {
  if (!held || (*held >= low && *held <= high)) return held;
  return invalid_param(entry.name, "must be " + in_range(low, high));
}

}  // namespace

Result<std::int64_t> integer(const ParamEntry& entry) {
  const auto* held = std::get_if<std::int64_t>(&entry.value);
  if (held == nullptr) return invalid_param(entry.name, "must be an integer");
  return *held;
}

Result<std::int64_t> integer_between(const ParamEntry& entry, std::int64_t low, std::int64_t high) {
  const Result<std::int64_t> held = integer(entry);
  if (held) return between(entry, held, low, high);
  return invalid_param(entry.name, "must be an integer " + in_range(low, high));
}

Result<double> number(const ParamEntry& entry) {
  const auto* held = std::get_if<double>(&entry.value);
  if (held == nullptr) return invalid_param(entry.name, "must be a decimal number");
  return *held;
}

Result<double> number_between(const ParamEntry& entry, Between bounds) {
  const Result<double> held = number(entry);
  if (held) return between(entry, held, bounds.low, bounds.high);
  return invalid_param(entry.name, "must be a decimal number " + in_range(bounds.low, bounds.high));
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

}  // namespace imageserver
