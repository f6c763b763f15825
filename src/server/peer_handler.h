// Answers `/_groupcache/<group>/<key>`: what another node asks its owner for.

#ifndef IMAGESERVER_SERVER_PEER_HANDLER_H_
#define IMAGESERVER_SERVER_PEER_HANDLER_H_

#include <chrono>

#include "http/handler.h"
#include "imageserver/group.h"

namespace imageserver {

// A request from a peer is answered here and never forwarded. The params travel in the context
// header; a key that is not theirs is refused, so nobody can store one picture under another's
// key. Without the header only what is cached can be answered.
//
// Threads: as Handler. REQUIRES: `group` outlives it.
class PeerHandler final : public Handler {
 public:
  PeerHandler(Group& group, std::chrono::milliseconds timeout);

  // REQUIRES: the target begins with kPeerPath.
  Answer handle(const Request& request) override;

 private:
  [[nodiscard]] Answer answer_cached(const std::string& key);
  [[nodiscard]] Answer answer(std::string key, Params params);
  Awaitable<Response> answer_later(QueryPtr query);

  Group& group_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_PEER_HANDLER_H_
