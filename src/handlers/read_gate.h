// Who may read what tells of the server itself: `/stats`, `/peers` and what is like them.

#ifndef IMAGESERVER_HANDLERS_READ_GATE_H_
#define IMAGESERVER_HANDLERS_READ_GATE_H_

#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace imageserver {

// The token that lets its bearer read: HMAC-SHA256 of `read` with the ring's secret as its key, in
// hex. The secret does not follow from it. No peer signs this text (wire/peer_signature.h), so the
// token is no signature.
[[nodiscard]] std::string read_token(std::string_view secret);

// Threads: any, concurrently.
class ReadGate {
 public:
  // With an empty `secret` everybody may read.
  explicit ReadGate(std::string_view secret);

  // None if the request may be answered: it has `Authorization: Bearer TOKEN` (RFC 6750) with the
  // token of the secret. Else the answer, a 401 with `WWW-Authenticate`.
  [[nodiscard]] std::optional<Response> refusal(const Request& request) const;

 private:
  const std::string token_;  // empty: none is asked for
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_READ_GATE_H_
