// The header that carries params to the owner of a key: base64url of their gob. Threads: any.

#ifndef IMAGESERVER_PEERS_WIRE_CONTEXT_HEADER_H_
#define IMAGESERVER_PEERS_WIRE_CONTEXT_HEADER_H_

#include <string>
#include <string_view>

#include "imageserver/error.h"
#include "params/params.h"

namespace imageserver {

inline constexpr std::string_view kContextHeader = "X-Imageserver-Groupcache-Context";

[[nodiscard]] std::string encode_context_header(const Params& params);

// kBadRequest for anything that is not exactly such a header. The params are those of the sender:
// check the key against them and validate() them.
[[nodiscard]] Result<Params> decode_context_header(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_CONTEXT_HEADER_H_
