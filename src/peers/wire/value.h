// The value that peers exchange and caches count: an encoded picture and its format, as u32 length
// of the format's name, the name, u32 length of the data, the data (little-endian). Threads: any.

#ifndef IMAGESERVER_PEERS_WIRE_VALUE_H_
#define IMAGESERVER_PEERS_WIRE_VALUE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "formats/image.h"
#include "imageserver/error.h"

namespace imageserver {

// The most data a value may hold, as in Go.
inline constexpr std::size_t kMaxValueData = std::size_t{1} << 30U;

struct ValueView {
  Format format;
  std::string_view data;

  friend bool operator==(const ValueView&, const ValueView&) = default;
};

// All of the value but its data, which follows as it is: nothing is copied to send it.
// REQUIRES: data_size <= kMaxValueData.
[[nodiscard]] std::string encode_value_prefix(Format format, std::size_t data_size);

// The parts of a whole value; `data` points into it. kBadRequest for an unknown format, lengths
// that do not fit, or bytes left over.
[[nodiscard]] Result<ValueView> decode_value(std::string_view value);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_VALUE_H_
