// The table of parameters. Parsing, checking, the tests of README and the fuzzers all read it.
// Threads: free functions, callable from any.

#ifndef IMAGESERVER_PARAMS_PARAMETER_TABLE_H_
#define IMAGESERVER_PARAMS_PARAMETER_TABLE_H_

#include <cstddef>
#include <span>
#include <string_view>

#include "params/parameter.h"

namespace imageserver {

// No table is longer.
inline constexpr std::size_t kMaxParameters = 64;

// Every parameter that a request can name, sorted by name.
[[nodiscard]] std::span<const Parameter> parameters();

// Null if there is no such parameter.
[[nodiscard]] const Parameter* find_parameter(std::string_view name);

// The name of the map in a request's params. REQUIRES: the place is kResize or kRotate.
[[nodiscard]] std::string_view map_name(Place place);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_PARAMETER_TABLE_H_
