// Several nodes, one cache.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <csignal>
#include <exception>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

constexpr std::size_t kNodes = NodeRing::kNodes;

TEST(ThreeNodes, AskedAtOnceByManyRenderOnce) {
  NodeRing ring;
  constexpr int kClientsPerNode = 64;
  std::vector<Client> clients;
  for (int i = 0; i < kClientsPerNode; ++i) {
    for (std::size_t node = 0; node < kNodes; ++node) clients.emplace_back(ring[node].port());
  }
  const std::string request = request_text("GET", "/huge.jpg?width=1000");
  for (Client& client : clients) client.send(request);

  const Reply first = clients[0].read();
  EXPECT_EQ(decode(first.body), (Picture{"jpeg", 1000, 1000}));
  for (std::size_t i = 1; i < clients.size(); ++i) {
    const Reply reply = clients[i].read();
    EXPECT_EQ(reply.status, 200);
    EXPECT_TRUE(reply.body == first.body) << i;
    EXPECT_EQ(reply.field("ETag"), first.field("ETag")) << i;
  }
  EXPECT_EQ(ring.sum("Group/LocalLoads"), 1U);
  EXPECT_EQ(ring.sum("Group/LocalLoadErrs"), 0U);
  EXPECT_EQ(ring.sum("Group/PeerErrors"), 0U);
  const std::size_t owner = ring.owner("/huge.jpg?width=1000");
  EXPECT_EQ(ring[owner].counter("Group/LocalLoads"), 1U);
  EXPECT_EQ(ring[owner].counter("Caches/Main/Items"), 1U);
}

// One after another, so that every counter is known.
TEST(ThreeNodes, EachServesWhatAnotherOwns) {
  NodeRing ring;
  constexpr std::size_t kKeys = 60;
  std::array<std::size_t, kNodes> owned{};
  for (std::size_t i = 0; i < kKeys; ++i) {
    const std::string target = spread_target(static_cast<int>(i) + 1);
    ++owned[ring.owner(target)];
    std::set<std::string> bodies;
    for (std::size_t node = 0; node < kNodes; ++node) {
      const Reply reply = ring[node].get(target);
      EXPECT_EQ(reply.status, 200) << target;
      bodies.insert(reply.body);
    }
    EXPECT_EQ(bodies.size(), 1U) << target;
  }
  for (std::size_t node = 0; node < kNodes; ++node) {
    EXPECT_GT(owned[node], 0U) << "the ring gives it nothing, the test says nothing";
    EXPECT_EQ(ring[node].counter("Group/LocalLoads"), owned[node]);
    EXPECT_EQ(ring[node].counter("Caches/Main/Items"), owned[node]);
    EXPECT_EQ(ring[node].counter("Group/PeerLoads"), kKeys - owned[node]);
    EXPECT_EQ(ring[node].counter("Group/ServerRequests"), 2 * owned[node]);
    EXPECT_EQ(ring[node].counter("Group/Gets"), kKeys + 2 * owned[node]);
    EXPECT_EQ(ring[node].counter("Group/PeerErrors"), 0U);
  }
}

// As Go nodes have it.
const Flags kGo = {"--groupcache-ring=go", "--source-ttl=1h"};

TEST(ThreeGoNodes, EachKeepsOneInTenOfWhatItFetches) {
  NodeRing ring(kGo);
  constexpr int kFetches = 400;
  const std::string target = ring.target_of(0, "/small.jpg");
  for (int i = 0; i < kFetches && ring[1].counter("Caches/Hot/Items") == 0; ++i) {
    EXPECT_EQ(ring[1].get(target).status, 200);
  }
  EXPECT_EQ(ring[1].counter("Caches/Hot/Items"), 1U);
  const auto fetched = ring[1].counter("Group/PeerLoads");
  EXPECT_EQ(ring[1].get(target).status, 200);
  EXPECT_EQ(ring[1].counter("Group/PeerLoads"), fetched) << "and now it has it";
  EXPECT_EQ(ring[1].counter("Caches/Main/Items"), 0U);
}

