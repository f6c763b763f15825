// One request for a picture, a description or an original, and the interface that makes it on this
// node.

#ifndef IMAGESERVER_GROUPCACHE_LOADER_H_
#define IMAGESERVER_GROUPCACHE_LOADER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "formats/image.h"
#include "imageserver/error.h"
#include "params/params.h"
#include "params/transform_spec.h"

namespace imageserver {

// One request. Immutable, and shared by everything that works on it.
struct Query {
  // What is asked for. Each has a Group of its own, and so caches, flights and counters.
  enum class Of : std::uint8_t {
    kPicture,
    kDescription,  // of the original: the params name nothing but that
    kOriginal,     // original_query()
  };

  // Where the request came from. A client's may go on to the owner. A peer's is answered here: with
  // a second hop, two nodes that disagree on the ring would wait for each other.
  enum class From : std::uint8_t { kClient, kPeer };

  std::string key;  // params.key()
  Params params;
  TransformSpec spec;  // validate(params)
  From from = From::kClient;
  Of of = Of::kPicture;
  Deadline deadline;
};

using QueryPtr = std::shared_ptr<const Query>;

// Called exactly once, from any thread, with no lock held.
using Completion = std::function<void(Result<ImagePtr>)>;

// A place among the waiters of one load. Opaque.
class Waiter;
using Ticket = std::shared_ptr<Waiter>;

// Makes the picture here: reads the original and transforms it.
class Loader {
 public:
  virtual ~Loader() = default;

  // Starts the work and returns. `done` is called exactly once, perhaps before load() returns; soon
  // after `stop` is requested it is called with kCancelled. kBusy if there is no room to wait.
  // Threads: called from any, concurrently.
  virtual void load(QueryPtr query, std::stop_token stop, Completion done) = 0;

  // Whether a load begun now would have to wait long for its turn. Threads: any.
  [[nodiscard]] virtual bool has_backlog() const = 0;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUPCACHE_LOADER_H_
