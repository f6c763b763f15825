// Tokens that let their bearers in (RFC 6750). Threads: free functions, callable from any.

#ifndef IMAGESERVER_HANDLERS_BEARER_TOKEN_H_
#define IMAGESERVER_HANDLERS_BEARER_TOKEN_H_

#include <optional>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace imageserver {

// The token of `Authorization: Bearer TOKEN`; none if there is no such field, or it is of another
// scheme.
[[nodiscard]] std::optional<std::string_view> bearer_token(const Request& request);

// 401 with `WWW-Authenticate`. Who brought no token is told no error (RFC 6750, section 3).
// REQUIRES: `line` is as text_response()'s.
[[nodiscard]] Response token_missing(std::string_view line);
[[nodiscard]] Response token_wrong(std::string_view line);

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_BEARER_TOKEN_H_