TEST(ThreeNodes, AnOwnersVerdictIsFinal) {
  NodeRing ring;
  for (const std::string name : {"/nope.jpg", "/notes.txt", "/bomb.png"}) {
    const std::string target = ring.target_of(0, name);
    const Reply own = ring[0].get(target);
    const Reply other = ring[1].get(target);
    EXPECT_EQ(other.status, own.status) << name;
    EXPECT_EQ(other.body, own.body) << name;
  }
  EXPECT_EQ(ring[1].counter("Group/PeerErrors"), 3U);
  EXPECT_EQ(ring[1].counter("Group/LocalLoadErrs"), 0U) << "it is not tried a second time";
}

TEST(ThreeNodes, WithoutCachesStillShareTheWork) {
  NodeRing ring({"--groupcache=0"});
  const std::string target = ring.target_of(2, "/small.jpg");
  for (std::size_t node = 0; node < kNodes; ++node) {
    EXPECT_EQ(ring[node].get(target).status, 200);
  }
  EXPECT_EQ(ring[2].counter("Group/LocalLoads"), 3U);
  EXPECT_EQ(ring.sum("Group/LocalLoads"), 3U);
  EXPECT_EQ(ring.sum("Caches/Main/Gets") + ring.sum("Caches/Hot/Gets"), 0U);
}

// Asks for ever new pictures, on one connection, until told to stop; each quality is another row of
// them.
class Visitor {
 public:
  Visitor(std::uint16_t port, int quality)
      : thread_([this, port, quality] { visit(port, "&quality=" + std::to_string(quality)); }) {}

  ~Visitor() {
    leaves_ = true;
    if (thread_.joinable()) thread_.join();
  }

  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;

  [[nodiscard]] int served() const { return served_; }
  [[nodiscard]] int failed() const { return failed_; }

 private:
  void visit(std::uint16_t port, const std::string& quality) {
    try {
      Client client(port);
      for (int width = 1; !leaves_; width = width % 400 + 1) {
        const Reply reply = client.get(spread_target(width) + quality);
        ++(reply.status == 200 ? served_ : failed_);
      }
    } catch (const std::exception&) {
      ++failed_;
    }
  }

  std::atomic<bool> leaves_ = false;
  std::atomic<int> served_ = 0;
  std::atomic<int> failed_ = 0;
  std::thread thread_;
};

TEST(ThreeNodes, AKilledOwnerCostsNoRequest) {
  NodeRing ring;
  std::vector<std::unique_ptr<Visitor>> visitors;
  for (int i = 0; i < 4; ++i) {
    visitors.push_back(
        std::make_unique<Visitor>(ring[static_cast<std::size_t>(i) % 2].port(), 50 + i));
  }
  const auto all_served = [&](int more) {
    std::vector<int> goals;
    for (const auto& visitor : visitors) goals.push_back(visitor->served() + more);
    EXPECT_TRUE(eventually([&] {
      for (std::size_t i = 0; i < goals.size(); ++i) {
        if (visitors[i]->served() < goals[i] && visitors[i]->failed() == 0) return false;
      }
      return true;
    }));
  };
  all_served(20);
  ring[2].kill();
  all_served(40);
  for (const auto& visitor : visitors) EXPECT_EQ(visitor->failed(), 0);
  visitors.clear();
  EXPECT_GT(ring[0].counter("Group/PeerErrors") + ring[1].counter("Group/PeerErrors"), 0U)
      << "nobody missed it, the test says nothing";
}

TEST(ThreeGoNodes, WhatADeadOwnerWouldHaveGoesToTheHotCache) {
  NodeRing ring(kGo);
  const std::string target = ring.target_of(2, "/small.jpg");
  ring[2].kill();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ring[0].get(target).status, 200);
  EXPECT_EQ(ring[0].counter("Group/PeerErrors"), 1U);
  EXPECT_EQ(ring[0].counter("Group/LocalLoads"), 1U);
  EXPECT_EQ(ring[0].counter("Group/CacheHits"), 2U);
  EXPECT_EQ(ring[0].counter("Caches/Hot/Items"), 1U);
  EXPECT_EQ(ring[0].counter("Caches/Main/Items"), 0U);
}

