// Answers `/_groupcache/<group>/<key>`: what another node asks its owner for.

#ifndef IMAGESERVER_PEERS_PEER_HANDLER_H_
#define IMAGESERVER_PEERS_PEER_HANDLER_H_

#include <chrono>

#include "groupcache/group.h"
#include "http/handler.h"
#include "peers/signature_gate.h"

namespace imageserver {

// A request from a peer is answered here and never forwarded. The params travel in the context
// header; a key that is not theirs is refused, so nobody can store one picture under another's
// key. Without the header only what is cached can be answered. Every answer carries kRingField; who
// is not let in by the gate is told nothing else.
//
// Threads: as Handler. REQUIRES: `group` and `gate` outlive it.
class PeerHandler final : public Handler {
 public:
  // `timeout`: for one request, unless the peer will wait less.
  PeerHandler(Group& group, SignatureGate& gate, std::chrono::milliseconds timeout);

  // REQUIRES: the target begins with kPeerPath.
  Answer handle(const Request& request) override;

 private:
  [[nodiscard]] Answer answer(const Request& request);
  [[nodiscard]] Response answer_cached(const std::string& key);
  [[nodiscard]] Answer answer_with_params(const Request& request, std::string key, Params params);
  Awaitable<Response> answer_later(QueryPtr query);
  [[nodiscard]] Response value_response(std::string_view key, const Image& image) const;
  [[nodiscard]] Response marked(Response response) const;

  Group& group_;
  SignatureGate& gate_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_HANDLER_H_
