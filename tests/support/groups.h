// What a Group needs around it, under a test's control.

#ifndef IMAGESERVER_TESTS_SUPPORT_GROUPS_H_
#define IMAGESERVER_TESTS_SUPPORT_GROUPS_H_

#include <functional>
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
    if (answers_at_once) end(image_of("picture"));
  }

  bool has_backlog() const override { return false; }

  void end(const Result<ImagePtr>& result) { std::exchange(done_, nullptr)(result); }

  bool answers_at_once = false;
  int loads = 0;
  QueryPtr query;
  std::stop_token stop;

 private:
  Completion done_;
};

class NoPeers final : public PeerTransport {
 public:
  void fetch(const std::string&, QueryPtr, std::stop_token, Events events) override {
    events.done({Error{ErrorKind::kPeer, "there are no peers"}});
  }
  bool is_away(const std::string&) const override { return true; }
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_GROUPS_H_
