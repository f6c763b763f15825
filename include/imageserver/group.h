// The shared cache of a ring of nodes, as golang/groupcache has it: every key has one owner; who is
// asked looks in its own two caches, then fetches from the owner or, being the owner, loads; one
// load at a time however many ask.

#ifndef IMAGESERVER_GROUP_H_
#define IMAGESERVER_GROUP_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "imageserver/cache_policy.h"
#include "imageserver/error.h"
#include "imageserver/image.h"
#include "imageserver/params.h"
#include "imageserver/ring_mode.h"

namespace imageserver {

// One request for a picture. Immutable; shared by all who work on it.
struct Query {
  // Whether the request may go on to the owner, or came from a peer and is answered here: no second
  // hop, or two nodes that disagree on the ring would wait for each other.
  enum class From : std::uint8_t { kClient, kPeer };

  std::string key;  // params.key()
  Params params;
  TransformSpec spec;  // validate(params)
  From from = From::kClient;
  std::chrono::steady_clock::time_point deadline;
};

using QueryPtr = std::shared_ptr<const Query>;

// Called exactly once, from any thread, with no lock held.
using Completion = std::function<void(Result<ImagePtr>)>;

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

// The counters of groupcache, by its names; README explains each.
struct GroupStats {
  std::uint64_t gets = 0;
  std::uint64_t cache_hits = 0;
  std::uint64_t peer_loads = 0;
  std::uint64_t peer_errors = 0;
  std::uint64_t loads = 0;
  std::uint64_t loads_deduped = 0;
  std::uint64_t local_loads = 0;
  std::uint64_t local_load_errs = 0;
  std::uint64_t server_requests = 0;
};

struct CacheStats {
  std::uint64_t bytes = 0;  // sum of key size + value_size over the items
  std::uint64_t items = 0;
  std::uint64_t gets = 0;
  std::uint64_t hits = 0;
  std::uint64_t evictions = 0;
};

struct Stats {
  GroupStats group;
  CacheStats main;
  CacheStats hot;
};

// A place among those who wait for one load. Opaque.
class Waiter;
using Ticket = std::shared_ptr<Waiter>;

// Who owns how much.
struct RingView {
  RingMode mode = RingMode::kBalanced;

  // The same on nodes that agree on every owner: 16 hex digits.
  std::string fingerprint;

  // Sorted by name. A share is the part of all keys that a node owns.
  struct Node {
    std::string name;
    double share = 0;
  };
  std::vector<Node> nodes;
};

struct GroupOptions {
  RingMode mode = RingMode::kBalanced;

  // Bytes of both caches together, keys and values counted; 0 or less: nothing is cached.
  std::int64_t cache_bytes = 134'217'728;

  // Of the main cache; the hot one is always LRU.
  CachePolicy policy = CachePolicy::kS3Fifo;

  // This node's name on the ring, and the other nodes' names, exactly as the ring hashes them
  // (`http://host:port`).
  std::string self;
  std::vector<std::string> peers;

  // Says whether a picture fetched from its owner is kept in the hot cache as well, where the owner
  // does not say how often it is asked for (kGo: always). Called from any thread, concurrently.
  // Empty: 1 in 10, at random.
  std::function<bool()> keep_hot;

  // The time, for what ages. Called from any thread, concurrently. Empty: the steady clock.
  std::function<std::chrono::steady_clock::time_point()> now;
};

// A peer mirrors a key in its hot cache if the owner is asked for it so often, a second: 60 times a
// minute.
inline constexpr double kHotQps = 1.0;

// Threads: every method may be called from any, concurrently.
// REQUIRES: `loader` and `peers` outlive the group, and call no completion after it is destroyed.
class Group {
 public:
  Group(GroupOptions options, Loader& loader, Peers& peers);
  ~Group();

  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  // Starts a Get: the picture if a cache here holds it, else null, and load() goes on with the same
  // Get.
  [[nodiscard]] ImagePtr lookup(std::string_view key);

  // Goes on with a Get that lookup() missed: joins the load of that key, or starts it. `done` may
  // be called before load() returns. A load ends when it ends, not at a deadline: whoever does not
  // want to wait longer calls leave().
  [[nodiscard]] Ticket load(const QueryPtr& query, Completion done);

  // Stops waiting: true, and `done` will not be called; false if it was or is being called. When
  // the last one leaves, the work is stopped.
  bool leave(const Ticket& ticket);

  // Counts a request that a peer sent to this group.
  void count_server_request();

  // From now on these are the nodes of the ring, self among them whether named or not. Gets under
  // way go on as they began; what is cached stays.
  void set_nodes(std::vector<std::string> names);

  // The name of the node that owns the key.
  [[nodiscard]] std::string owner(std::string_view key) const;

  [[nodiscard]] RingView ring() const;

  // RingView::fingerprint alone.
  [[nodiscard]] std::string fingerprint() const;

  // How often a key that is cached here is asked for, a second, over the last minute or so; none if
  // it is not cached, or in kGo, where nobody says it.
  [[nodiscard]] std::optional<double> minute_qps(std::string_view key) const;

  // A snapshot; each cache's figures belong together, the group's are read one by one.
  [[nodiscard]] Stats stats() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_GROUP_H_
