#include "integration/harness/ring_under_load.h"

#include <gtest/gtest.h>

#include <csignal>
#include <utility>

#include "integration/harness/soundness.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

constexpr int kClients = 4;
constexpr int kWhile = 4;  // answers for each

// Two clients ask for the same, again and again.
std::string some_picture(int client, int turn) {
  return spread_target(20 + turn % 50) + "&quality=" + std::to_string(50 + client % 2);
}

bool agree(NodeRing& ring) {
  return eventually([&] {
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      if (names_on_ring(ring[node]) != ring.names()) return false;
    }
    return true;
  });
}

std::vector<std::uint16_t> ports_once_agreed(NodeRing& ring) {
  EXPECT_TRUE(agree(ring));
  return {ring[0].port(), ring[1].port(), ring[2].port()};
}

}  // namespace

RingUnderLoad::RingUnderLoad(Introduction introduce, const std::string& host)
    : ring_({"--timeout=60s", "--drain=10m"}, std::move(introduce), host),
      crowd_(ports_once_agreed(ring_), kClients, some_picture) {
  crowd_.go_on(kWhile);
}

RingUnderLoad::~RingUnderLoad() {
  crowd_.leave();
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    if (!ring_[node].process().is_running()) continue;
    EXPECT_EQ(leave_at_once(ring_[node]), 0);
  }
}

bool RingUnderLoad::all_log(std::string_view text, int times) {
  return eventually([&] {
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      if (times_logged(ring_[node], text) < times) return false;
    }
    return true;
  });
}

bool RingUnderLoad::all_agree() { return agree(ring_); }

bool RingUnderLoad::see_another_ring(std::size_t without) {
  return eventually([&] {
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      if (node != without && names_on_ring(ring_[node]) == ring_.names()) return false;
    }
    return true;
  });
}

void RingUnderLoad::expect_same_ring() {
  crowd_.go_on(kWhile);
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(names_on_ring(ring_[node]), ring_.names());
    EXPECT_EQ(fingerprint(ring_[node]), fingerprint(ring_[0]));
  }
}

void RingUnderLoad::replace_each() {
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) replace(node);
}

void RingUnderLoad::replace(std::size_t node) {
  ring_[node].process().signal(SIGTERM);
  EXPECT_TRUE(says_it_leaves(ring_[node]));
  crowd_.go_on(kWhile);
  crowd_.avoid(ring_[node].port());
  ring_[node].process().signal(SIGTERM);
  EXPECT_EQ(ring_[node].process().wait(), 0);
  crowd_.go_on(kWhile);
  ring_.restart(node);
  crowd_.visit(ring_[node].port());
  crowd_.go_on(kWhile);
}

void RingUnderLoad::expect_no_failure() {
  crowd_.leave();
  EXPECT_EQ(crowd_.failures(), "");
  Reference().expect_same(crowd_.pictures());
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) expect_counters_add_up(ring_[node]);
}

std::vector<std::string> RingUnderLoad::addresses() const {
  return {ring_.address(0), ring_.address(1), ring_.address(2)};
}

bool says_it_leaves(const Node& node) {
  return eventually([&] { return node.get("/readyz").status == 503; });
}

int leave_at_once(Node& node) {
  node.process().signal(SIGTERM);
  EXPECT_TRUE(says_it_leaves(node));
  node.process().signal(SIGTERM);
  return node.process().wait();
}

}  // namespace imageserver::testing
