// What nodes tell each other of purges.

#ifndef IMAGESERVER_PEERS_PURGE_TALK_H_
#define IMAGESERVER_PEERS_PURGE_TALK_H_

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
// whether they know the same purges. That of an answer is the one with which the work on it began:
// if it is another one than that of the request, the answer may be older than a purge that the
// asking node knows, and is not kept. A fetch carries the newest purges that reach its originals,
// and who is asked takes them before it looks: so most answers have the same. Only nodes that may
// be believed talk: their requests are signed, or come in on an address of the ring's own.
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

  // The same for a fetch, with the newest purges that reach the query's originals. `digest` is
  // digest() as it was before.
  [[nodiscard]] std::string fields_for(const Query& query, std::string_view digest) const;

  // The same with this purge.
  [[nodiscard]] std::string fields_with(const PurgeRecord& record) const;

  [[nodiscard]] std::string digest() const { return terms_.log.digest(); }

  // Whether a node that said this digest, which may be empty, knows other purges than this one.
  [[nodiscard]] bool differs(std::string_view digest) const;

  // Takes the purges that a request carries. The error, if one is not proven, or from too far ahead
  // in time.
  [[nodiscard]] Result<void> hear(const Request& request) const;

  // Answers a request for a key of kPurgesGroupName.
  [[nodiscard]] Response answer(std::string_view key, const Request& request) const;

  // Takes what another node's log holds, from its answer to a request for kPurgeLogKey. False if it
  // is no log, or not proven.
  [[nodiscard]] bool take_log(std::string_view body) const;

 private:
  [[nodiscard]] std::string fields_saying(std::string_view digest) const;
  [[nodiscard]] Result<void> take(const PurgeRecord& record) const;

  const Terms terms_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_PURGE_TALK_H_
