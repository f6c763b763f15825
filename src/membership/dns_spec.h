// What to ask DNS for.

#ifndef IMAGESERVER_MEMBERSHIP_DNS_SPEC_H_
#define IMAGESERVER_MEMBERSHIP_DNS_SPEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imageserver {

struct DnsSpec {
  std::string name;

  // Of every address of the name; none: the name has SRV records that tell hosts and ports.
  std::optional<std::uint16_t> port;

  friend bool operator==(const DnsSpec&, const DnsSpec&) = default;
};

// `HOST:PORT` (port not 0), or `srv:NAME`, where NAME is not all digits: `srv:80` is port 80 of the
// host srv. None for anything else, an address in the name's place too. Threads: any.
[[nodiscard]] std::optional<DnsSpec> parse_dns_spec(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_DNS_SPEC_H_
