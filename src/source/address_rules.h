// Which addresses a fetch of an original may connect to. They are asked about the very address that
// is dialled, so that no name and no redirect leads into the operator's network.

#ifndef IMAGESERVER_SOURCE_ADDRESS_RULES_H_
#define IMAGESERVER_SOURCE_ADDRESS_RULES_H_

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/asio.h"
#include "imageserver/error.h"
#include "source/address_range.h"

namespace imageserver {

// Whether the address may be a host's on the public Internet. A v6 address that carries a v4 one is
// none: a translator or a tunnel on the way leads to that one. Threads: any.
[[nodiscard]] bool is_global_unicast(const net::ip::address& address);

// Whether clouds give machines their credentials there, or a v6 address carries such a v4 one.
// Threads: any.
[[nodiscard]] bool is_metadata(const net::ip::address& address);

// `--source-allow-private`. Immutable. Threads: any.
class AddressRules {
 public:
  // Allows what is public, and nothing else.
  AddressRules() = default;

  // Parses `10.0.0.0/8,fd12::1,origin.internal`: CIDRs, addresses and names of hosts, without
  // blanks. kInvalidParam, with the item at fault, if one is none of these. A name stands for
  // itself alone, and not for those below it. An empty list allows nothing more.
  [[nodiscard]] static Result<AddressRules> parse(std::string_view list);

  // Whether `address` may be dialled for a URL with `host`, which is in lower case. Public
  // addresses may. Others may if the list has the host or the address (`::ffff:10.0.0.1` counts
  // as 10.0.0.1) and `is_own` holds: the operator named that server, and no other server redirected
  // to it. Metadata addresses never may.
  [[nodiscard]] bool may_dial(const net::ip::address& address, std::string_view host,
                              bool is_own) const;

 private:
  [[nodiscard]] bool lists(const net::ip::address& address) const;

  std::vector<AddressRange> ranges_;
  std::set<std::string, std::less<>> hosts_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_ADDRESS_RULES_H_
