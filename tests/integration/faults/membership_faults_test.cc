// Rings whose nodes are told too little, or different things.

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/peers_file.h"
#include "integration/harness/ring.h"
#include "integration/harness/ring_under_load.h"
#include "integration/harness/soundness.h"

namespace imageserver::testing {
namespace {

constexpr std::string_view kOtherRing = "sees another ring";
constexpr std::string_view kNotNamed = "is not among the names and is added";
constexpr std::string_view kNotSeen = "ring: its nodes cannot be seen and stay as they are";
constexpr std::string_view kSeenAgain = "ring: its nodes are seen again";

// The first knows of nobody; the list that the second was given names only the first.
class UnnamedNode : public ::testing::Test {
 protected:
  UnnamedNode() {
    file_.replace(std::vector<std::string>{first_port_->address()});
    first_ = std::make_unique<Node>(first_port_, Flags{"--timeout=60s"});
    second_ = std::make_unique<Node>(second_port_, Flags{"--timeout=60s", file_.flag()});
  }

  [[nodiscard]] bool second_asks_first_for(const std::string& target) const {
    const std::string first = "http://" + first_port_->address();
    const Ring ring(RingMode::kBalanced, {first, "http://" + second_port_->address()});
    return owner_on(ring, target) == first;
  }

  [[nodiscard]] PeerSight sight_of_first() const {
    return sight(*second_, "http://" + first_port_->address());
  }

  std::unique_ptr<Node> first_;
  std::unique_ptr<Node> second_;

 private:
  const PeersFile file_;
  const std::shared_ptr<Port> first_port_ = std::make_shared<Port>();
  const std::shared_ptr<Port> second_port_ = std::make_shared<Port>();
};

TEST_F(UnnamedNode, AddsItselfAndEveryRequestEndsAfterOneHop) {
  std::uint64_t hops = 0;
  std::map<std::string, std::string> pictures;
  for (int width = 20; width < 60; ++width) {
    const std::string target = spread_target(width);
    hops += second_asks_first_for(target) ? 1 : 0;
    const Reply reply = second_->get(target);
    EXPECT_EQ(reply.status, 200);
    pictures[target] = reply.body;
  }
  Reference().expect_same(pictures);
  EXPECT_EQ(first_->counter("Group/ServerRequests"), hops);
  EXPECT_EQ(second_->counter("Group/ServerRequests"), 0U) << "nothing came back";
  EXPECT_EQ(second_->counter("Group/PeerLoads"), hops);
  EXPECT_EQ(second_->counter("Group/PeerErrors"), 0U);
  EXPECT_EQ(first_->counter("Group/LocalLoads"), hops);
  EXPECT_EQ(second_->counter("Group/LocalLoads"), 40 - hops);
  for (const Node* node : {first_.get(), second_.get()}) expect_counters_add_up(*node);
}

TEST_F(UnnamedNode, WarnsOfItselfAndOfTheOthersRing) {
  for (int width = 20; width < 40; ++width) {
    EXPECT_EQ(second_->get(spread_target(width)).status, 200);
  }
  EXPECT_EQ(sight_of_first().agrees, false);
  EXPECT_NE(fingerprint(*first_), fingerprint(*second_));
  EXPECT_EQ(second_->stop(), 0);
  EXPECT_EQ(times_logged(*second_, kNotNamed), 1);
  EXPECT_EQ(times_logged(*second_, kOtherRing), 1) << "once a minute is enough";
}

TEST(NodesThatAgree, ShowThatTheyAgree) {
  NodeRing ring;
  EXPECT_EQ(sight(ring[0], ring.name(1)).agrees, std::nullopt) << "nothing was heard yet";
  EXPECT_EQ(ring[0].get(ring.target_of(1, "/small.jpg")).status, 200);
  const PeerSight seen = sight(ring[0], ring.name(1));
  EXPECT_EQ(seen.agrees, true);
  EXPECT_EQ(seen.kind, "imageserver");
  EXPECT_EQ(seen.requests, 1U);
  EXPECT_EQ(seen.errors, 0U);
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(fingerprint(ring[node]), fingerprint(ring[0]));
  }
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(ring[node].stop(), 0);
    EXPECT_EQ(times_logged(ring[node], kOtherRing), 0);
  }
}

TEST(NodesThatAgree, AreToldInWhatTheyDifferIfTheyDoNot) {
  const TemporaryDirectory files;
  const auto presets = files.write("presets", "small=width=100\n");
  const auto first_port = std::make_shared<Port>();
  const auto second_port = std::make_shared<Port>();
  Node first(first_port,
             {"--groupcache-peers=" + second_port->address(), "--presets=" + presets.string()});
  Node second(second_port, {"--groupcache-peers=" + first_port->address()});
  for (int width = 20; width < 40; ++width) {
    EXPECT_EQ(first.get(spread_target(width)).status, 200);
  }
  const PeerSight seen = sight(first, "http://" + second_port->address());
  EXPECT_EQ(seen.agrees, false);
  EXPECT_EQ(seen.differs, std::vector<std::string>{"presets"});
  EXPECT_NE(fingerprint(first), fingerprint(second));
  EXPECT_EQ(first.counter("Group/PeerErrors"), 0U) << "they agree on every owner";
  EXPECT_EQ(second.counter("Group/LocalLoads"), first.counter("Group/PeerLoads"));

  files.write("presets", "# none\n");
  first.process().signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return fingerprint(first) == fingerprint(second); }));
  EXPECT_EQ(first.stop(), 0);
  EXPECT_EQ(times_logged(first, "different settings: presets"), 1);
}

void expect_nobody_noticed(RingUnderLoad& ring) {
  ring.expect_no_failure();
  EXPECT_EQ(ring.nodes().sum("Group/PeerErrors"), 0U);
  EXPECT_EQ(ring.nodes().sum("Group/LocalLoads"), ring.crowd().pictures().size()) << "each once";
}

TEST(PeersFileFaults, EmptyGarbledOrGoneTheRingStaysAsItIs) {
  const PeersFile file;
  RingUnderLoad ring(file.introduction());
  const std::vector<std::string> all = ring.addresses();
  const auto damages = {+[](const PeersFile& peers) { peers.replace(""); },
                        +[](const PeersFile& peers) { peers.replace("# nobody\n\n"); },
                        +[](const PeersFile& peers) { peers.replace("no name at all\n"); },
                        +[](const PeersFile& peers) { peers.replace(std::string(100, '\0')); },
                        +[](const PeersFile& peers) { peers.remove(); }};
  int times = 0;
  for (const auto damage : damages) {
    ++times;
    damage(file);
    EXPECT_TRUE(ring.all_log(kNotSeen, times));
    ring.expect_same_ring();
    file.replace(all);
    EXPECT_TRUE(ring.all_log(kSeenAgain, times));
  }
  ring.expect_same_ring();
  expect_nobody_noticed(ring);
}

}  // namespace
}  // namespace imageserver::testing
