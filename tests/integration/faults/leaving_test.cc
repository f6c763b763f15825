// Nodes that are asked to leave, alone and out of a ring.

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <string>

#include "integration/harness/node.h"
#include "integration/harness/ring_under_load.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

TEST(LeavingNode, SaysSoAndServesOn) {
  Node node({"--drain=10m"});
  auto kept = std::make_unique<Client>(node.port());
  EXPECT_NE(kept->get("/small.jpg?width=20").field("Connection"), "close");
  node.process().signal(SIGTERM);
  EXPECT_TRUE(says_it_leaves(node));
  for (int width = 20; width < 25; ++width) {
    const Reply reply = node.get("/small.jpg?width=" + std::to_string(width));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.field("Connection"), "close");
  }
  EXPECT_EQ(node.get("/healthz").status, 200);
  const Reply last = kept->get("/small.jpg?width=20");
  EXPECT_EQ(last.status, 200);
  EXPECT_EQ(last.field("Connection"), "close");
  EXPECT_TRUE(kept->is_closed());
  kept.reset();                    // or the node would wait a moment for it to close as well
  node.process().signal(SIGTERM);  // or it would stay for ten minutes
  EXPECT_EQ(node.process().wait(), 0);
}

TEST(LeavingNode, ToldAgainFinishesWhatItHasBegun) {
  Node node({"--drain=10m"});
  auto client = std::make_unique<Client>(node.port());
  client->send(request_text("GET", "/medium.jpg?width=1000&format=webp"));
  ASSERT_TRUE(eventually([&] { return node.counter("Group/Loads") == 1; }));
  node.process().signal(SIGTERM);
  EXPECT_TRUE(says_it_leaves(node));
  node.process().signal(SIGTERM);
  EXPECT_TRUE(eventually([&] { return !can_connect(node.port()); }));
  EXPECT_EQ(client->read().status, 200);
  EXPECT_TRUE(client->is_closed());
  client.reset();
  EXPECT_EQ(node.process().wait(), 0);
}

TEST(LeavingNode, LeavesByItselfWhenTheTimeIsOver) {
  Node node({"--drain=1s"});
  Client idle(node.port());
  EXPECT_EQ(idle.get("/small.jpg?width=20").status, 200);
  node.process().signal(SIGTERM);
  EXPECT_EQ(node.process().wait(), 0);
  EXPECT_TRUE(idle.is_closed());
}

TEST(LeavingNode, WithNobodyThereLeavesAtOnce) {
  Node node({"--drain=24h"});
  EXPECT_EQ(node.get("/small.jpg?width=20").status, 200);
  node.process().signal(SIGTERM);
  EXPECT_EQ(node.process().wait(), 0);
}

TEST(LeavingNode, LeavesWhenTheLastClientHasLeft) {
  Node node({"--drain=24h"});
  auto kept = std::make_unique<Client>(node.port());
  EXPECT_EQ(kept->get("/small.jpg?width=20").status, 200);
  node.process().signal(SIGTERM);
  EXPECT_TRUE(says_it_leaves(node));
  kept.reset();
  EXPECT_EQ(node.process().wait(), 0);
}

TEST(LeavingNode, WithPeersStaysThoughNobodyIsConnected) {
  Node node({"--drain=24h", "--groupcache-peers=127.0.0.1:1"});
  node.process().signal(SIGTERM);
  EXPECT_TRUE(says_it_leaves(node));
  EXPECT_TRUE(node.becomes_idle());
  EXPECT_EQ(node.get("/small.jpg?width=20").status, 200);
  node.process().signal(SIGTERM);
  EXPECT_EQ(node.process().wait(), 0);
}

TEST(RollingRestart, CostsNoRequest) {
  RingUnderLoad ring(introduced_by_flag);
  ring.replace_each();
  ring.expect_no_failure();
}

}  // namespace
}  // namespace imageserver::testing
