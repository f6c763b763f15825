// What stands for a body in the signature of its request.

#ifndef IMAGESERVER_PEERS_WIRE_BODY_DIGEST_H_
#define IMAGESERVER_PEERS_WIRE_BODY_DIGEST_H_

#include <string>
#include <string_view>

#include "base/hash.h"

namespace imageserver {

// SHA-256 in hex. A POST or PURGE is signed with it in the place of the context (SignedParts), one
// without a body as well. Threads: any.
[[nodiscard]] inline std::string body_digest(std::string_view body) { return to_hex(sha256(body)); }

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_BODY_DIGEST_H_
