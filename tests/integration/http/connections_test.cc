// What slow clients hold.

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "integration/harness/node.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

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
