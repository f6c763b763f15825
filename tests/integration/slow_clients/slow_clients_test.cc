// Clients that keep us waiting, measured against the limits on time. Takes minutes.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "support/patience.h"
#include "support/raw_socket.h"

namespace imageserver::testing {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kHeadLimit{10};
constexpr seconds kIdleLimit{60};
constexpr seconds kWriteLimit{30};

// What may come on top on a busy machine.
constexpr seconds kSlack{30};

std::size_t open_sockets(Node& node) {
  std::size_t count = 0;
  const auto files = "/proc/" + std::to_string(node.process().id()) + "/fd";
  for (const auto& file : std::filesystem::directory_iterator(files)) {
    std::error_code gone;
    const auto target = std::filesystem::read_symlink(file.path(), gone).string();
    count += target.starts_with("socket:") ? 1 : 0;
  }
  return count;
}

// Once those of the harness's own questions are gone.
std::size_t settled_sockets(Node& node) {
  std::size_t last = 0;
  int in_a_row = 0;
  EXPECT_TRUE(eventually([&] {
    const std::size_t now = open_sockets(node);
    in_a_row = now == last ? in_a_row + 1 : 0;
    last = now;
    return in_a_row == 50;
  }));
  return last;
}

class SlowClients : public ::testing::Test {
 protected:
  // The connection goes, and neither before the limit nor long after it.
  template <class Gone>
  static void expect_cut_after(seconds limit, const Gone& gone) {
    const auto start = steady_clock::now();
    EXPECT_TRUE(eventually(gone, limit + kSlack));
    const auto took = steady_clock::now() - start;
    EXPECT_GE(took, limit - seconds(1));
    RecordProperty("seconds", std::to_string(std::chrono::duration<double>(took).count()));
  }

  Node node_;
};

TEST_F(SlowClients, AHeadThatTricklesIsCut) {
  Client client(node_.port());
  client.send("GET /healthz HTTP/1.1\r\nHost: x\r\n");
  expect_cut_after(kHeadLimit, [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    return !client.try_send("X: y\r\n");
  });
}

TEST_F(SlowClients, AHeadThatStopsInTheMiddleIsCut) {
  Client client(node_.port());
  client.send("GET /healthz HTT");
  expect_cut_after(kHeadLimit, [&] { return client.is_closed(); });
}

TEST_F(SlowClients, FiveHundredThatTrickleStopNobody) {
  std::vector<Client> clients;
  for (int i = 0; i < 500; ++i) {
    clients.emplace_back(node_.port());
    clients.back().send("GET /sm");
  }
  for (int width = 1; width <= 50; ++width) {
    EXPECT_EQ(node_.get("/small.jpg?width=" + std::to_string(width)).status, 200);
  }
  for (Client& client : clients) EXPECT_TRUE(client.is_closed());
}

TEST_F(SlowClients, AnIdleConnectionIsCut) {
  Client client(node_.port(), kIdleLimit + kSlack);
  EXPECT_EQ(client.get("/healthz").status, 200);
  expect_cut_after(kIdleLimit, [&] { return client.is_closed(); });
}

TEST_F(SlowClients, AConnectionThatNeverSaysAnythingIsCut) {
  Client client(node_.port(), kIdleLimit + kSlack);
  expect_cut_after(kIdleLimit, [&] { return client.is_closed(); });
}

// It asks for more than the kernel keeps for it, and reads none of it.
TEST_F(SlowClients, AClientThatDoesNotReadIsCut) {
  Client client(node_.port());
  EXPECT_EQ(client.get("/healthz").status, 200);
  const auto with_client = settled_sockets(node_);
  std::string packet;
  for (int i = 0; i < 20; ++i) packet += request_text("GET", "/huge.jpg");
  client.send(packet);
  expect_cut_after(kWriteLimit, [&] { return open_sockets(node_) < with_client; });
}

// The kernel keeps megabytes for it, and asks for more when a third of them is gone: after a
// minute.
TEST_F(SlowClients, AClientThatReadsFortyKilobytesASecondIsServed) {
  RawSocket client = RawSocket::connect(node_.port());
  client.send(request_text("GET", "/medium.jpg?format=bmp&width=2600"));
  std::size_t left = 0;
  const std::string head = client.read_head();
  ASSERT_EQ(std::sscanf(head.c_str() + head.find("Content-Length: "), "Content-Length: %zu", &left),
            1);
  EXPECT_GT(left, 15'000'000U);
  const auto end = steady_clock::now() + seconds(100);
  while (steady_clock::now() < end) {
    left -= client.read_some(4096).size();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_GT(left, 5'000'000U);
  while (left > 0) {
    const std::size_t got = client.read_some(left).size();
    ASSERT_GT(got, 0U) << left << " bytes before the end";
    left -= got;
  }
}

TEST_F(SlowClients, AClientThatReadsLessThanAKilobyteASecondIsCut) {
  EXPECT_EQ(node_.get("/healthz").status, 200);
  const auto without_client = settled_sockets(node_);
  RawSocket client = RawSocket::connect_with_buffer(node_.port(), 8192);
  client.send(request_text("GET", "/medium.jpg?format=bmp&width=2600"));
  EXPECT_TRUE(eventually([&] { return open_sockets(node_) > without_client; }));
  expect_cut_after(kWriteLimit, [&] {
    client.read_some(200);
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    return open_sockets(node_) == without_client;
  });
}

// Slow is not stuck: as long as bytes are taken, the answer goes on.
TEST_F(SlowClients, AClientThatReadsSlowlyIsServed) {
  const std::string original = testdata("huge.jpg");
  Client client(node_.port());
  std::string packet;
  for (int i = 0; i < 8; ++i) packet += request_text("GET", "/huge.jpg");
  client.send(packet);
  for (int i = 0; i < 8; ++i) {
    std::this_thread::sleep_for(seconds(8));
    EXPECT_TRUE(client.read().body == original) << i;
  }
}

}  // namespace
}  // namespace imageserver::testing
