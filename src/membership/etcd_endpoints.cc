#include "membership/etcd_endpoints.h"

#include "base/address.h"

namespace imageserver {
namespace {

constexpr std::string_view kScheme = "http://";

std::optional<std::string> parse_url(std::string_view url) {
  if (!url.starts_with(kScheme)) return std::nullopt;
  url.remove_prefix(kScheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  const auto address = parse_address(url);
  if (!address || address->host.empty() || address->port == 0) return std::nullopt;
  return std::string(url);
}

}  // namespace

std::optional<EtcdEndpoints> parse_etcd_endpoints(std::string_view text) {
  EtcdEndpoints endpoints;
  while (true) {
    const std::string_view url = text.substr(0, text.find(','));
    auto endpoint = parse_url(url);
    if (!endpoint) return std::nullopt;
    endpoints.push_back(*std::move(endpoint));
    if (url.size() == text.size()) return endpoints;
    text.remove_prefix(url.size() + 1);
  }
}

}  // namespace imageserver
