#include "source/address_rules.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "base/text.h"
#include "source/host_name.h"

namespace imageserver {
namespace {

// Of IANA's registries of special-purpose addresses, v4, and of v6 what lies in kPublicV6. A block
// is refused as a whole, although some have holes that are public: no origin lives there.
constexpr auto kNotPublic = std::to_array<std::string_view>({
    "0.0.0.0/8",        // "this network", RFC 791
    "10.0.0.0/8",       // private, RFC 1918
    "100.64.0.0/10",    // behind a carrier's NAT, RFC 6598
    "127.0.0.0/8",      // loopback, RFC 1122
    "169.254.0.0/16",   // link-local, RFC 3927
    "172.16.0.0/12",    // private, RFC 1918
    "192.0.0.0/24",     // protocol assignments, RFC 6890
    "192.0.2.0/24",     // TEST-NET-1, RFC 5737
    "192.88.99.0/24",   // relays of 6to4, RFC 7526
    "192.168.0.0/16",   // private, RFC 1918
    "198.18.0.0/15",    // benchmarks, RFC 2544
    "198.51.100.0/24",  // TEST-NET-2, RFC 5737
    "203.0.113.0/24",   // TEST-NET-3, RFC 5737
    "224.0.0.0/4",      // multicast, RFC 5771
    "240.0.0.0/4",      // reserved, RFC 1112; broadcast, RFC 919
    "2001::/23",        // protocol assignments, RFC 2928: Teredo, benchmarks, ORCHID and others
    "2001:db8::/32",    // documentation, RFC 3849
    "2002::/16",        // 6to4, RFC 3056
    "3fff::/20",        // documentation, RFC 9637
});

// All that is global unicast (RFC 4291, 2.4, and IANA's registry of the v6 address space).
constexpr std::string_view kPublicV6 = "2000::/3";

constexpr auto kMetadata = std::to_array<std::string_view>({
    "169.254.169.254",  // nearly all
    "169.254.170.2",    // AWS: ECS
    "169.254.170.23",   // AWS: EKS
    "169.254.42.42",    // Scaleway
    "169.254.0.23",     // Tencent
    "100.100.100.200",  // Alibaba
    "192.0.0.192",      // Oracle
    "168.63.129.16",    // Azure, in a public range
    "fd00:ec2::254",    // AWS
    "fd00:ec2::23",     // AWS: EKS
    "fd20:ce::254",     // Google
    "fd00:42::42",      // Scaleway
    "fe80::a9fe:a9fe",  // OpenStack
});

// The v6 addresses with a v4 one in them, from byte `at` on.
struct Carrier {
  std::string_view range;
  std::size_t at;
};

constexpr std::size_t kLast = 12;  // where the last four bytes begin
constexpr auto kCarriers = std::to_array<Carrier>({
    {"::/96", kLast},            // v4-compatible, RFC 4291, 2.5.5.1
    {"::ffff:0:0:0/96", kLast},  // SIIT, RFC 2765
    {"64:ff9b::/96", kLast},     // NAT64, RFC 6052
    {"64:ff9b:1::/48", kLast},   // NAT64 of a site, RFC 8215, with a prefix of 96 bits
    {"2002::/16", 2},            // 6to4, RFC 3056
});

using Ranges = std::vector<AddressRange>;

Ranges parse_all(std::span<const std::string_view> texts) {
  Ranges ranges;
  for (const std::string_view text : texts) ranges.push_back(parse_address_range(text).value());
  return ranges;
}

bool any_contains(const Ranges& ranges, const net::ip::address& address) {
  return std::ranges::any_of(ranges,
                             [&](const AddressRange& range) { return range.contains(address); });
}

// RFC 5214, 6.1.
bool is_isatap(const net::ip::address_v6::bytes_type& bytes) {
  return (bytes[8] == 0 || bytes[8] == 2) && bytes[9] == 0 && bytes[10] == 0x5e &&
         bytes[11] == 0xfe;
}

net::ip::address unmapped(const net::ip::address& address) {
  if (address.is_v4() || !address.to_v6().is_v4_mapped()) return address;
  return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6());
}

net::ip::address v4_at(const net::ip::address_v6::bytes_type& bytes, std::size_t at) {
  net::ip::address_v4::bytes_type v4{};
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), v4.size(), v4.begin());
  return net::ip::make_address_v4(v4);
}

// The v4 address that a v6 one carries.
std::optional<net::ip::address> carried(const net::ip::address& address) {
  if (address.is_v4()) return std::nullopt;
  const auto bytes = address.to_v6().to_bytes();
  if (is_isatap(bytes)) return v4_at(bytes, kLast);
  for (const Carrier& carrier : kCarriers) {
    if (parse_address_range(carrier.range)->contains(address)) return v4_at(bytes, carrier.at);
  }
  return std::nullopt;
}

// `10.0.0` is a slip of an address.
bool ends_in_number(std::string_view name) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  return std::ranges::all_of(last, is_ascii_digit);
}

}  // namespace

bool is_global_unicast(const net::ip::address& address) {
  static const Ranges not_public = parse_all(kNotPublic);
  static const AddressRange public_v6 = parse_address_range(kPublicV6).value();
  if (address.is_v6()) {
    if (!public_v6.contains(address) || is_isatap(address.to_v6().to_bytes())) return false;
  }
  return !any_contains(not_public, address);
}

bool is_metadata(const net::ip::address& address) {
  static const Ranges metadata = parse_all(kMetadata);
  const net::ip::address plain = unmapped(address);
  const std::optional<net::ip::address> v4 = carried(plain);
  return any_contains(metadata, plain) || (v4 && any_contains(metadata, *v4));
}

Result<AddressRules> AddressRules::parse(std::string_view list) {
  AddressRules rules;
  while (!list.empty()) {
    const std::string_view item = take_until(list, ',');
    if (const std::optional<AddressRange> range = parse_address_range(item)) {
      rules.ranges_.push_back(*range);
    } else if (is_host_name(item) && !ends_in_number(item)) {
      rules.hosts_.insert(ascii_lower(item));
    } else {
      return Error{ErrorKind::kInvalidParam,
                   "must be CIDRs, addresses and names of hosts, with commas between them; \"" +
                       std::string(item) + "\" is none of these"};
    }
  }
  return rules;
}

bool AddressRules::lists(const net::ip::address& address) const {
  return any_contains(ranges_, unmapped(address));
}

bool AddressRules::may_dial(const net::ip::address& address, std::string_view host,
                            bool is_own) const {
  if (is_metadata(address)) return false;
  if (is_global_unicast(address)) return true;
  return is_own && (hosts_.contains(host) || lists(address));
}

}  // namespace imageserver
