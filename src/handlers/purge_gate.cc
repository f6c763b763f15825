#include "handlers/purge_gate.h"

#include <cstdint>

#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "handlers/bearer_token.h"
#include "peers/wire/body_digest.h"
#include "peers/wire/nonce.h"
#include "peers/wire/peer_signature.h"

namespace imageserver {
namespace {

// A request without the field comes from no browser, or is no request that one sends for a site.
bool is_of_another_site(const Request& request) {
  const std::string own = "http://" + std::string(request.header("Host"));
  bool is_other = false;
  request.each_value("Origin",
                     [&](std::string_view origin) { is_other |= !same_word(origin, own); });
  return is_other;
}

SignedParts parts_of(const Request& request, std::string_view digest) {
  return {request.method() == Method::kPost ? "POST" : "PURGE", request.target(), digest};
}

}  // namespace

Response purging_is_off() { return text_response(403, "purging is not set up"); }

std::optional<Response> PurgeGate::refusal_by_head(const Request& head) const {
  if (token_.empty() && secret_.empty()) return purging_is_off();
  if (is_of_another_site(head)) return text_response(403, "Origin: must be http:// and the Host");
  if (brings_signature(head)) return std::nullopt;
  if (token_.empty()) return text_response(403, "must be signed with the secret of the ring");
  const auto token = bearer_token(head);
  if (!token) return token_missing("needs the field Authorization: Bearer with the token to purge");
  if (same_in_constant_time(*token, token_)) return std::nullopt;
  return token_wrong("this is not the token to purge");
}

std::optional<Response> PurgeGate::refusal(const Request& request) {
  if (std::optional<Response> refused = refusal_by_head(request)) return refused;
  if (!brings_signature(request) || is_signed(request)) return std::nullopt;
  return text_response(403, "the signature is wrong, out of time or used already");
}

bool PurgeGate::brings_signature(const Request& head) const {
  return !secret_.empty() && !head.header(kSignatureHeader).empty();
}

bool PurgeGate::is_signed(const Request& request) {
  const std::int64_t now = seconds_since_1970();
  const std::string digest = body_digest(request.body());
  const auto right =
      verify(secret_, parts_of(request, digest), request.header(kSignatureHeader), now);
  const std::optional<Nonce> nonce = right ? parse_nonce(right->nonce) : std::nullopt;
  return nonce && guard_.admit(*nonce, right->seconds, now);
}

}  // namespace imageserver
