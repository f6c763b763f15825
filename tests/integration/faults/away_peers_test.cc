// Nodes that die, hang, cannot be reached, and come back.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "integration/harness/black_hole.h"
#include "integration/harness/crowd.h"
#include "integration/harness/node.h"
#include "integration/harness/ring.h"
#include "integration/harness/scripted_peer.h"
#include "integration/harness/soundness.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

using std::chrono::steady_clock;

// Failures in a row after which a peer is asked nothing any more.
constexpr std::uint64_t kPatienceWithPeers = 5;

// Fetches in a row that close a breaker.
constexpr std::size_t kTrials = 3;

// The nodes 0 and 1 stay, 2 goes away.
class AwayNode : public ::testing::Test {
 protected:
  static constexpr std::size_t kAway = 2;

  explicit AwayNode(const Flags& flags = {"--timeout=60s"}) : ring_(flags) {}

  // Goes over all pictures that the crowd has seen, and the counters of those who are up.
  void expect_sound(const Crowd& crowd) {
    EXPECT_EQ(crowd.failures(), "");
    Reference().expect_same(crowd.pictures());
    for (const std::size_t node : {0, 1}) expect_counters_add_up(ring_[node]);
  }

  [[nodiscard]] bool breakers_become(const std::string& state) {
    return peer_becomes(ring_[0], ring_.name(kAway), state) &&
           peer_becomes(ring_[1], ring_.name(kAway), state);
  }

  // Asks for pictures that nobody has: what is cached needs no fetch, and only fetches that fail
  // open a breaker. Who stands in has made the picture for the other one already.
  void open_breakers() {
    for (const std::size_t stand_in : {0, 1}) {
      ask_both(left_to(stand_in, 4 * kPatienceWithPeers));
    }
    EXPECT_TRUE(breakers_become("open"));
  }

  // As above: only fetches close it. Returns how many pictures it asked for.
  std::size_t close_breakers() {
    for (const std::size_t node : {0, 1}) {
      EXPECT_TRUE(
          eventually([&] { return sight(ring_[node], ring_.name(kAway)).state != "open"; }));
    }
    const std::vector<std::string> unseen = lost_targets(2 * kTrials);
    ask_both(unseen);
    EXPECT_TRUE(breakers_become("closed"));
    return unseen.size();
  }

  // Pictures of the lost node for which the other one stands in.
  [[nodiscard]] std::vector<std::string> left_to(std::size_t stand_in, std::size_t count) const {
    std::vector<std::string> targets;
    for (const char* const file : {"/small.jpg", "/orientation-1.jpg", "/orientation-2.jpg"}) {
      for (const std::string& target : ring_.targets_of(kAway, file, 100, 550)) {
        if (targets.size() == count) return targets;
        if (ring_.succession(target)[1] == stand_in) targets.push_back(target);
      }
    }
    return targets;
  }

  // The two that stay.
  std::uint64_t sum_of_two(const std::string& counter) {
    return ring_[0].counter(counter) + ring_[1].counter(counter);
  }

  [[nodiscard]] std::vector<std::uint16_t> ports_of_two() {
    return {ring_[0].port(), ring_[1].port()};
  }

  // Each is asked for at both nodes.
  void ask_both(const std::vector<std::string>& targets) {
    for (const std::string& target : targets) {
      const std::string first = ring_[0].get(target).body;
      const Reply second = ring_[1].get(target);
      EXPECT_EQ(second.status, 200) << target;
      EXPECT_TRUE(second.body == first) << target;
    }
  }

  // The keys that the node would have, without those of the crowds.
  [[nodiscard]] std::vector<std::string> lost_targets(std::size_t count) const {
    return ring_.targets_of(kAway, "/small.jpg", count, 250);
  }

  NodeRing ring_;
};

// So many pictures, again and again.
Wish among(int pictures) {
  return [pictures](int client, int turn) {
    return spread_target(20 + (7 * client + turn) % pictures);
  };
}

// Every client asks for each, one after another.
Wish ever_new() {
  return [](int, int turn) { return spread_target(20 + turn); };
}

