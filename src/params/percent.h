// Percent decoding as Go's net/url does it. Threads: any.

#ifndef IMAGESERVER_PARAMS_PERCENT_H_
#define IMAGESERVER_PARAMS_PERCENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imageserver {

enum class Plus : std::uint8_t {
  kIsPlus,   // in a path
  kIsSpace,  // in a query
};

// None if a `%` is not followed by two hexadecimal digits. Any byte may come out, NUL too.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, Plus plus);

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_PERCENT_H_
