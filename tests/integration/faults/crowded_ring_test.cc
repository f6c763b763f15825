// Rings with more to do than they can, and clients that do not wait for it.

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "integration/harness/soundness.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

// Far above what the pictures under way need; the sanitizers keep freed memory as well.
constexpr std::uint64_t kBoundMegabytes = 1'000;

TEST(CrowdedRing, ServesWhatItCanAndRefusesTheRest) {
  NodeRing ring({"--workers=1", "--queue=4", "--timeout=60s"});
  constexpr int kClients = 5 * 3 * (1 + 4);  // five times what has room
  const auto target = [](int i) {
    return spelled("/huge.jpg", i % kSpellings) + "?width=" + std::to_string(300 + i);
  };
  std::vector<Client> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back(ring[static_cast<std::size_t>(i) % NodeRing::kNodes].port());
  }
  for (int i = 0; i < kClients; ++i) {
    clients[static_cast<std::size_t>(i)].send(request_text("GET", target(i)));
  }
  std::map<std::string, std::string> pictures;
  for (int i = 0; i < kClients; ++i) {
    const Reply reply = clients[static_cast<std::size_t>(i)].read();
    if (reply.status == 200) {
      pictures[target(i)] = reply.body;
    } else {
      EXPECT_EQ(reply.status, 503);
      EXPECT_TRUE(reply.has("Retry-After"));
    }
  }
  EXPECT_GE(pictures.size(), NodeRing::kNodes);
  EXPECT_LT(pictures.size(), static_cast<std::size_t>(kClients));

  std::uint64_t bytes = 0;
  std::uint64_t kept = 0;
  for (const auto& [name, picture] : pictures) bytes += entry_bytes(picture);
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    expect_counters_add_up(ring[node]);
    EXPECT_LT(peak_megabytes(ring[node]), kBoundMegabytes);
    EXPECT_EQ(ring[node].get("/small.jpg?width=20").status, 200) << "and afterwards all is well";
    kept += cached_bytes(ring[node]);
  }
  EXPECT_EQ(ring.sum("Group/LocalLoads"), pictures.size() + 1);
  EXPECT_EQ(kept, bytes + entry_bytes(ring[0].get("/small.jpg?width=20").body));
  Reference().expect_same(pictures);
}

// Clients at one node, for a picture that another one owns and makes for quite a while.
class Waiters : public ::testing::Test {
 protected:
  static constexpr std::size_t kAsked = 0;
  static constexpr std::size_t kOwner = 1;

  void begin(int clients, const std::string& target) {
    for (int i = 0; i < clients; ++i) {
      clients_.emplace_back(ring_[kAsked].port());
      clients_.back().send(request_text("GET", target));
    }
    EXPECT_TRUE(eventually([&] {
      return ring_[kAsked].counter("Group/Loads") == static_cast<std::uint64_t>(clients) &&
             ring_[kOwner].counter("Group/Loads") == 1;
    }));
  }

  void leave(int client) { clients_[static_cast<std::size_t>(client)].reset(); }
  Reply read(int client) { return clients_[static_cast<std::size_t>(client)].read(); }

  [[nodiscard]] std::string owned(int from) const {
    return ring_.target_of(kOwner, "/huge.jpg", from);
  }

  // Takes so long that it cannot end before those who wait for it have left.
  [[nodiscard]] std::string slow() const {
    return ring_.target_of(kOwner, "/huge.jpg?blur=60", 5000);
  }

  void TearDown() override {
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      expect_counters_add_up(ring_[node]);
    }
  }

  NodeRing ring_{Flags{"--timeout=60s"}};

 private:
  std::vector<Client> clients_;
};

TEST_F(Waiters, TheFirstLeavesAndTheOthersGetThePicture) {
  const std::string target = owned(2500);
  begin(3, target);
  leave(0);
  const Reply reply = read(1);
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(read(2).body == reply.body);
  EXPECT_EQ(decode(reply.body).format, "jpeg");
  EXPECT_EQ(ring_.sum("Group/LocalLoads"), 1U);
  EXPECT_EQ(ring_.sum("Group/LocalLoadErrs"), 0U);
  EXPECT_EQ(ring_[kAsked].counter("Group/LoadsDeduped"), 1U);
  EXPECT_EQ(ring_[kOwner].counter("Group/ServerRequests"), 1U);
}

