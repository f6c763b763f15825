// One picture that everybody wants.

#include <gtest/gtest.h>

#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/ring.h"
#include "integration/harness/soundness.h"

namespace imageserver::testing {
namespace {

class HotKey : public ::testing::Test {
 protected:
  static constexpr std::size_t kOwner = 2;

  // One connection to each node.
  [[nodiscard]] std::vector<Client> clients() {
    std::vector<Client> all;
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node)
      all.emplace_back(ring_[node].port());
    return all;
  }

  std::uint64_t asked_of_owner() { return ring_[kOwner].counter("Group/ServerRequests"); }

  NodeRing ring_;
  const std::string hot_ = ring_.target_of(kOwner, "/small.jpg");
};

TEST_F(HotKey, NinetyNineInAHundredHardlyTouchTheOwner) {
  constexpr std::uint64_t kRequests = 3'000;
  constexpr std::uint64_t kOthers = 100;  // one in so many is for another picture
  std::vector<Client> all = clients();
  const std::string picture = all[kOwner].get(hot_).body;
  std::map<std::string, std::string> pictures = {{hot_, picture}};
  std::uint64_t others_of_owner = 0;
  for (std::uint64_t i = 0; i < kRequests; ++i) {
    Client& client = all[i % NodeRing::kNodes];
    if (i % kOthers != 0) {
      EXPECT_TRUE(client.get(hot_).body == picture) << i;
      continue;
    }
    const std::string target = spread_target(500 + static_cast<int>(i / kOthers));
    if (ring_.owner(target) == kOwner && i % NodeRing::kNodes != kOwner) ++others_of_owner;
    pictures[target] = client.get(target).body;
  }
  const std::uint64_t asked = asked_of_owner() - others_of_owner;
  RecordProperty("asked_of_owner", std::to_string(asked));
  std::cout << "of 2000 requests at the others the owner was asked " << asked << '\n';
  EXPECT_LT(asked, 400U);
  for (const std::size_t node : {0, 1}) {
    EXPECT_EQ(ring_[node].counter("Caches/Hot/Items"), 1U) << "that key and no other";
    EXPECT_EQ(ring_[node].counter("Caches/Hot/Bytes"), entry_bytes(picture));
  }
  EXPECT_EQ(ring_.sum("Group/LocalLoads"), pictures.size());
  Reference().expect_same(pictures);
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) expect_counters_add_up(ring_[node]);
}

TEST_F(HotKey, WhatIsNotHotIsNotMirrored) {
  std::vector<Client> all = clients();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(all[0].get(hot_).status, 200);
  EXPECT_EQ(ring_[0].counter("Caches/Hot/Items"), 0U);
  EXPECT_EQ(asked_of_owner(), 20U);
}

}  // namespace
}  // namespace imageserver::testing
