#include "options/flag_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/numbers.h"
#include "base/text.h"

namespace imageserver {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t size;
};

constexpr auto kByteUnits = std::to_array<Unit>({
    {"", 1},
    {"kB", 1'000},
    {"MB", 1'000'000},
    {"GB", 1'000'000'000},
    {"KiB", 1 << 10},
    {"MiB", 1 << 20},
    {"GiB", 1 << 30},
});

// In milliseconds.
constexpr auto kTimeUnits = std::to_array<Unit>({
    {"h", 3'600'000},
    {"m", 60'000},
    {"s", 1'000},
    {"ms", 1},
});

// Takes the integer at the front of `text` away.
std::optional<std::int64_t> take_integer(std::string_view& text) {
  std::int64_t number = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return number;
}

// Takes what stands before the next digit away.
std::string_view take_unit(std::string_view& text) {
  const auto end = std::ranges::find_if(text, is_ascii_digit);
  const std::string_view unit = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(unit.size());
  return unit;
}

// One number with its unit, in milliseconds.
std::optional<std::int64_t> take_time(std::string_view& text) {
  if (text.empty() || !is_ascii_digit(text.front())) return std::nullopt;
  const std::optional<std::int64_t> number = take_integer(text);
  const std::string_view name = take_unit(text);
  const auto unit = std::ranges::find(kTimeUnits, name, &Unit::name);
  if (!number || unit == kTimeUnits.end()) return std::nullopt;
  if (*number > kMaxDuration.count() / unit->size) return std::nullopt;
  return *number * unit->size;
}

}  // namespace

std::optional<std::int64_t> parse_integer_between(std::string_view text, std::int64_t low,
                                                  std::int64_t high) {
  const auto number = parse_whole<std::int64_t>(text);
  if (!number || *number < low || *number > high) return std::nullopt;
  return number;
}

std::optional<std::int64_t> parse_byte_size(std::string_view text) {
  const std::optional<std::int64_t> number = take_integer(text);
  const auto unit = std::ranges::find(kByteUnits, text, &Unit::name);
  if (!number || unit == kByteUnits.end()) return std::nullopt;
  using Limits = std::numeric_limits<std::int64_t>;
  if (*number > Limits::max() / unit->size || *number < Limits::min() / unit->size) {
    return std::nullopt;
  }
  return *number * unit->size;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text, Zero zero) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const std::optional<std::int64_t> time = take_time(text);
    if (!time || *time > kMaxDuration.count() - total) return std::nullopt;
    total += *time;
  }
  if (total == 0 && zero == Zero::kRefused) return std::nullopt;
  return std::chrono::milliseconds(total);
}

}  // namespace imageserver
