// What nodes tell each other of purges.

#ifndef IMAGESERVER_PEERS_PURGE_TALK_H_
#define IMAGESERVER_PEERS_PURGE_TALK_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "groupcache/loader.h"
#include "groupcache/purge_log.h"
#include "http/request.h"
#include "http/response.h"

namespace imageserver {

// Each request and each answer between nodes has the digest of the sender's log, so that both see
// whether they know the same purges. A fetch from a node that has not said the same digest carries
// the purges that reach its originals, and who is asked takes them before it looks. Where they are
// too many, the answer counts only if the work on it began with the same log: the digest of an
// answer is that of its beginning. Only nodes that may be believed talk: their requests are signed,
// or come in on an address of the ring's own.
//
// Threads: any, concurrently.
class PurgeTalk {
 public:
  struct Terms {
    PurgeLog& log;

    // Purges are proven with it; empty: who can ask at all is believed.
    std::string secret;

    // The name of this node on the ring.
    std::string self;

    // The canonical names of the originals that a query needs. Called from any thread,
    // concurrently.
    std::function<std::vector<std::string>(const Query&)> names_of;
  };

  // REQUIRES: the log outlives it.
  explicit PurgeTalk(Terms terms) : terms_(std::move(terms)) {}

  // The lines of a request: who asks, and the digest.
  [[nodiscard]] std::string fields() const;

  // What a fetch tells, and whether its answer counts whatever digest it has.
  struct Told {
    std::string fields;
    std::string digest;
    bool is_all = true;
  };

  // For a fetch from a node whose last word was that digest, which may be empty.
  [[nodiscard]] Told tell(const Query& query, std::string_view said) const;

  // The same with this purge.
  [[nodiscard]] std::string fields_with(const PurgeRecord& record) const;

  [[nodiscard]] std::string digest() const { return terms_.log.digest(); }

  // Whether a node that said this digest, which may be empty, knows other purges than this one.
  [[nodiscard]] bool differs(std::string_view digest) const;

  // Takes the purges that a request carries. The error, if one is not proven. One that is from too
  // far ahead in time is left, and logged.
  [[nodiscard]] Result<void> hear(const Request& request) const;

  // Answers a request for a key of kPurgesGroupName. That for kPurgeKey says 409 where the log does
  // not hold the purge: it was left, or its time is before all that the log remembers.
  [[nodiscard]] Response answer(std::string_view key, const Request& request) const;

  // Takes what another node's log holds, from its answer to a request for kPurgeLogKey. The error,
  // if it is no log, or not proven, or from too far ahead in time.
  [[nodiscard]] Result<void> take_log(std::string_view body) const;

 private:
  [[nodiscard]] std::string fields_saying(std::string_view digest) const;
  [[nodiscard]] bool holds_all_of(const Request& request) const;
  void warn_of_time() const;

  const Terms terms_;
  mutable std::atomic<std::int64_t> warned_ = 0;  // seconds since 1970
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PURGE_TALK_H_