TEST(ThreeGoNodes, AnOwnerThatComesBackIsAskedAgain) {
  NodeRing ring({"--groupcache=0", "--groupcache-ring=go"});
  const std::string target = ring.target_of(2, "/small.jpg");
  EXPECT_EQ(ring[0].get(target).status, 200);
  ring[2].kill();
  EXPECT_EQ(ring[0].get(target).status, 200);
  ring.restart(2);
  EXPECT_EQ(ring[0].get(target).status, 200);
  EXPECT_EQ(ring[0].counter("Group/PeerLoads"), 2U);
  EXPECT_EQ(ring[0].counter("Group/PeerErrors"), 1U);
  EXPECT_EQ(ring[2].counter("Group/ServerRequests"), 1U);
}

TEST(ThreeGoNodes, AnOwnerThatHangsCostsAHopAndNoRequest) {
  NodeRing ring({"--peer-timeout=300ms", "--timeout=60s", "--groupcache-ring=go"});
  ring[2].process().signal(SIGSTOP);
  EXPECT_EQ(ring[0].get(ring.target_of(2, "/small.jpg")).status, 200);
  EXPECT_EQ(ring[0].counter("Group/PeerErrors"), 1U);
  EXPECT_EQ(ring[0].counter("Group/LocalLoads"), 1U);
  ring[2].process().signal(SIGCONT);
}

// A knows B by its address; B goes by another name, so each sees the circle differently.
class TwoNodesThatDisagree : public ::testing::Test {
 protected:
  TwoNodesThatDisagree() {
    const auto a_port = std::make_shared<Port>();
    const auto b_port = std::make_shared<Port>();
    const std::string b_self = "localhost:" + std::to_string(b_port->number());
    a_ = std::make_unique<Node>(a_port, Flags{"--groupcache-peers=" + b_port->address()});
    b_ = std::make_unique<Node>(
        b_port, Flags{"--groupcache-peers=" + a_port->address(), "--groupcache-self=" + b_self});
    a_name_ = "http://" + a_port->address();
    const Ring as_a_sees(RingMode::kBalanced, {a_name_, "http://" + b_port->address()});
    const Ring as_b_sees(RingMode::kBalanced, {a_name_, "http://" + b_self});
    for (int width = 1; targets_.size() < 5; ++width) {
      const std::string target = spread_target(width);
      if (owner_on(as_a_sees, target) != a_name_ && owner_on(as_b_sees, target) == a_name_) {
        targets_.push_back(target);
      }
    }
  }

  std::unique_ptr<Node> a_;
  std::unique_ptr<Node> b_;
  std::vector<std::string> targets_;  // which each thinks the other owns

 private:
  std::string a_name_;
};

TEST_F(TwoNodesThatDisagree, EveryRequestEndsAfterOneHop) {
  for (const std::string& target : targets_) EXPECT_EQ(a_->get(target).status, 200);
  EXPECT_EQ(a_->counter("Group/PeerLoads"), 5U);
  EXPECT_EQ(a_->counter("Group/LocalLoads"), 0U);
  EXPECT_EQ(b_->counter("Group/ServerRequests"), 5U);
  EXPECT_EQ(b_->counter("Group/LocalLoads"), 5U);
  EXPECT_EQ(a_->counter("Group/ServerRequests"), 0U) << "nothing came back";
}

TEST_F(TwoNodesThatDisagree, AskedBothAtOnceTheyDoNotWaitForEachOther) {
  std::vector<Client> clients;
  for (const std::string& target : targets_) {
    for (const Node* node : {a_.get(), b_.get()}) {
      clients.emplace_back(node->port());
      clients.back().send(request_text("GET", target));
    }
  }
  for (Client& client : clients) EXPECT_EQ(client.read().status, 200);
  EXPECT_EQ(a_->counter("Group/PeerErrors"), 0U) << "it gave up waiting for the other";
  EXPECT_EQ(b_->counter("Group/PeerErrors"), 0U) << "it gave up waiting for the other";
}

}  // namespace
}  // namespace imageserver::testing
