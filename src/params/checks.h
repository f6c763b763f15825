// What a single entry of a map may be: the checks that rows of the table of parameters are made of.
// Each names the entry in its error. Threads: free functions, callable from any.

#ifndef IMAGESERVER_PARAMS_CHECKS_H_
#define IMAGESERVER_PARAMS_CHECKS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "imageserver/error.h"
#include "params/parameter.h"
#include "params/params.h"

namespace imageserver {

[[nodiscard]] Result<std::int64_t> integer(const ParamEntry& entry);
// REQUIRES: the bounds are whole numbers.
[[nodiscard]] Result<std::int64_t> integer_within(const ParamEntry& entry, Range range);
// A side in pixels. It says which of the bounds was broken. REQUIRES: as above.
[[nodiscard]] Result<std::int64_t> side_within(const ParamEntry& entry, Range range);
[[nodiscard]] Result<double> number(const ParamEntry& entry);
[[nodiscard]] Result<double> number_within(const ParamEntry& entry, Range range);
[[nodiscard]] Result<bool> boolean(const ParamEntry& entry);

// A string without control characters, that of the entry itself.
[[nodiscard]] Result<std::string_view> plain_string(const ParamEntry& entry);

// `between 1 and 100`.
[[nodiscard]] std::string between(Range range);

// `must be one of a, b, c`.
[[nodiscard]] std::string one_of(std::span<const std::string_view> names);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_CHECKS_H_
