// How bytes come in and go out: pipelined, split, too many, none at all.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

class HttpWire : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { node_ = std::make_unique<Node>(); }
  static void TearDownTestSuite() { node_.reset(); }

  static Node& node() { return *node_; }
  static Client connect() { return Client(node().port()); }

  // Its answer is that error, and the last on its connection.
  static void expect_refused(std::string_view bytes, int status) {
    Client client = connect();
    client.send(bytes);
    const Reply reply = client.read();
    EXPECT_EQ(reply.status, status);
    EXPECT_EQ(reply.field("Connection"), "close");
    EXPECT_EQ(reply.field("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(reply.body.find('\n'), reply.body.size() - 1) << "one line: " << reply.body;
    EXPECT_TRUE(client.is_closed());
  }

 private:
  static inline std::unique_ptr<Node> node_;
};

TEST_F(HttpWire, AConnectionIsKept) {
  Client client = connect();
  for (int width = 1; width <= 50; ++width) {
    const Reply reply = client.get("/small.jpg?width=" + std::to_string(width));
    EXPECT_EQ(decode(reply.body).width, width);
  }
}

// Cold pictures take their time, errors and the rest do not: the order must hold all the same.
TEST_F(HttpWire, PipelinedRequestsAreAnsweredInOrder) {
  std::string packet;
  for (int width = 100; width < 110; ++width) {
    packet += request_text("GET", "/medium.jpg?width=" + std::to_string(width));
    packet += request_text("GET", "/healthz");
    packet += request_text("HEAD", "/medium.jpg?width=100");
    packet += request_text("GET", "/small.jpg?width=-1");
  }
  Client client = connect();
  client.send(packet);
  for (int width = 100; width < 110; ++width) {
    EXPECT_EQ(decode(client.read().body).width, width);
    EXPECT_EQ(client.read().body, "ok\n");
    EXPECT_EQ(client.read(false).status, 200);
    EXPECT_EQ(client.read().status, 400);
  }
}

TEST_F(HttpWire, ManyLargeAnswersToOnePacket) {
  const std::string original = testdata("huge.jpg");
  std::string packet;
  for (int i = 0; i < 10; ++i) packet += request_text("GET", "/huge.jpg");
  Client client = connect();
  client.send(packet);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(client.read().body == original) << i;
}

TEST_F(HttpWire, ARequestMayComeByteByByte) {
  Client client = connect();
  for (const char byte :
       request_text("GET", "/small.jpg?width=33") + request_text("GET", "/stats")) {
    client.send({&byte, 1});
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  EXPECT_EQ(decode(client.read().body).width, 33);
  EXPECT_EQ(client.read().status, 200);
}

TEST_F(HttpWire, ARequestMayBeCutAnywhere) {
  const std::string text = request_text("GET", "/small.jpg?width=34", "X-Field: some value\r\n");
  Client client = connect();
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    client.send(text.substr(0, cut));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    client.send(text.substr(cut));
    EXPECT_EQ(client.read().status, 200) << cut;
  }
}

TEST_F(HttpWire, AHalfClosedClientGetsItsPicture) {
  Client client = connect();
  client.send(request_text("GET", "/small.jpg?width=35"));
  client.end_sending();
  EXPECT_EQ(decode(client.read().body).width, 35);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(HttpWire, AHalfClosedClientGetsAllItAskedFor) {
  Client client = connect();
  client.send(request_text("GET", "/small.jpg?width=36") + request_text("GET", "/healthz") +
              request_text("GET", "/small.jpg?width=37"));
  client.end_sending();
  EXPECT_EQ(decode(client.read().body).width, 36);
  EXPECT_EQ(client.read().body, "ok\n");
  EXPECT_EQ(decode(client.read().body).width, 37);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(HttpWire, AHeadOver16KiBIsRefused) {
  const auto head = [](std::size_t size) {
    const std::string empty = request_text("GET", "/healthz", "X: \r\n");
    return request_text("GET", "/healthz", "X: " + std::string(size - empty.size(), 'x') + "\r\n");
  };
  Client client = connect();
  client.send(head(16384));
  EXPECT_EQ(client.read().status, 200);
  expect_refused(head(16385), 431);
  expect_refused(head(1'000'000), 431);
}

TEST_F(HttpWire, ATargetOver4KiBIsRefused) {
  const auto request = [](std::size_t size) {
    const std::string start = "/small.jpg?width=38&x=";
    return request_text("GET", start + std::string(size - start.size(), 'x'));
  };
  Client client = connect();
  client.send(request(4096));
  EXPECT_EQ(client.read().status, 200);
  expect_refused(request(4097), 414);
  expect_refused(request(15'000), 414);
}

TEST_F(HttpWire, ABodyIsRefused) {
  expect_refused(request_text("GET", "/healthz", "Content-Length: 4\r\n") + "body", 413);
  expect_refused(request_text("POST", "/healthz", "Content-Length: 4\r\n") + "body", 413);
  expect_refused(request_text("GET", "/healthz", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n",
                 413);
  expect_refused(request_text("GET", "/healthz", "Content-Length: 1000000000000\r\n"), 413);
}

// What follows the refused head must never be taken for a request.
TEST_F(HttpWire, ABodyIsNotTheNextRequest) {
  Client client = connect();
  const std::string smuggled = request_text("GET", "/stats");
  client.send(request_text("GET", "/healthz",
                           "Content-Length: " + std::to_string(smuggled.size()) + "\r\n") +
              smuggled);
  EXPECT_EQ(client.read().status, 413);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(HttpWire, GarbageIsRefused) {
  expect_refused("garbage\r\n\r\n", 400);
  expect_refused(std::string("\0\1\2\3\r\n\r\n", 8), 400);
  expect_refused("\x16\x03\x01\x02 a TLS client's first words\r\n\r\n", 400);
  expect_refused("GET  /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 400);
  expect_refused("GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n", 400);
  expect_refused("GET /healthz HTTP/1.1\r\n\r\n", 400);
  expect_refused("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
  expect_refused("GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n", 400);
  expect_refused("GET healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400);
}

TEST_F(HttpWire, NothingAfterGarbageIsAnswered) {
  Client client = connect();
  client.send(request_text("GET", "/healthz") + "garbage\r\n\r\n" + request_text("GET", "/stats"));
  EXPECT_EQ(client.read().status, 200);
  EXPECT_EQ(client.read().status, 400);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(HttpWire, ManyConnectionsThatSayNothingStopNobody) {
  std::vector<Client> silent;
  for (int i = 0; i < 200; ++i) silent.push_back(connect());
  EXPECT_EQ(node().get("/small.jpg?width=39").status, 200);
}

TEST_F(HttpWire, ClientsThatLeaveInTheMiddleStopNobody) {
  for (int i = 0; i < 50; ++i) {
    Client client = connect();
    client.send(
        request_text("GET", "/medium.jpg?width=" + std::to_string(300 + i)).substr(0, 20 + i));
    client.reset();
  }
  for (int i = 0; i < 20; ++i) {
    Client client = connect();
    client.send(request_text("GET", "/huge.jpg"));
    client.reset();
  }
  EXPECT_EQ(node().get("/small.jpg?width=40").status, 200);
}

// Each byte comes in good time; all of them together do not.
TEST_F(HttpWire, AHeadThatTricklesIsCut) {
  Client client = connect();
  client.send("GET /healthz HTTP/1.1\r\nHost: x\r\n");
  EXPECT_TRUE(eventually([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return !client.try_send("X: y\r\n");
  }));
}

}  // namespace
}  // namespace imageserver::testing
