// Text that is a number or a truth value as a whole. Threads: free functions, callable from any.

#ifndef IMAGESERVER_BASE_NUMBERS_H_
#define IMAGESERVER_BASE_NUMBERS_H_

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace imageserver {

// The number that all of `text` spells as std::from_chars reads it. None for an empty text, a blank
// or a `+` anywhere before the digits, anything behind them, or a number that Number cannot hold.
// Leading zeros are allowed. A `-` is allowed where Number is signed. A double may be `inf` or
// `nan`.
template <class Number>
[[nodiscard]] std::optional<Number> parse_whole(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || stop != end) return std::nullopt;
  return number;
}

// The same in hexadecimal, in lower or upper case, without `0x`.
template <std::unsigned_integral Number>
[[nodiscard]] std::optional<Number> parse_whole_hex(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number, 16);
  if (failure != std::errc() || stop != end) return std::nullopt;
  return number;
}

// Go's strconv.Atoi on 64 bits.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

// Go's strconv.ParseFloat, but decimal and finite only: no hexadecimal, infinity or NaN, and
// nothing that is too large or too near to 0 for a double.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

// Go's strconv.ParseBool.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_NUMBERS_H_