TEST_F(Waiters, AllLeaveAndTheRenderStopsWhereItIs) {
  begin(3, slow());
  for (int client = 0; client < 3; ++client) leave(client);
  EXPECT_TRUE(eventually([&] { return ring_[kOwner].loads_under_way() == 0; }));
  EXPECT_TRUE(ring_[kAsked].becomes_idle());
  EXPECT_TRUE(ring_[kOwner].becomes_idle());
  EXPECT_EQ(ring_.sum("Group/LocalLoads"), 0U);
  EXPECT_EQ(ring_[kOwner].counter("Group/LocalLoadErrs"), 1U);
  EXPECT_EQ(ring_[kAsked].counter("Group/PeerErrors"), 0U) << "the peer did nothing wrong";
  EXPECT_EQ(sight(ring_[kAsked], ring_.name(kOwner)).errors, 0U);
  EXPECT_EQ(ring_[kAsked].get(owned(20)).status, 200);
}

// An original that comes and goes under the nodes' feet.
TEST(LostOriginal, IsAnErrorForAllWhoWaitAndForNobodyAfterwards) {
  const TemporaryDirectory originals;
  originals.write("a.jpg", testdata("small.jpg"));
  link_again(originals.path());
  NodeRing ring({"--source=" + originals.path().string(), "--source-ttl=1h"});
  const auto targets = ring.targets_of(1, "/a.jpg", 4, 20);
  EXPECT_EQ(ring[0].get(targets[0]).status, 200);
  std::filesystem::remove(originals.path() / "a.jpg");
  EXPECT_EQ(ring[0].get(targets[1]).status, 404);
  EXPECT_EQ(ring[0].get(targets[0]).status, 200) << "what is cached is served";
  originals.write("a.jpg", "no picture");
  EXPECT_EQ(ring[0].get(targets[2]).status, 422);
  EXPECT_EQ(ring[1].counter("Group/LocalLoadErrs"), 2U);
  EXPECT_EQ(ring[0].counter("Group/LocalLoadErrs"), 0U) << "the owner's verdict holds here too";
  originals.write("a.jpg", testdata("small.jpg"));
  std::uint64_t bytes = 0;
  for (const std::string& target : targets) {
    const Reply reply = ring[0].get(target);
    EXPECT_EQ(reply.status, 200) << target;
    bytes += entry_bytes(reply.body);
  }
  EXPECT_EQ(cached_bytes(ring[1]), bytes);
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) expect_counters_add_up(ring[node]);
}

TEST(SmallCache, WhatIsTooLargeIsServedAndTheRestStays) {
  NodeRing ring({"--groupcache=60000", "--timeout=60s"});
  std::uint64_t bytes = 0;
  for (const std::string& target : ring.targets_of(1, "/small.jpg", 5, 20)) {
    bytes += entry_bytes(ring[0].get(target).body);
  }
  EXPECT_EQ(cached_bytes(ring[1]), bytes);
  const std::string large = ring.target_of(1, "/large.jpg", 1000);
  const std::string first = ring[0].get(large).body;
  EXPECT_GT(first.size(), 60'000U);
  EXPECT_TRUE(ring[2].get(large).body == first);
  EXPECT_TRUE(ring[1].get(large).body == first);
  EXPECT_EQ(cached_bytes(ring[1]), bytes) << "the rest stays";
  EXPECT_EQ(ring.sum("Caches/Main/Evictions") + ring.sum("Caches/Hot/Evictions"), 0U);
  EXPECT_EQ(ring[1].counter("Group/LocalLoads"), 5U + 3U);
  Reference().expect_same({{large, first}});
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) expect_counters_add_up(ring[node]);
}

}  // namespace
}  // namespace imageserver::testing
