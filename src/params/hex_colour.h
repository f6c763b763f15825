// Colours as requests write them.

#ifndef IMAGESERVER_PARAMS_HEX_COLOUR_H_
#define IMAGESERVER_PARAMS_HEX_COLOUR_H_

#include <optional>
#include <string_view>

#include "params/transform_spec.h"

namespace imageserver {

// `rgb`, `argb`, `rrggbb` or `aarrggbb` in hexadecimal, as the Go program reads them; opaque where
// there is no alpha. Threads: any.
[[nodiscard]] std::optional<Colour> parse_hex_colour(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_HEX_COLOUR_H_
