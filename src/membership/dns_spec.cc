#include "membership/dns_spec.h"

#include <algorithm>

#include "base/address.h"
#include "base/asio.h"
#include "base/text.h"

namespace imageserver {
namespace {

constexpr std::string_view kSrv = "srv:";

bool is_literal(const std::string& host) {
  error_code error;
  net::ip::make_address(host, error);
  return !error;
}

std::optional<DnsSpec> parse_srv(std::string_view name) {
  // A name that can be the host of an address can be asked for.
  const auto address = parse_address(std::string(name) + ":1");
  if (!address || address->host != name || name.empty() || is_literal(address->host)) {
    return std::nullopt;
  }
  return DnsSpec{std::string(name), std::nullopt};
}

std::optional<DnsSpec> parse_host(std::string_view text) {
  const auto address = parse_address(text);
  if (!address || address->host.empty() || address->port == 0) return std::nullopt;
  if (is_literal(address->host)) return std::nullopt;
  return DnsSpec{address->host, address->port};
}

}  // namespace

std::optional<DnsSpec> parse_dns_spec(std::string_view text) {
  if (text.starts_with(kSrv) && !std::ranges::all_of(text.substr(kSrv.size()), is_ascii_digit)) {
    return parse_srv(text.substr(kSrv.size()));
  }
  return parse_host(text);
}

}  // namespace imageserver
