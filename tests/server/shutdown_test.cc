#include "server/shutdown.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/io_pool.h"
#include "http/backlog.h"
#include "http/seats.h"
#include "support/patience.h"
#include "support/raw_socket.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;
using testing::soon;

constexpr milliseconds kNever = 1h;
constexpr const char* kHalfAGet = "GET / HTTP/1.1\r\n";
constexpr const char* kOtherHalf = "Host: a\r\n\r\n";

class OkHandler final : public Handler {
 public:
  Answer handle(const Request&) override { return Response(); }
};

// A list of nodes that this node has left once the test says so.
class FakeDiscovery final : public Discovery {
 public:
  void start(std::function<void(View)>) override {}
  void refresh() override {}
  void leave(std::function<void()> done) override {
    done_ = std::move(done);
    ++leaves_;
  }

  [[nodiscard]] int leaves() const { return leaves_; }

  // REQUIRES: leaves() is 1.
  void end_leaving() { done_(); }

 private:
  std::function<void()> done_;  // set before leaves_ is
  std::atomic<int> leaves_ = 0;
};

// Two servers, and a thread that waits for their end.
class ShutdownTest : public ::testing::Test {
 protected:
  explicit ShutdownTest(milliseconds drain = kNever) : shutdown_(io_.at(0), drain) {}

  ~ShutdownTest() override {
    io_.stop();
    if (over_.valid() && !is_over()) give_up();
  }

  void begin(Discovery* discovery = nullptr) {
    ServerLimits limits;
    limits.head = limits.idle = limits.write = limits.newcomer = limits.grace = kNever;
    const ServerShared shared{.seats = std::make_shared<Seats>(100),
                              .backlog = std::make_shared<Backlog>(1U << 20U)};
    for (int i = 0; i < 2; ++i) {
      auto server =
          Server::listen(io_, {"127.0.0.1", 0}, std::make_shared<OkHandler>(), shared, limits);
      ASSERT_TRUE(server.has_value());
      servers_.push_back(*std::move(server));
    }
    shutdown_.prepare(servers_, discovery, [this] { return alone_.load(); });
    for (const auto& server : servers_) server->start();
    io_.start();
    wait();
  }

  void wait() {
    over_ = std::async(std::launch::async, [this] { shutdown_.wait(); });
  }

  // A thread waits for the end, and nothing can end that any more.
  [[noreturn]] static void give_up() {
    ADD_FAILURE() << "the shutdown is never over";
    std::fflush(nullptr);
    std::_Exit(EXIT_FAILURE);
  }

  [[nodiscard]] bool is_over() const { return over_.wait_for(0s) == std::future_status::ready; }

  [[nodiscard]] bool ends() const { return testing::comes(over_); }

  [[nodiscard]] RawSocket connect(std::size_t server) const {
    return RawSocket::connect(servers_.at(server)->port());
  }

  [[nodiscard]] bool refuses_clients(std::size_t server) const {
    try {
      const RawSocket client = connect(server);
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  }

  // The Connection field of an answer on a new connection.
  [[nodiscard]] std::string connection_field(std::size_t server) const {
    RawSocket client = connect(server);
    client.send(std::string(kHalfAGet) + kOtherHalf);
    return client.read_answer().field("Connection");
  }

  IoPool io_{1};
  std::vector<std::unique_ptr<Server>> servers_;
  FakeDiscovery discovery_;
  std::atomic<bool> alone_ = false;
  Shutdown shutdown_;
  std::future<void> over_;
};

class ShortDrainShutdownTest : public ShutdownTest {
 protected:
  ShortDrainShutdownTest() : ShutdownTest(1ms) {}
};

TEST_F(ShutdownTest, IfNothingWasPreparedTheFirstRequestEndsTheWait) {
  wait();
  EXPECT_FALSE(shutdown_.requested());
  shutdown_.request();
  EXPECT_TRUE(shutdown_.requested());
  EXPECT_TRUE(ends());
  shutdown_.request();
}

TEST_F(ShutdownTest, TheFirstRequestLeavesTheListAndClientsAreStillServed) {
  begin(&discovery_);
  for (const std::size_t server : {0U, 1U}) EXPECT_EQ(connection_field(server), "");
  shutdown_.request();
  EXPECT_TRUE(shutdown_.requested());
  EXPECT_TRUE(soon([&] { return discovery_.leaves() == 1; }));
  for (const std::size_t server : {0U, 1U}) EXPECT_EQ(connection_field(server), "close");
  EXPECT_FALSE(is_over());
  shutdown_.request();
  discovery_.end_leaving();
  EXPECT_TRUE(ends());
}

TEST_F(ShutdownTest, TheSecondRequestEndsTheTimeOfTheDrain) {
  begin();
  RawSocket idle = connect(0);
  idle.send(std::string(kHalfAGet) + kOtherHalf);
  EXPECT_EQ(idle.read_answer().status, 200);
  shutdown_.request();
  shutdown_.request();
  EXPECT_TRUE(idle.ended());
  EXPECT_TRUE(ends());
}

TEST_F(ShortDrainShutdownTest, OneRequestIsEnoughOnceTheTimeOfTheDrainIsOver) {
  begin();
  shutdown_.request();
  EXPECT_TRUE(ends());
}

TEST_F(ShutdownTest, IsNotOverBeforeTheListIsLeft) {
  begin(&discovery_);
  shutdown_.request();
  shutdown_.request();
  EXPECT_TRUE(soon([&] { return discovery_.leaves() == 1; }));
  EXPECT_FALSE(is_over());
  discovery_.end_leaving();
  EXPECT_TRUE(ends());
}

TEST_F(ShutdownTest, IsNotOverBeforeEveryServerHasDrained) {
  begin();
  RawSocket client = connect(1);
  client.send(kHalfAGet);
  shutdown_.request();
  shutdown_.request();
  EXPECT_TRUE(soon([&] { return refuses_clients(0) && refuses_clients(1); }));
  EXPECT_FALSE(is_over());
  client.send(kOtherHalf);
  EXPECT_EQ(client.read_answer().field("Connection"), "close");
  client.close();
  EXPECT_TRUE(ends());
}

TEST_F(ShutdownTest, FurtherRequestsDoNothing) {
  begin(&discovery_);
  for (int i = 0; i < 10; ++i) shutdown_.request();
  EXPECT_TRUE(soon([&] { return discovery_.leaves() > 0; }));
  discovery_.end_leaving();
  EXPECT_TRUE(ends());
  EXPECT_EQ(discovery_.leaves(), 1);
}

TEST_F(ShutdownTest, ANodeThatIsAloneLeavesAtOnce) {
  alone_ = true;
  begin();
  shutdown_.request();
  EXPECT_TRUE(ends()) << "the time of the drain has no end here";
}

TEST_F(ShutdownTest, ANodeThatIsLeftAloneWhileItDrainsLeavesThen) {
  begin(&discovery_);
  shutdown_.request();
  EXPECT_TRUE(soon([&] { return discovery_.leaves() == 1; }));
  discovery_.end_leaving();
  EXPECT_EQ(connection_field(0), "close") << "it looks whether it is alone before it serves this";
  EXPECT_FALSE(is_over());
  alone_ = true;
  EXPECT_TRUE(ends());
}

}  // namespace
}  // namespace imageserver