// No two clients wait for the same.
Wish each_its_own() {
  return [](int client, int turn) {
    return spread_target(20 + turn) + "&quality=" + std::to_string(50 + client);
  };
}

TEST_F(AwayNode, KilledUnderLoadCostsNoRequestAndNoThirdRender) {
  Crowd crowd(ports_of_two(), 4, ever_new());
  crowd.go_on(20);
  const auto made_by_it = ring_[kAway].counter("Group/LocalLoads");
  const auto begun = steady_clock::now();
  ring_[kAway].kill();
  EXPECT_TRUE(breakers_become("open"));
  const std::chrono::duration<double, std::milli> took = steady_clock::now() - begun;
  RecordProperty("breakers_open_after_ms", std::to_string(took.count()));
  std::cout << "the breakers were open after " << took.count() << " ms\n";
  crowd.go_on(20);
  crowd.leave();
  expect_sound(crowd);
  EXPECT_LE(sum_of_two("Group/LocalLoads") + made_by_it, 2 * crowd.pictures().size());
  EXPECT_GT(sum_of_two("Group/PeerErrors"), 0U) << "nobody missed it, the test says nothing";
}

TEST_F(AwayNode, WhoStandsInForItMakesEachPictureOnce) {
  ring_[kAway].kill();
  open_breakers();
  const auto made = sum_of_two("Group/LocalLoads");
  const auto kept_in_main =
      ring_[0].counter("Caches/Main/Items") + ring_[1].counter("Caches/Main/Items");
  const auto targets = lost_targets(10);
  ask_both(targets);
  EXPECT_EQ(sum_of_two("Group/LocalLoads"), made + targets.size());
  EXPECT_EQ(ring_[0].counter("Caches/Main/Items") + ring_[1].counter("Caches/Main/Items"),
            kept_in_main)
      << "what another node owns is kept in hot";
  for (const std::string& target : targets) {
    const std::size_t next = ring_.succession(target)[1];
    const auto hits = ring_[next].counter("Group/CacheHits");
    EXPECT_EQ(ring_[next].get(target).status, 200);
    EXPECT_EQ(ring_[next].counter("Group/CacheHits"), hits + 1) << "who comes next has it";
  }
}

TEST_F(AwayNode, BackAndColdItMakesEachPictureOnce) {
  constexpr int kPictures = 40;
  Crowd crowd(ports_of_two(), 4, among(kPictures));
  crowd.go_on(kPictures);
  ring_[kAway].kill();
  open_breakers();
  crowd.go_on(kPictures);
  const auto made = sum_of_two("Group/LocalLoads");
  ring_.restart(kAway);
  const std::size_t unseen = close_breakers();
  crowd.go_on(2 * kPictures);
  crowd.leave();
  expect_sound(crowd);
  expect_counters_add_up(ring_[kAway]);
  EXPECT_LE(ring_.sum("Group/LocalLoads"), made + kPictures + unseen);
  EXPECT_EQ(ring_[kAway].counter("Group/LocalLoads"), ring_[kAway].counter("Caches/Main/Items"))
      << "it made something twice";
  ask_both(lost_targets(unseen + 10));
  EXPECT_GE(ring_[kAway].counter("Group/ServerRequests"), unseen + 10) << "it is asked again";
}

class HangingNode : public AwayNode {
 protected:
  HangingNode() : AwayNode({"--timeout=60s", "--peer-timeout=1s"}) {}

  ~HangingNode() override { ring_[kAway].process().signal(SIGCONT); }
};

TEST_F(HangingNode, CostsTimeUntilTheBreakersOpenAndNoRequestEver) {
  Crowd crowd(ports_of_two(), 12, each_its_own());
  crowd.go_on(3);
  ring_[kAway].process().signal(SIGSTOP);
  EXPECT_TRUE(breakers_become("open"));
  crowd.leave();
  expect_sound(crowd);

  const auto waits = [&] {
    return sight(ring_[0], ring_.name(kAway)).errors + sight(ring_[1], ring_.name(kAway)).errors;
  };
  const auto waits_before = waits();
  const auto made = sum_of_two("Group/LocalLoads");
  const auto targets = lost_targets(10);
  ask_both(targets);
  EXPECT_EQ(waits(), waits_before) << "nobody waits for it any more";
  EXPECT_EQ(sum_of_two("Group/LocalLoads"), made + targets.size()) << "by who stands in";
  EXPECT_EQ(sight(ring_[0], ring_.name(kAway)).last_error, "does not answer");
}

