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
    kBusy,      // the peer is there, and has no room
    kAway,      // the peer cannot be reached, or gave no answer in time: another may stand in
    kBad,       // the peer's answer is wrong, or tells of an error of its own
    kNotAsked,  // nothing was sent: the peer is a Go node that knows no such params, or this node
                // lacked the time or the means
  };

  // How a fetch ended.
  struct Outcome {
    Result<ImagePtr> image;
    Failure failure = Failure::kBad;  // counts only where there is no image

    // How often the peer is asked for the key, a second; none if the peer does not say.
    std::optional<double> minute_qps = std::nullopt;
  };

  virtual ~PeerTransport() = default;

  // Asks `node`, a name of the ring, for the picture. `done` is called as Loader::load calls it,
  // and always before the query's deadline.
  virtual void fetch(const std::string& node, QueryPtr query, std::stop_token stop,
                     std::function<void(Outcome)> done) = 0;

  // Whether `node` cannot stand in for another node just now. Threads: any.
  [[nodiscard]] virtual bool is_away(const std::string& node) const = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_PEER_TRANSPORT_H_
