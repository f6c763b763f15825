// A listening or peer address as flags write it.

#ifndef IMAGESERVER_BASE_ADDRESS_H_
#define IMAGESERVER_BASE_ADDRESS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imageserver {

struct Address {
  std::string host;  // a name, a v4 or a v6 address (without its brackets); empty: not given
  std::uint16_t port = 0;

  friend bool operator==(const Address&, const Address&) = default;
};

// Parses `:port`, `host:port` or `[v6]:port`. None for anything else: the port is decimal without
// sign or leading zeros, 0 to 65535; a host holds letters, digits, `.`, `-` and `_`, at most 253 of
// them; brackets hold a v6 address without a zone. Nothing is looked up. Threads: any.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

// Whether the text is an address that others can connect to: port 0 is for listening only.
// Threads: any.
[[nodiscard]] bool is_peer_name(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_ADDRESS_H_
