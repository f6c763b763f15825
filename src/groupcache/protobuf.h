// The protobuf message that answers a peer: GetResponse{bytes value = 1; double minute_qps = 2}.

#ifndef IMAGESERVER_GROUPCACHE_PROTOBUF_H_
#define IMAGESERVER_GROUPCACHE_PROTOBUF_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "imageserver/error.h"

namespace imageserver {

// All of the message but the bytes of the value, which follow as they are: nothing is copied to
// send them.
[[nodiscard]] std::string encode_get_response_prefix(std::size_t value_size);

// The value, which points into `message`; empty if there is none. Fields we do not know are skipped
// and the last value counts, as protobuf has it. kBadRequest for what is no message, and for
// groups, which no sender of this message has.
[[nodiscard]] Result<std::string_view> decode_get_response(std::string_view message);

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_PROTOBUF_H_
