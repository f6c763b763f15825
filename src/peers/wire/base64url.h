// Base64 with the URL alphabet and without padding (RFC 4648, section 5), as Go's RawURLEncoding.

#ifndef IMAGESERVER_PEERS_WIRE_BASE64URL_H_
#define IMAGESERVER_PEERS_WIRE_BASE64URL_H_

#include <string>
#include <string_view>

#include "imageserver/error.h"

namespace imageserver {

[[nodiscard]] std::string encode_base64url(std::string_view bytes);

// kBadRequest for a byte outside the alphabet (padding and line ends too), an impossible length, or
// bits left over that are not zero: of each run of bytes exactly one text decodes to it.
[[nodiscard]] Result<std::string> decode_base64url(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_BASE64URL_H_
