// Who may purge.

#ifndef IMAGESERVER_HANDLERS_PURGE_GATE_H_
#define IMAGESERVER_HANDLERS_PURGE_GATE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "http/request.h"
#include "http/response.h"
#include "peers/wire/replay_guard.h"

namespace imageserver {

// 403 where nobody may purge.
[[nodiscard]] Response purging_is_off();

// Lets in who brings the token (bearer_token.h), and who signs with the ring's secret: as a peer
// does (wire/peer_signature.h), but with the digest of the body in the place of the context
// (wire/body_digest.h). A request that the browser of somebody sends for another site is not let
// in, whatever it brings: its Origin (RFC 6454, section 7) is not `http://` and its own Host.
//
// Threads: any, concurrently.
class PurgeGate {
 public:
  // Where a text is empty, nobody is let in by it.
  PurgeGate(std::string token, std::string secret)
      : token_(std::move(token)), secret_(std::move(secret)) {}

  // None if the head of a request shows nothing against it. Else the answer: 401 to a request that
  // brings no token, or not the right one, where there is one; else 403. A signature is not looked
  // at, as it needs the body.
  [[nodiscard]] std::optional<Response> refusal_by_head(const Request& head) const;

  // None if the request may purge: each signature is right once. Else the answer, as above; 403 if
  // the signature is wrong. REQUIRES: the request is whole, and a POST or PURGE.
  [[nodiscard]] std::optional<Response> refusal(const Request& request);

 private:
  [[nodiscard]] bool brings_signature(const Request& head) const;
  [[nodiscard]] bool is_signed(const Request& request);

  // Blocks of nonces: random ones (nonce.h), of which each takes a block, may come 268 times a
  // second.
  static constexpr std::size_t kBlocks = std::size_t{1} << 14U;

  const std::string token_;
  const std::string secret_;
  ReplayGuard guard_{kBlocks};
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_PURGE_GATE_H_
