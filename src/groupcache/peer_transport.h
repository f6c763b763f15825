// How a group asks the other nodes.

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

// The other nodes.
class Peers {
 public:
  // What a fetch that failed means for the one who asked.
  enum class Failure : std::uint8_t {
    kFinal,     // the node's own verdict on the request, which holds here just as well
    kBusy,      // it is there, and has no room
    kAway,      // it cannot be reached, or does not answer in time: another may stand in for it
    kBad,       // it answered what it must not
    kNotAsked,  // it was not asked: it is a Go node that knows no such keys, or this node lacked
                // the time or the means
  };

  // What became of a fetch.
  struct Answer {
    Result<ImagePtr> image;
    Failure failure = Failure::kBad;  // where there is no image

    // How often the node is asked for the key, a second; none if it does not say.
    std::optional<double> minute_qps = std::nullopt;
  };

  virtual ~Peers() = default;

  // Asks `node`, a name of the ring, for the picture. `done` as in Loader::load, and in any case
  // before the query's deadline.
  virtual void fetch(const std::string& node, QueryPtr query, std::stop_token stop,
                     std::function<void(Answer)> done) = 0;

  // Whether it would be in vain to ask `node` to stand in for another. Threads: any.
  [[nodiscard]] virtual bool is_away(const std::string& node) const = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_PEER_TRANSPORT_H_
