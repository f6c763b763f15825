// Standard base64 with its padding (RFC 4648, section 4): how JSON holds etcd's bytes.

#ifndef IMAGESERVER_MEMBERSHIP_BASE64_H_
#define IMAGESERVER_MEMBERSHIP_BASE64_H_

#include <optional>
#include <string>
#include <string_view>

namespace imageserver {

// Threads: any, both.
[[nodiscard]] std::string encode_base64(std::string_view bytes);

// None unless encode_base64() of something is exactly this text.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_MEMBERSHIP_BASE64_H_
