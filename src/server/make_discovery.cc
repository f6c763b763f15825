#include "server/make_discovery.h"

#include <string>
#include <utility>

#include "base/address.h"
#include "base/printable.h"
#include "membership/dns_discovery.h"
#include "membership/etcd_discovery.h"
#include "membership/file_discovery.h"
#include "membership/view.h"

namespace imageserver {
namespace {

using Made = Result<std::unique_ptr<Discovery>>;

constexpr std::size_t kMaxShown = 200;

Error wrong(const std::string& flag, const std::string& rule, const std::string& value) {
  return {ErrorKind::kInvalidParam,
          "--" + flag + ": " + rule + ", not \"" + printable(value, kMaxShown) + '"'};
}

bool is_ip_and_port(const std::string& text) {
  const auto address = parse_address(text);
  if (!address || address->port == 0) return false;
  error_code error;
  net::ip::make_address(address->host, error);
  return !error;
}

Made make_dns(const Options& options) {
  const auto spec = parse_dns_spec(options.groupcache_peers_dns);
  if (!spec) {
    return wrong("groupcache-peers-dns", "must be host:port or srv:name",
                 options.groupcache_peers_dns);
  }
  const std::string& server = options.groupcache_peers_dns_server;
  if (!server.empty() && !is_ip_and_port(server)) {
    return wrong("groupcache-peers-dns-server", "must be ip:port", server);
  }
  return std::make_unique<DnsDiscovery>(
      DnsOptions{*spec, options.groupcache_peers_interval, server});
}

Made make_etcd(const Options& options, net::io_context& context) {
  const auto endpoints = parse_etcd_endpoints(options.groupcache_peers_etcd);
  if (!endpoints) {
    return wrong("groupcache-peers-etcd",
                 "must be http://host:port, or several separated by commas",
                 options.groupcache_peers_etcd);
  }
  EtcdOptions etcd;
  etcd.endpoints = *endpoints;
  etcd.prefix = options.groupcache_peers_etcd_prefix;
  etcd.self = options.self();
  return std::make_unique<EtcdDiscovery>(context, std::move(etcd));
}

}  // namespace

Result<std::unique_ptr<Discovery>> make_discovery(const Options& options,
                                                  net::io_context& context) {
  const PeersFrom from = options.peers_from();
  if (from == PeersFrom::kFlag) return nullptr;
  if (!is_peer_name(options.self())) {
    return wrong("groupcache-self", "must be the name by which the peers know this node",
                 options.self());
  }
  switch (from) {
    case PeersFrom::kDns:
      return make_dns(options);
    case PeersFrom::kEtcd:
      return make_etcd(options, context);
    default:
      return std::make_unique<FileDiscovery>(options.groupcache_peers_file);
  }
}

}  // namespace imageserver
