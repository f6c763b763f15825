// More work than there is room or time for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

// A render of seconds, each number another key.
std::string slow_target(int number) {
  return "/huge.jpg?format=png&width=" + std::to_string(6200 + number);
}

// One of a second or so.
std::string longish_target(int number) {
  return "/huge.jpg?format=png&width=" + std::to_string(2000 + number);
}

// One that is just heavy. It takes more than a second of processor time, and from this many on is
// in its encoder, which cannot be stopped.
constexpr double kInItsEncoder = 0.5;

std::string heavy_target(int number) {
  return "/huge.jpg?width=1400&height=1400&format=webp&lossless=1&brightness=" +
         std::to_string(number + 1);
}

// What a process has used.
double processor_seconds_of_one(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  constexpr int kBefore = 11;  // its state and what follows, up to the two times
  std::string ignored;
  for (int i = 0; i < kBefore; ++i) fields >> ignored;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// What it and its renderers have used.
double processor_seconds(pid_t process) {
  double sum = processor_seconds_of_one(process);
  for (const pid_t child : testing::children_of(process)) sum += processor_seconds_of_one(child);
  return sum;
}

// One that counts as heavy, as it may be encoded five times. The first time does.
constexpr std::string_view kQuickHeavyTarget =
    "/huge.jpg?width=1700&height=1700&format=webp&max_bytes=10000000";

class Overload : public ::testing::Test {
 protected:
  void start(const Flags& flags) { node_ = std::make_unique<Node>(flags); }

  Node& node() { return *node_; }

  // Asks without waiting for the answer; returns once the node has counted it, and so, if it has
  // one I/O thread only, has put it in the queue.
  Client begin(const std::string& target) {
    const auto loads = node().counter("Group/Loads");
    Client client(node().port());
    client.send(request_text("GET", target));
    EXPECT_TRUE(eventually([&] { return node().counter("Group/Loads") > loads; }));
    return client;
  }

  static bool goes_quiet(const Node& node) {
    return eventually([&] { return node.loads_under_way() == 0; }) && node.becomes_idle();
  }

  static void expect_busy(const Reply& reply) {
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.field("Retry-After"), "1");
    EXPECT_EQ(reply.field("Cache-Control"), "no-store");
  }

 private:
  std::unique_ptr<Node> node_;
};

class FullQueue : public Overload, public ::testing::WithParamInterface<int> {};

TEST_P(FullQueue, SomeAreRefusedAndTheOthersServed) {
  start({"--workers=1", "--queue=" + std::to_string(GetParam()), "--timeout=60s"});
  constexpr int kClients = 12;
  std::vector<Client> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back(node().port());
    clients.back().send(request_text("GET", longish_target(i)));
  }
  // All read at once: a client that does not read its answer for long is cut off.
  std::vector<std::future<Reply>> replies;
  replies.reserve(clients.size());
  for (Client& client : clients) {
    replies.push_back(std::async(std::launch::async, [&client] { return client.read(); }));
  }
  int served = 0;
  for (std::future<Reply>& one : replies) {
    const Reply reply = one.get();
    if (reply.status == 200) {
      ++served;
    } else {
      expect_busy(reply);
    }
  }
  EXPECT_GE(served, 1);
  EXPECT_LT(served, kClients);
  EXPECT_EQ(node().counter("Group/LocalLoads"), static_cast<unsigned>(served));
  EXPECT_TRUE(goes_quiet(node()));
  EXPECT_EQ(node().get("/small.jpg?width=10").status, 200) << "and afterwards all is well";
}

INSTANTIATE_TEST_SUITE_P(Waiting, FullQueue, ::testing::Values(0, 1));

TEST_F(Overload, HitsAndErrorsNeedNoPlaceInTheQueue) {
  start({"--workers=1", "--queue=0", "--io-threads=1", "--timeout=60s"});
  EXPECT_EQ(node().get("/small.jpg?width=10").status, 200);
  EXPECT_TRUE(goes_quiet(node()));  // answers come a moment before the worker is free again
  Client slow = begin(slow_target(0));
  expect_busy(node().get("/small.jpg?width=11"));
  EXPECT_EQ(node().get("/small.jpg?width=10").status, 200);
  EXPECT_EQ(node().get("/small.jpg?width=-1").status, 400);
  EXPECT_EQ(node().get("/healthz").status, 200);
  slow.reset();
}

// Eight of these used to keep every worker until the last one was done: their encoder cannot be
// stopped.
TEST_F(Overload, HeavyRendersLeaveAWorkerToTheOthers) {
  start({"--workers=2", "--timeout=100s"});
  constexpr int kHeavy = 8;
  std::vector<Client> clients;
  for (int i = 0; i < kHeavy; ++i) clients.push_back(begin(heavy_target(i)));
  int width = 10;
  const auto expect_small_ones_served = [&] {
    for (int i = 0; i < 10; ++i) {
      EXPECT_EQ(node().get("/small.jpg?width=" + std::to_string(width++)).status, 200);
    }
    EXPECT_EQ(node().get("/info/small.jpg").status, 200);
  };
  expect_small_ones_served();
  EXPECT_GE(node().loads_under_way(), static_cast<unsigned>(kHeavy - 1)) << "heavy ones still run";
  EXPECT_TRUE(eventually([&] { return processor_seconds(node().process().id()) > kInItsEncoder; }));
  for (Client& client : clients) client.reset();
  expect_small_ones_served();
  // Renders come last where other programs keep the machine busy.
  Client patient(node().port(), std::chrono::seconds(100));
  EXPECT_EQ(patient.get(kQuickHeavyTarget).status, 200) << "and a heavy one has its turn";
  EXPECT_TRUE(goes_quiet(node()));
}

