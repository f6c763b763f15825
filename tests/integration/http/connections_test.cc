// Many connections, and slow ones.

#include <gtest/gtest.h>

#include <csignal>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "integration/harness/node.h"
#include "support/patience.h"
#include "support/port.h"
#include "support/process.h"

namespace imageserver::testing {
namespace {

// With few descriptors, as a shell gives them.
class WithFewDescriptors : public ::testing::Test {
 protected:
  WithFewDescriptors()
      : process_({"/bin/sh", "-c",
                  "ulimit -n 64; exec \"$0\" --io-threads=2 --workers=2 --http=" + port_.address() +
                      " --source=" IMAGESERVER_TESTDATA,
                  program()}) {}

  ~WithFewDescriptors() override {
    process_.signal(SIGTERM);
    process_.signal(SIGTERM);
    EXPECT_EQ(process_.wait(), 0) << process_.errors();
  }

  [[nodiscard]] bool is_up() const {
    return eventually([this] {
      return can_connect(port_.number()) && get(port_.number(), "/readyz").status == 200;
    });
  }

  const Port port_;
  Process process_;
};

TEST_F(WithFewDescriptors, AHundredIdleConnectionsLockNobodyOut) {
  ASSERT_TRUE(is_up());
  std::vector<std::unique_ptr<Client>> idle;
  for (int i = 0; i < 100; ++i) idle.push_back(std::make_unique<Client>(port_.number()));
  for (int width = 20; width < 40; ++width) {
    EXPECT_EQ(get(port_.number(), "/small.jpg?width=" + std::to_string(width)).status, 200);
  }
}

TEST_F(WithFewDescriptors, AHundredKeptConnectionsLockNobodyOut) {
  ASSERT_TRUE(is_up());
  std::vector<std::unique_ptr<Client>> kept;
  for (int i = 0; i < 100; ++i) {
    kept.push_back(std::make_unique<Client>(port_.number()));
    EXPECT_EQ(kept.back()->get("/small.jpg?width=20").status, 200) << i;
  }
}

TEST(MaxConnections, BusyConnectionsAreNoMoreThanThereMayBe) {
  Node node({"--max-connections=3", "--timeout=60s"});
  std::vector<std::unique_ptr<Client>> busy;
  for (int i = 0; i < 3; ++i) {
    busy.push_back(std::make_unique<Client>(node.port()));
    busy.back()->send(
        request_text("GET", "/huge.jpg?format=png&width=" + std::to_string(6000 + i)));
    // A question of the test itself would take a seat.
    EXPECT_TRUE(eventually([&] {
      const Reply reply = i < 2 ? node.get("/healthz") : node.get("/readyz");
      return i < 2 ? reply.status == 200 : reply.status == 503;
    }));
  }
  EXPECT_EQ(node.get("/healthz").field("Connection"), "close");
  for (auto& client : busy) client->reset();
  EXPECT_TRUE(eventually([&] { return node.get("/healthz").status == 200; }));
}

TEST(AnswerBytes, WhatReadersHoldIsBounded) {
  Node node({"--answer-bytes=50MB", "--timeout=60s"});
  std::vector<std::unique_ptr<Client>> mute;
  for (int i = 0; i < 6; ++i) {
    mute.push_back(std::make_unique<Client>(node.port()));
    mute.back()->send(
        request_text("GET", "/medium.jpg?format=bmp&width=" + std::to_string(2400 + i)));
  }
  // Each has 14 MB, and takes nothing of it.
  EXPECT_TRUE(eventually([&] { return node.counter("Group/LocalLoads") == 6; }));
  const Reply reply = node.get("/medium.jpg?format=bmp&width=2300");
  EXPECT_EQ(reply.status, 200);
  int cut = 0;
  for (auto& client : mute) {
    try {
      client->read();
    } catch (const std::exception&) {
      ++cut;
    }
  }
  EXPECT_GE(cut, 3);
}

}  // namespace
}  // namespace imageserver::testing
