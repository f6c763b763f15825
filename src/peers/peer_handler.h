// Answers `/_groupcache/<group>/<key>`, the request of a peer for what this node owns: a picture,
// the description of an original, or an original that a server has.

#ifndef IMAGESERVER_PEERS_PEER_HANDLER_H_
#define IMAGESERVER_PEERS_PEER_HANDLER_H_

#include <chrono>

#include "groupcache/group.h"
#include "http/handler.h"
#include "peers/signature_gate.h"

namespace imageserver {

// A request from a peer is answered here and never forwarded. The context header carries the
// params. A key that is not the key of the params is refused, so that nobody can store one picture
// under the key of another. A request without the header is answered from the caches only. Every
// answer has kRingField and kSettingsField. A request that the gate refuses is told nothing but
// that. A request with kInterimField gets interim answers until the picture is there. One with
// kMayDeclineField is answered busy at once, if its load would have to wait here.
//
// Threads: as Handler. REQUIRES: the groups and `gate` outlive it.
class PeerHandler final : public Handler {
 public:
  struct Groups {
    Group& pictures;
    Group& descriptions;
    Group* originals;  // null: they are given to nobody, as anybody might ask
  };

  // `timeout` is the time for one request, unless the peer waits less.
  PeerHandler(Groups groups, SignatureGate& gate, std::chrono::milliseconds timeout);

  // REQUIRES: the target begins with kPeerPath.
  Answer handle(const Request& request) override;

 private:
  // What is known of the node that asks.
  struct Asker {
    bool takes_interim = false;
    Query::Of of = Query::Of::kPicture;
  };

  [[nodiscard]] Answer answer(const Request& request, Asker asker);
  [[nodiscard]] Group* find_group(Query::Of of) const;
  [[nodiscard]] Group& group_for(Asker asker) const { return *find_group(asker.of); }
  [[nodiscard]] Response answer_cached(const std::string& key, Asker asker);
  [[nodiscard]] Answer answer_with_params(const Request& request, std::string key, Params params,
                                          Asker asker);
  Awaitable<Response> answer_later(QueryPtr query, Asker asker);
  [[nodiscard]] Response value_response(std::string_view key, const Image& image,
                                        Asker asker) const;
  [[nodiscard]] Response marked(Response response, Asker asker) const;

  const Groups groups_;
  SignatureGate& gate_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_HANDLER_H_
