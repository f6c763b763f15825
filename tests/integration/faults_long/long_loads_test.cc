// What takes its time: loads that go on and on, and what is kept for a minute. The times that are
// printed are for whoever reads them; nothing passes or fails on them.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "integration/harness/crowd.h"
#include "integration/harness/node.h"
#include "integration/harness/ring.h"
#include "integration/harness/ring_under_load.h"
#include "integration/harness/soundness.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

constexpr std::uint64_t kBoundMegabytes = 1'000;

Wish ever_new(int clients_that_share) {
  return [clients_that_share](int client, int turn) {
    return spread_target(20 + turn % 300) +
           "&quality=" + std::to_string(30 + client / clients_that_share + 10 * (turn / 300 % 7));
  };
}

class LongLoad : public ::testing::Test {
 protected:
  static std::vector<std::uint16_t> ports(NodeRing& ring) {
    return {ring[0].port(), ring[1].port(), ring[2].port()};
  }

  // Of all but one.
  static bool breakers_become(NodeRing& ring, std::size_t peer, const std::string& state) {
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      if (node != peer && !peer_becomes(ring[node], ring.name(peer), state)) return false;
    }
    return true;
  }

  static void expect_sound(NodeRing& ring, Crowd& crowd) {
    crowd.leave();
    EXPECT_EQ(crowd.failures(), "");
    Reference().expect_same(crowd.pictures());
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      expect_counters_add_up(ring[node]);
      EXPECT_LT(peak_megabytes(ring[node]), kBoundMegabytes);
    }
  }
};

TEST_F(LongLoad, EachNodeIsKilledInTurnAndComesBack) {
  NodeRing ring({"--timeout=60s"});
  Crowd crowd(ports(ring), 8, ever_new(2));
  crowd.go_on(20);
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    std::cout << "before: " << crowd.take_waits() << '\n';
    crowd.avoid(ring[node].port());  // clients of a node that is dead fail, whatever we do
    ring[node].kill();
    EXPECT_TRUE(breakers_become(ring, node, "open"));
    std::cout << "until the breakers were open: " << crowd.take_waits() << '\n';
    crowd.go_on(30);
    std::cout << "without it: " << crowd.take_waits() << '\n';
    ring.restart(node);
    EXPECT_TRUE(breakers_become(ring, node, "closed"));
    crowd.visit(ring[node].port());
    crowd.go_on(20);
  }
  expect_sound(ring, crowd);
}

TEST_F(LongLoad, ANodeHangsAndGoesOn) {
  constexpr std::size_t kHanging = 2;
  NodeRing ring({"--timeout=60s", "--peer-timeout=2s"});
  Crowd crowd({ring[0].port(), ring[1].port()}, 8, ever_new(2));
  crowd.go_on(30);
  std::cout << "before: " << crowd.take_waits() << '\n';
  ring[kHanging].process().signal(SIGSTOP);
  EXPECT_TRUE(breakers_become(ring, kHanging, "open"));
  crowd.go_on(1);  // who has waited for it until then
  std::cout << "until the breakers were open: " << crowd.take_waits() << '\n';
  crowd.go_on(50);
  std::cout << "without it: " << crowd.take_waits() << '\n';
  ring[kHanging].process().signal(SIGCONT);
  EXPECT_TRUE(breakers_become(ring, kHanging, "closed"));
  const auto served = ring[kHanging].counter("Group/ServerRequests");
  crowd.go_on(30);
  std::cout << "with it again: " << crowd.take_waits() << '\n';
  EXPECT_GT(ring[kHanging].counter("Group/ServerRequests"), served);
  expect_sound(ring, crowd);
}

// Nobody is left to stand in, but the node itself.
TEST_F(LongLoad, BothOtherNodesHang) {
  NodeRing ring({"--timeout=60s", "--peer-timeout=2s"});
  Crowd crowd({ring[0].port()}, 8, ever_new(1));
  crowd.go_on(10);
  for (const std::size_t node : {1, 2}) ring[node].process().signal(SIGSTOP);
  for (const std::size_t node : {1, 2}) EXPECT_TRUE(peer_becomes(ring[0], ring.name(node), "open"));
  crowd.go_on(30);
  for (const std::size_t node : {1, 2}) ring[node].process().signal(SIGCONT);
  for (const std::size_t node : {1, 2}) {
    EXPECT_TRUE(peer_becomes(ring[0], ring.name(node), "closed"));
  }
  crowd.go_on(20);
  expect_sound(ring, crowd);
}

TEST_F(LongLoad, FiveTimesTooMuchIsRefusedAndNothingElse) {
  NodeRing ring({"--workers=1", "--queue=2", "--timeout=60s"});
  const auto wish = [](int client, int turn) {
    return spelled("/huge.jpg", client % kSpellings) + "?width=" + std::to_string(300 + client) +
           "&quality=" + std::to_string(10 + turn % 80);
  };
  Crowd crowd(ports(ring), 5 * 3 * (1 + 2), wish, Crowd::Busy::kIsAllowed);
  crowd.go_on(40);
  std::cout << "admitted: " << crowd.take_waits() << "; refused " << crowd.refused() << '\n';
  EXPECT_GT(crowd.refused(), 0);
  crowd.leave();
  EXPECT_EQ(crowd.failures(), "");
  EXPECT_FALSE(crowd.pictures().empty());
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    expect_counters_add_up(ring[node]);
    EXPECT_LT(peak_megabytes(ring[node]), kBoundMegabytes);
    EXPECT_EQ(ring[node].get("/small.jpg?width=20").status, 200) << "and afterwards all is well";
  }
}

// Asks at both of those that do not own it until both have a mirror, and returns how often the
// owner was asked.
std::uint64_t heat(NodeRing& ring, const std::string& target, std::size_t owner) {
  const auto before = ring[owner].counter("Group/ServerRequests");
  Client first(ring[(owner + 1) % NodeRing::kNodes].port());
  Client second(ring[(owner + 2) % NodeRing::kNodes].port());
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(first.get(target).status, 200);
    EXPECT_EQ(second.get(target).status, 200);
  }
  return ring[owner].counter("Group/ServerRequests") - before;
}

TEST_F(LongLoad, AHotKeyIsFetchedAnewAfterAMinute) {
  constexpr std::size_t kOwner = 2;
  NodeRing ring;
  const std::string target = ring.target_of(kOwner, "/small.jpg");
  EXPECT_GT(heat(ring, target, kOwner), 0U);
  for (const std::size_t node : {0, 1}) EXPECT_EQ(ring[node].counter("Caches/Hot/Items"), 1U);
  EXPECT_EQ(heat(ring, target, kOwner), 0U) << "both have it";
  EXPECT_TRUE(eventually(
      [&] {
        return ring[0].counter("Caches/Hot/Items") + ring[1].counter("Caches/Hot/Items") == 0;
      },
      std::chrono::seconds(120)));
  EXPECT_GT(heat(ring, target, kOwner), 0U) << "it was fetched anew";
  EXPECT_EQ(ring.sum("Group/LocalLoads"), 1U) << "and not made anew";
}

TEST_F(LongLoad, ARollingRestartAgainAndAgain) {
  RingUnderLoad ring(introduced_by_flag);
  for (int round = 0; round < 3; ++round) ring.replace_each();
  ring.expect_no_failure();
}

}  // namespace
}  // namespace imageserver::testing
