#include "handlers/read_gate.h"

#include "base/hash.h"
#include "handlers/bearer_token.h"

namespace imageserver {

std::string read_token(std::string_view secret) { return to_hex(hmac_sha256(secret, "read")); }

ReadGate::ReadGate(std::string_view secret) : token_(secret.empty() ? "" : read_token(secret)) {}

std::optional<Response> ReadGate::refusal(const Request& request) const {
  if (token_.empty()) return std::nullopt;
  const auto token = bearer_token(request);
  if (!token) {
    return token_missing(
        "needs the field Authorization: Bearer with what `imageserver token` prints");
  }
  if (same_in_constant_time(*token, token_)) return std::nullopt;
  return token_wrong("this is not the token that `imageserver token` prints");
}

}  // namespace imageserver
