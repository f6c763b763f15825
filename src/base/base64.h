// Base64 (RFC 4648) in both of its alphabets. Of each run of bytes exactly one text decodes to it.
// Threads: free functions, callable from any.

#ifndef IMAGESERVER_BASE_BASE64_H_
#define IMAGESERVER_BASE_BASE64_H_

#include <optional>
#include <string>
#include <string_view>

namespace imageserver {

// The standard alphabet with padding (section 4), as JSON holds etcd's bytes.
[[nodiscard]] std::string encode_base64(std::string_view bytes);

// None unless encode_base64() of some bytes is exactly this text.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

// The URL alphabet without padding (section 5), as Go's RawURLEncoding.
[[nodiscard]] std::string encode_base64url(std::string_view bytes);

// None unless encode_base64url() of some bytes is exactly this text: a byte outside the alphabet
// (padding and line ends too), an impossible length, and bits left over that are not zero are
// refused.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace imageserver

#endif  // IMAGESERVER_BASE_BASE64_H_
