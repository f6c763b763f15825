// Answers `/_groupcache/<group>/<key>`, the request of a peer for what this node owns: a picture,
// the description of an original, or an original that a server has.

#ifndef IMAGESERVER_PEERS_PEER_HANDLER_H_
#define IMAGESERVER_PEERS_PEER_HANDLER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "groupcache/group.h"
#include "http/handler.h"
#include "peers/purge_talk.h"
#include "peers/signature_gate.h"

namespace imageserver {

// A request from a peer is answered here and never forwarded. The context header carries the
// params. A key that is not the key of the params is refused, so that nobody can store one picture
// under the key of another. A request without the header is answered from the caches only. Every
// answer has kRingField and kSettingsField. A request that the gate refuses is told nothing but
// that. A request with kInterimField gets interim answers until the picture is there. One with
// kMayDeclineField is answered busy at once, if its load would have to wait here. One with
// kVersionsField gets a 304 if the picture here was made of the same; it counts as no request.
//
// Threads: as Handler. REQUIRES: the groups and `gate` outlive it.
class PeerHandler final : public Handler {
 public:
  struct Groups {
    Group& pictures;
    Group& descriptions;
    Group* originals;  // null: they are given to nobody, as anybody might ask
  };

  // What nodes tell each other of purges. Null, and empty: nothing is told, and nothing believed.
  struct Purges {
    std::shared_ptr<const PurgeTalk> talk = {};

    // Called with the name and the digest of each node that asks. From any thread, concurrently.
    std::function<void(const std::string& node, std::string_view digest)> heard = {};
  };

  // `timeout` is the time for one request, unless the peer waits less.
  PeerHandler(Groups groups, SignatureGate& gate, std::chrono::milliseconds timeout, Purges purges);

  // REQUIRES: the target begins with kPeerPath.
  Answer handle(const Request& request) override;

 private:
  // What is known of the node that asks.
  struct Asker {
    // A constructor, as coroutines take it by value.
    Asker(bool interim, Versions versions) : takes_interim(interim), has(std::move(versions)) {}

    bool takes_interim;
    Query::Of of = Query::Of::kPicture;
    Versions has;        // the versions that its own picture was made of; empty: it has none
    std::string purges;  // the digest of this node's log when the work on the request began
  };

  [[nodiscard]] Answer answer(const Request& request, Asker& asker);
  [[nodiscard]] Result<void> hear_purges(const Request& request) const;
  [[nodiscard]] Group* find_group(Query::Of of) const;
  [[nodiscard]] Group& group_for(const Asker& asker) const { return *find_group(asker.of); }
  [[nodiscard]] Response answer_cached(const std::string& key, const Asker& asker);
  [[nodiscard]] Answer answer_with_params(const Request& request, std::string key, Params params,
                                          const Asker& asker);
  Awaitable<Response> answer_later(QueryPtr query, Asker asker, bool is_unsure);
  [[nodiscard]] Response value_response(const Query& query, const Image& image,
                                        const Asker& asker) const;
  [[nodiscard]] Response unchanged_response(const Query& query, const Asker& asker) const;
  void add_freshness(Response& response, const Query& query, const Versions& versions,
                     const Asker& asker) const;
  [[nodiscard]] Response body_response(std::string_view key, const Image& image,
                                       const Asker& asker) const;
  [[nodiscard]] Response marked(Response response, const Asker& asker) const;

  const Groups groups_;
  SignatureGate& gate_;
  const std::chrono::milliseconds timeout_;
  const Purges purges_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PEER_HANDLER_H_
