// Numbers and truth values in requests, as Go reads them. Threads: free functions, callable from
// any.

#ifndef IMAGESERVER_PARAMS_NUMBERS_H_
#define IMAGESERVER_PARAMS_NUMBERS_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace imageserver {

// Go's strconv.Atoi on 64 bits.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

// Go's strconv.ParseFloat, but decimal and finite only: no hexadecimal, infinity or NaN, and
// nothing that is too large or too near to 0 for a double.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

// Go's strconv.ParseBool.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_NUMBERS_H_
