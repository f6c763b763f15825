// etcd's v3 JSON gateway on the wire: bytes are base64, 64-bit integers are strings, and what has
// its default value is left out. Nothing in an answer is trusted. Threads: any, all of it.

#ifndef IMAGESERVER_MEMBERSHIP_ETCD_CODEC_H_
#define IMAGESERVER_MEMBERSHIP_ETCD_CODEC_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "imageserver/error.h"

namespace imageserver {

// A lease is never 0.
using LeaseId = std::int64_t;

struct Lease {
  LeaseId id = 0;
  std::chrono::seconds time_to_live{0};
};

// /v3/lease/grant
[[nodiscard]] std::string grant_request(std::chrono::seconds time_to_live);
[[nodiscard]] Result<Lease> parse_grant(std::string_view body);

// /v3/lease/keepalive. The answer tells the time to live; 0: there is no such lease.
[[nodiscard]] std::string keepalive_request(LeaseId lease);
[[nodiscard]] Result<std::chrono::seconds> parse_keepalive(std::string_view body);

// /v3/lease/revoke; what is answered does not matter.
[[nodiscard]] std::string revoke_request(LeaseId lease);

// /v3/kv/put
[[nodiscard]] std::string put_request(std::string_view key, std::string_view value, LeaseId lease);

// /v3/kv/range: the keys that begin with `prefix`, without their values. The answer tells what
// stands behind it in each; more than kMaxNames of them are an error. REQUIRES: `prefix` is not
// empty, and its last byte is not 0xff.
[[nodiscard]] std::string range_request(std::string_view prefix);
[[nodiscard]] Result<std::vector<std::string>> parse_range(std::string_view body,
                                                           std::string_view prefix);

// The reason that the body of a failed request gives; empty if it gives none.
[[nodiscard]] std::string parse_reason(std::string_view body);

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_ETCD_CODEC_H_
