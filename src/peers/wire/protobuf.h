// The protobuf message that answers a peer: GetResponse{bytes value = 1; double minute_qps = 2}.
// Threads: any.

#ifndef IMAGESERVER_PEERS_WIRE_PROTOBUF_H_
#define IMAGESERVER_PEERS_WIRE_PROTOBUF_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "imageserver/error.h"

namespace imageserver {

// The views point into what was decoded.
struct GetResponse {
  std::string_view value;
  std::optional<double> minute_qps;  // any double at all
};

// All of the message but the bytes of the value, which follow as they are: nothing is copied to
// send them. Without `minute_qps` the message is as Go's to the byte.
[[nodiscard]] std::string encode_get_response_prefix(
    std::size_t value_size, std::optional<double> minute_qps = std::nullopt);

// The value is empty if there is none. Fields we do not know are skipped and the last of a field
// counts, as protobuf has it. kBadRequest for what is no message, and for groups, which no sender
// of this message has.
[[nodiscard]] Result<GetResponse> decode_get_response(std::string_view message);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_PROTOBUF_H_
