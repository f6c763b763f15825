// How a group asks the other nodes for pictures.

#ifndef IMAGESERVER_GROUPCACHE_PEER_TRANSPORT_H_
#define IMAGESERVER_GROUPCACHE_PEER_TRANSPORT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "formats/image.h"
#include "groupcache/loader.h"
#include "imageserver/error.h"

namespace imageserver {

// The way to the other nodes of the ring.
class PeerTransport {
 public:
  // Why a fetch brought no picture.
  enum class Failure : std::uint8_t {
    kFinal,     // the peer's verdict on the request, which holds on this node as well
    kSpent,     // the peer had no time or no memory left for it: another node may have
    kBusy,      // the peer is there, and has no room, or leaves the load to this node (Terms)
    kAway,      // the peer cannot be reached, or gave no answer in time: another may stand in
    kBad,       // the peer's answer is wrong, or tells of an error of its own
    kNotAsked,  // nothing was sent: the peer is a Go node that knows no such params, or this node
                // lacked the time or the means; or its answer says that it may miss a purge
  };

  // How a fetch ended.
  struct Outcome {
    Result<ImagePtr> image;
    Failure failure = Failure::kBad;  // counts only where there is no image

    // How often the peer is asked for the key, a second; none if the peer does not say.
    std::optional<double> minute_qps = std::nullopt;

    // How long the peer still believes in the versions of the originals, which the image says; 0:
    // it is about to look. None if the peer does not say.
    std::optional<milliseconds> fresh_for = std::nullopt;

    // The peer knows of newer versions by now: the image is answered, and not kept.
    bool is_outdated = false;

    // The peer has the versions that Terms::have says. The image is null then.
    bool is_unchanged = false;
  };

  virtual ~PeerTransport() = default;

  // What a fetch tells the one who asked.
  struct Events {
    // The end. Called as Loader::load calls its completion, and always before the query's deadline.
    std::function<void(Outcome)> done;

    // The node is late, and it does no harm to ask another one as well. Called once at most, before
    // the end. May be empty.
    std::function<void()> late;
  };

  // As whom a node is asked. For a stand-in's answer somebody has waited before: a stand-in is late
  // sooner.
  enum class Role : std::uint8_t { kOwner, kStandIn };

  struct Terms {
    Role role = Role::kOwner;
    bool may_decline = false;  // this node has room: one with a backlog may leave the load to it
    Versions have = {};        // of the originals of the picture that is cached here; empty: none
  };

  // Asks `node`, a name of the ring, for the picture.
  virtual void fetch(const std::string& node, Terms terms, QueryPtr query, std::stop_token stop,
                     Events events) = 0;

  // Whether `node` is not to be asked in another node's place just now. Threads: any.
  [[nodiscard]] virtual bool is_away(const std::string& node) const = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_PEER_TRANSPORT_H_
