// Where etcd listens.

#ifndef IMAGESERVER_MEMBERSHIP_ETCD_ENDPOINTS_H_
#define IMAGESERVER_MEMBERSHIP_ETCD_ENDPOINTS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imageserver {

// Each `host:port` or `[v6]:port`.
using EtcdEndpoints = std::vector<std::string>;

// `http://host:port` for each, separated by commas; a slash may stand at the end of each. None for
// anything else, an `https` too: there is no TLS. Threads: any.
[[nodiscard]] std::optional<EtcdEndpoints> parse_etcd_endpoints(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_ETCD_ENDPOINTS_H_