// A node whose only peer is what a test makes of it.
class OnePeer : public ::testing::Test {
 protected:
  void start(std::string peer) {
    peer_ = std::move(peer);
    node_ = std::make_unique<Node>(
        port_, Flags{"--groupcache-peers=" + peer_, "--timeout=60s", "--peer-timeout=200ms"});
  }

  [[nodiscard]] PeerSight sight() const { return testing::sight(*node_, "http://" + peer_); }

  [[nodiscard]] bool peer_becomes(const std::string& state) const {
    return testing::peer_becomes(*node_, "http://" + peer_, state);
  }

  // One after another, each another picture that the peer owns.
  void ask_for_pictures_of_peer(int count) {
    const Ring ring(RingMode::kBalanced, {"http://" + port_->address(), "http://" + peer_});
    for (const int end = asked_ + count; asked_ < end;) {
      const std::string target = spread_target(++width_);
      if (owner_on(ring, target) != "http://" + peer_) continue;
      const Reply reply = node_->get(target);
      EXPECT_EQ(reply.status, 200) << reply.body;
      pictures_[target] = reply.body;
      ++asked_;
    }
  }

  void TearDown() override {
    expect_counters_add_up(*node_);
    Reference().expect_same(pictures_);
    std::uint64_t bytes = 0;
    for (const auto& [target, picture] : pictures_) bytes += entry_bytes(picture);
    EXPECT_EQ(cached_bytes(*node_), bytes);
  }

  std::unique_ptr<Node> node_;

 private:
  const std::shared_ptr<Port> port_ = std::make_shared<Port>();
  std::string peer_;
  std::map<std::string, std::string> pictures_;
  int asked_ = 0;
  int width_ = 20;
};

TEST_F(OnePeer, WhosePacketsAreDroppedIsNotAskedAnyMore) {
  const BlackHole hole;
  start(hole.address());
  ask_for_pictures_of_peer(15);
  EXPECT_EQ(sight().errors, kPatienceWithPeers);
  EXPECT_EQ(sight().requests, 0U);
  EXPECT_NE(sight().state, "closed");
  EXPECT_EQ(node_->counter("Group/LocalLoads"), 15U);
}

TEST_F(OnePeer, ASilentPeerIsNotAskedAnyMoreAndAProbeAloneDoesNotBringItBack) {
  std::atomic<bool> back = false;
  ScriptedPeer peer([&back](const std::string& target) {
    if (target.starts_with("/_groupcache/imageserver/")) return Script{"", Script::Then::kSilent};
    if (!back) return Script{"", Script::Then::kClose};
    return Script{answer_text(400, "X-Imageserver-Ring: other\r\n", "no\n")};
  });
  start(peer.address());
  ask_for_pictures_of_peer(15);
  EXPECT_EQ(peer.requests(), 5);
  EXPECT_EQ(sight().errors, kPatienceWithPeers);
  back = true;
  EXPECT_TRUE(peer_becomes("half-open"));
  EXPECT_GT(peer.probes(), 0);
  EXPECT_EQ(peer.requests(), 5) << "no request was needed to find that out";
  ask_for_pictures_of_peer(1);
  EXPECT_EQ(peer.requests(), 6) << "it is tried with one request";
  EXPECT_TRUE(peer_becomes("open")) << "which it has not answered";
}

TEST_F(OnePeer, FailuresThatAreNotInARowDoNotMatter) {
  std::atomic<int> turn = 0;
  ScriptedPeer peer([&turn](const std::string&) {
    if (++turn % 4 != 0) return Script{"", Script::Then::kSilent};
    return Script{answer_text(500, {}, "so it is\n")};
  });
  start(peer.address());
  ask_for_pictures_of_peer(8);
  EXPECT_EQ(peer.requests(), 8);
  EXPECT_EQ(sight().state, "closed");
}

}  // namespace
}  // namespace imageserver::testing
