// What a Group needs around it, under a test's control.

#ifndef IMAGESERVER_TESTS_SUPPORT_GROUPS_H_
#define IMAGESERVER_TESTS_SUPPORT_GROUPS_H_

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "groupcache/group.h"
#include "support/images.h"

namespace imageserver::testing {

// Holds the load until the test ends it, one at a time.
class PendingLoader final : public Loader {
 public:
  void load(QueryPtr wanted, std::stop_token token, Completion done) override {
    ++loads;
    query = std::move(wanted);
    stop = std::move(token);
    done_ = std::move(done);
    if (answers_at_once) end(result);
  }

  bool has_backlog() const override { return backlog; }

  void end(const Result<ImagePtr>& ended) { std::exchange(done_, nullptr)(ended); }

  bool backlog = false;
  bool answers_at_once = false;
  Result<ImagePtr> result = image_of("picture");  // what is answered at once
  int loads = 0;
  QueryPtr query;
  std::stop_token stop;

 private:
  Completion done_;
};

// Passes on to another loader, unless it is given an error.
class FailingLoader final : public Loader {
 public:
  explicit FailingLoader(Loader& other) : other_(other) {}

  void load(QueryPtr query, std::stop_token stop, Completion done) override {
    if (with) return done(*with);
    other_.load(std::move(query), std::move(stop), std::move(done));
  }
  bool has_backlog() const override { return other_.has_backlog(); }

  std::optional<Error> with;

 private:
  Loader& other_;
};

class NoPeers final : public PeerTransport {
 public:
  void fetch(const std::string&, Terms, QueryPtr, std::stop_token, Events events) override {
    events.done({Error{ErrorKind::kPeer, "there are no peers"}});
  }
  bool is_away(const std::string&) const override { return true; }
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_GROUPS_H_
