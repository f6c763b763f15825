// The values that flags take, beyond plain text. Threads: free functions, callable from any.

#ifndef IMAGESERVER_OPTIONS_FLAG_VALUES_H_
#define IMAGESERVER_OPTIONS_FLAG_VALUES_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace imageserver {

// A decimal integer, with a `-` if need be, within [low, high]; none for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_integer_between(std::string_view text,
                                                                std::int64_t low,
                                                                std::int64_t high);

// A number of bytes: an integer, alone or with kB, MB, GB (powers of 1000) or KiB, MiB, GiB (of
// 1024) right after it. May be negative.
[[nodiscard]] std::optional<std::int64_t> parse_byte_size(std::string_view text);

// The longest time a flag may give.
inline constexpr std::chrono::milliseconds kMaxDuration = std::chrono::hours(24);

enum class Zero : std::uint8_t { kRefused, kAllowed };

// A time up to kMaxDuration as Go writes it, in whole h, m, s and ms: `10s`, `1m30s`.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text,
                                                                      Zero zero = Zero::kRefused);

}  // namespace imageserver

#endif  // IMAGESERVER_OPTIONS_FLAG_VALUES_H_
