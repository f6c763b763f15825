#include "server/descriptors.h"

#include <gtest/gtest.h>

namespace imageserver {
namespace {

TEST(DescriptorsTest, LeaveSomeConnectionsHoweverFewTheyAre) {
  EXPECT_EQ(connections_for(0, {}), 4U);
  EXPECT_EQ(connections_for(20, {.io_threads = 8, .workers = 8, .peers = true}), 5U);
}

TEST(DescriptorsTest, AQuarterIsForConnectionsHoweverManyThreadsThereAre) {
  EXPECT_EQ(connections_for(64, {.io_threads = 64, .workers = 64, .peers = true}), 16U);
}

TEST(DescriptorsTest, AreKeptForEverythingElse) {
  const std::size_t small = connections_for(64, {.io_threads = 2, .workers = 2});
  EXPECT_GE(small, 10U);
  EXPECT_LE(small, 40U);
  const std::size_t large = connections_for(1024, {.io_threads = 2, .workers = 2});
  EXPECT_EQ(large - small, 1024U - 64U);
  EXPECT_GT(large, connections_for(1024, {.io_threads = 20, .workers = 2}));
  EXPECT_GT(large, connections_for(1024, {.io_threads = 2, .workers = 20}));
}

TEST(DescriptorsTest, APartIsKeptForFetchesFromPeers) {
  const std::size_t alone = connections_for(1024, {.io_threads = 2, .workers = 2});
  const std::size_t with_peers =
      connections_for(1024, {.io_threads = 2, .workers = 2, .peers = true});
  EXPECT_EQ(with_peers, alone - alone / 4);
}

TEST(DescriptorsTest, ThisProcessHasSome) { EXPECT_GE(descriptor_limit(), 3U); }

}  // namespace
}  // namespace imageserver
