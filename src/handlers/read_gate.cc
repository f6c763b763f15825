#include "handlers/read_gate.h"

#include "base/hash.h"
#include "base/text.h"

namespace imageserver {
namespace {

// RFC 6750, section 3: who brought no token is told no error.
constexpr std::string_view kChallenge = "Bearer realm=\"imageserver\"";
constexpr std::string_view kWrongToken = "Bearer realm=\"imageserver\", error=\"invalid_token\"";

// The token of `Bearer TOKEN`; none if the value is of another scheme.
std::optional<std::string_view> bearer_token(std::string_view authorization) {
  const auto [scheme, token] = cut(authorization, ' ');
  if (!same_word(scheme, "Bearer")) return std::nullopt;
  return trimmed(token, " ");
}

}  // namespace

std::string read_token(std::string_view secret) { return to_hex(hmac_sha256(secret, "read")); }

ReadGate::ReadGate(std::string_view secret) : token_(secret.empty() ? "" : read_token(secret)) {}

std::optional<Response> ReadGate::refusal(const Request& request) const {
  if (token_.empty()) return std::nullopt;
  const auto token = bearer_token(request.header("Authorization"));
  if (token && same_in_constant_time(*token, token_)) return std::nullopt;
  Response response = text_response(
      401, token ? "this is not the token that `imageserver token` prints"
                 : "needs the field Authorization: Bearer with what `imageserver token` prints");
  response.add_field("WWW-Authenticate", token ? kWrongToken : kChallenge);
  return response;
}

}  // namespace imageserver
