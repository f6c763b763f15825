// What zlib (RFC 1950) tells of bytes, without keeping what it inflates. Threads: any.

#ifndef IMAGESERVER_FORMATS_INFLATED_SIZE_H_
#define IMAGESERVER_FORMATS_INFLATED_SIZE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace imageserver {

// How many bytes a zlib stream inflates to, up to its end or to where it is damaged. None as soon
// as there are more than `most`.
[[nodiscard]] std::optional<std::size_t> inflated_size(std::string_view stream, std::size_t most);

// The checksum of PNG and gzip (ISO 3309).
[[nodiscard]] std::uint32_t crc_32(std::string_view bytes);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_INFLATED_SIZE_H_
