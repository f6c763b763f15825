// A range of addresses, as a CIDR writes it.

#ifndef IMAGESERVER_SOURCE_ADDRESS_RANGE_H_
#define IMAGESERVER_SOURCE_ADDRESS_RANGE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/asio.h"

namespace imageserver {

// Threads: as a value.
struct AddressRange {
  bool is_v4 = true;
  unsigned bits = 0;                     // how many of the first bits are fixed
  std::array<std::uint8_t, 16> bytes{};  // of v4 the first four

  // Whether the address is of the same family and begins with these bits.
  [[nodiscard]] bool contains(const net::ip::address& address) const;
};

// Parses `10.0.0.0/8` or `fd12::/16`; an address alone is a range of one. None for anything else,
// so for a bit that is set behind the fixed ones, a zone, or v4 in v6 (`::ffff:10.0.0.0/104`).
// Threads: any.
[[nodiscard]] std::optional<AddressRange> parse_address_range(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_ADDRESS_RANGE_H_