TEST_F(Overload, PastItsTimeARequestIsAnsweredAndItsRenderStopped) {
  start({"--timeout=100ms"});
  const Reply reply = node().get(slow_target(0));
  EXPECT_EQ(reply.status, 504);
  EXPECT_EQ(reply.field("Cache-Control"), "no-store");
  EXPECT_TRUE(goes_quiet(node()));
  EXPECT_EQ(node().counter("Group/LocalLoads"), 0U) << "it was rendered to its end";
  EXPECT_EQ(node().get("/healthz").status, 200);
}

// A render waits for memory for half of the timeout, and is busy then: either end may come first.
TEST_F(Overload, ATimeoutOfAMillisecondHarmsNothing) {
  start({"--timeout=1ms"});
  for (int i = 0; i < 20; ++i)
    EXPECT_THAT(node().get(slow_target(i)).status, ::testing::AnyOf(503, 504));
  EXPECT_TRUE(goes_quiet(node()));
  EXPECT_EQ(node().counter("Group/LocalLoads"), 0U);
  EXPECT_EQ(node().get("/readyz").status, 200);
}

TEST_F(Overload, ARenderNobodyWaitsForIsStopped) {
  start({"--timeout=60s"});
  Client first = begin(slow_target(0));
  Client second = begin(slow_target(0));
  first.reset();
  EXPECT_EQ(node().loads_under_way(), 1U) << "one still waits";
  second.reset();
  EXPECT_TRUE(goes_quiet(node()));
  EXPECT_EQ(node().counter("Group/LocalLoads"), 0U);
  EXPECT_EQ(node().counter("Group/LocalLoadErrs"), 1U);
}

TEST_F(Overload, ARenderAtThePeersIsStoppedTooWhenNobodyWaits) {
  NodeRing ring({"--timeout=60s"});
  const std::string target = ring.target_of(1, "/huge.jpg", 6000) + "&format=png&quality=50";
  const std::size_t owner = ring.owner(target);
  const std::size_t asked = (owner + 1) % NodeRing::kNodes;
  Client client(ring[asked].port());
  client.send(request_text("GET", target));
  EXPECT_TRUE(eventually([&] { return ring[owner].counter("Group/Loads") == 1; }));
  client.reset();
  EXPECT_TRUE(goes_quiet(ring[owner]));
  EXPECT_TRUE(ring[asked].becomes_idle());
  EXPECT_EQ(ring.sum("Group/LocalLoads"), 0U);
}

TEST_F(Overload, TimeRunsOutAtThePeersToo) {
  NodeRing ring({"--timeout=300ms"});
  const std::string target = slow_target(0);
  const std::size_t owner = ring.owner(target);
  const std::size_t asked = (owner + 1) % NodeRing::kNodes;
  EXPECT_EQ(ring[asked].get(target).status, 504);
  EXPECT_TRUE(goes_quiet(ring[owner]));
  EXPECT_TRUE(ring[asked].becomes_idle());
  EXPECT_EQ(ring.sum("Group/LocalLoads"), 0U);
}

TEST_F(Overload, ABusyOwnerCostsNobodyHisPicture) {
  NodeRing ring({"--workers=1", "--queue=0", "--io-threads=1", "--timeout=60s"});
  const std::size_t owner = ring.owner(slow_target(0));
  const std::size_t asked = (owner + 1) % NodeRing::kNodes;
  Client slow(ring[owner].port());
  slow.send(request_text("GET", slow_target(0)));
  EXPECT_TRUE(eventually([&] { return ring[owner].counter("Group/Loads") == 1; }));
  EXPECT_EQ(ring[asked].get(ring.target_of(owner, "/small.jpg")).status, 200);
  EXPECT_EQ(ring[asked].counter("Group/PeerErrors"), 0U) << "who asks has room, so the owner may";
  EXPECT_EQ(ring[asked].counter("Group/LocalLoads"), 1U);
  slow.reset();
}

// The owner's only worker is taken for seconds, and there is a queue before it.
TEST_F(Overload, AnOwnerWithABacklogLeavesThePictureToANodeThatHasRoom) {
  NodeRing ring({"--workers=1", "--timeout=60s"});
  constexpr std::size_t kOwner = 1;
  constexpr std::size_t kAsked = 0;
  Client slow(ring[kOwner].port());
  slow.send(request_text("GET", ring.target_of(kOwner, "/huge.jpg", 6200) + "&format=png"));
  EXPECT_TRUE(eventually([&] { return ring[kOwner].counter("Group/Loads") == 1; }));
  const std::vector<std::string> targets = ring.targets_of(kOwner, "/small.jpg", 4, 20);
  std::vector<Client> queue;
  for (std::size_t i = 0; i < 3; ++i) {
    queue.emplace_back(ring[kOwner].port());
    queue.back().send(request_text("GET", targets[i]));
  }
  EXPECT_TRUE(eventually([&] { return ring[kOwner].counter("Group/Loads") == 4; }));

  EXPECT_EQ(ring[kAsked].get(targets[3]).status, 200);
  EXPECT_EQ(ring[kOwner].counter("Group/LocalLoads"), 0U) << "its queue is where it was";
  EXPECT_EQ(ring[kAsked].counter("Group/LocalLoads"), 1U);
  EXPECT_EQ(ring[kAsked].counter("Group/PeerErrors"), 0U);
  slow.reset();
  for (Client& client : queue) EXPECT_EQ(client.read().status, 200);
}

}  // namespace
}  // namespace imageserver::testing
