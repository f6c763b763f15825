// One look at DNS through c-ares.

#ifndef IMAGESERVER_MEMBERSHIP_DNS_QUERY_H_
#define IMAGESERVER_MEMBERSHIP_DNS_QUERY_H_

#include <string>

#include "membership/dns_spec.h"
#include "membership/view.h"

namespace imageserver {

// Waits for the answers: 2 s for each, twice a server; with an error at once when the descriptor
// `stop` becomes readable. `server` is `ip:port` or `[v6]:port`; empty: those of the system, which
// are read anew, with the search list and the hosts file, at every look. A time-to-live is ignored.
//
// A host gives `ip:port` and `[v6]:port` for all its A and AAAA records; one of the two kinds may
// be missing, but if it cannot be had, there is an error: a part of the list would move keys. SRV
// records give `target:port`, in lower case, without the dot at the end. No name at all is an
// error. Threads: any. REQUIRES: ares_library_init() was called.
[[nodiscard]] View query_dns(const DnsSpec& spec, const std::string& server, int stop);

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_DNS_QUERY_H_
