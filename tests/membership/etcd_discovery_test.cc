#include "membership/etcd_discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/base64.h"
#include "base/io_pool.h"
#include "membership/views.h"
#include "support/etcd_server.h"
#include "support/patience.h"
#include "support/raw_socket.h"
#include "support/run_to_end.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;
using testing::EtcdServer;
using ::testing::HasSubstr;
using testing::soon;
using testing::Views;

constexpr std::chrono::seconds kLong = 1h;
constexpr std::chrono::seconds kShort = 2s;

// A node with a thread of its own.
class Node {
 public:
  Node(std::string self, EtcdEndpoints endpoints, std::chrono::seconds time_to_live = kLong)
      : discovery_(pool_.at(0), options(std::move(self), std::move(endpoints), time_to_live)) {
    pool_.start();
    discovery_.start(views_.sink());
  }

  // As one that was killed: nothing more is said to etcd.
  ~Node() { pool_.stop(); }

  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  [[nodiscard]] const Views& views() const { return views_; }

  // Waits for the end of it.
  [[nodiscard]] bool leave() {
    std::promise<void> left;
    discovery_.leave([&left] { left.set_value(); });
    return testing::comes(left.get_future());
  }

  void refresh() { discovery_.refresh(); }

 private:
  static EtcdOptions options(std::string self, EtcdEndpoints endpoints,
                             std::chrono::seconds time_to_live) {
    EtcdOptions options;
    options.endpoints = std::move(endpoints);
    options.self = std::move(self);
    options.time_to_live = time_to_live;
    options.beat = 20ms;
    return options;
  }

  Views views_;
  IoPool pool_{1};
  EtcdDiscovery discovery_;
};

class EtcdDiscoveryTest : public ::testing::Test {
 protected:
  [[nodiscard]] EtcdEndpoints endpoints() const { return {etcd_.address()}; }

  EtcdServer etcd_;
};

TEST_F(EtcdDiscoveryTest, NodesSeeEachOther) {
  const Node a("a:1", endpoints());
  EXPECT_TRUE(a.views().become({"a:1"}));
  const Node b("b:2", endpoints());
  EXPECT_TRUE(a.views().become({"a:1", "b:2"}));
  EXPECT_TRUE(b.views().become({"a:1", "b:2"}));
}

TEST_F(EtcdDiscoveryTest, OneThatLeavesIsGoneAtOnce) {
  const Node a("a:1", endpoints());
  Node b("b:2", endpoints());
  ASSERT_TRUE(a.views().become({"a:1", "b:2"}));
  EXPECT_TRUE(b.leave());
  EXPECT_TRUE(a.views().become({"a:1"}));
}

TEST_F(EtcdDiscoveryTest, OneThatDiesIsGoneWhenItsLeaseEnds) {
  const Node a("a:1", endpoints(), kShort);
  {
    const Node b("b:2", endpoints(), kShort);
    ASSERT_TRUE(a.views().become({"a:1", "b:2"}));
  }
  EXPECT_TRUE(a.views().become({"a:1"}));
}

TEST_F(EtcdDiscoveryTest, RegistersAnewWithAnEtcdThatKnowsNothing) {
  const Node a("a:1", endpoints(), kShort);
  ASSERT_TRUE(a.views().become({"a:1"}));
  etcd_.stop();
  EXPECT_TRUE(a.views().fail_with("etcd at " + etcd_.address()));
  etcd_.forget();
  etcd_.start();
  EXPECT_TRUE(a.views().become({"a:1"}));
  const Node b("b:2", endpoints());
  EXPECT_TRUE(b.views().become({"a:1", "b:2"}));
}

TEST_F(EtcdDiscoveryTest, GoesOnWithAnEtcdThatComesBack) {
  const Node a("a:1", endpoints());
  ASSERT_TRUE(a.views().become({"a:1"}));
  etcd_.stop();
  ASSERT_TRUE(a.views().fail_with("etcd at"));
  etcd_.start();
  EXPECT_TRUE(a.views().become({"a:1"}));
}

TEST_F(EtcdDiscoveryTest, PutsItselfBackWhereSomebodyRemovedIt) {
  const Node a("a:1", endpoints());
  ASSERT_TRUE(a.views().become({"a:1"}));
  const std::string key = R"({"key":")" + encode_base64("/imageserver/peers/a:1") + R"("})";
  ASSERT_THAT(etcd_.post("/v3/kv/deleterange", key), HasSubstr(R"("deleted":"1")"));
  EXPECT_TRUE(soon(
      [&] { return etcd_.post("/v3/kv/range", key).find(R"("count":"1")") != std::string::npos; }));
}

TEST_F(EtcdDiscoveryTest, UsesTheNextEndpointWhereOneFails) {
  const testing::Port nobody;
  const Node a("a:1", {nobody.address(), etcd_.address()});
  EXPECT_TRUE(a.views().become({"a:1"}));
}

TEST_F(EtcdDiscoveryTest, LeavesThroughTheNextEndpointAsWell) {
  EtcdServer other;
  Node a("a:1", {etcd_.address(), other.address()});
  ASSERT_TRUE(a.views().become({"a:1"}));
  etcd_.stop();
  EXPECT_TRUE(a.leave());
}

TEST_F(EtcdDiscoveryTest, AKeyThatNamesNoNodeIsIgnored) {
  const std::string key = encode_base64("/imageserver/peers/config");
  etcd_.post("/v3/kv/put", R"({"key":")" + key + R"("})");
  const Node a("a:1", endpoints());
  const Node b("b:1", endpoints());
  EXPECT_TRUE(a.views().become({"a:1", "b:1"}));
}

TEST_F(EtcdDiscoveryTest, KeysBesideThePrefixDoNotMatter) {
  for (const std::string_view key : {"/imageserver/peers", "/imageserver/peers0", "/"}) {
    etcd_.post("/v3/kv/put", R"({"key":")" + encode_base64(key) + R"("})");
  }
  const Node a("a:1", endpoints());
  EXPECT_TRUE(a.views().become({"a:1"}));
}

TEST_F(EtcdDiscoveryTest, SaysNothingAfterItHasLeft) {
  Node a("a:1", endpoints());
  ASSERT_TRUE(a.views().become({"a:1"}));
  ASSERT_TRUE(a.leave());
  const std::size_t count = a.views().count();
  a.refresh();
  const Node b("b:2", endpoints());
  ASSERT_TRUE(b.views().become({"b:2"}));
  EXPECT_EQ(a.views().count(), count);
}

TEST_F(EtcdDiscoveryTest, LeavingEndsWithAnEtcdThatIsGone) {
  Node a("a:1", endpoints());
  ASSERT_TRUE(a.views().become({"a:1"}));
  etcd_.stop();
  EXPECT_TRUE(a.leave());
}

// Answers as it is told, and keeps what it was asked.
class ScriptedEtcd {
 public:
  // The answer to a request for a path; none if it is empty. Called on a thread of its own.
  using Script = std::function<std::string(std::string_view path)>;

  explicit ScriptedEtcd(Script script) : script_(std::move(script)), thread_([this] { run(); }) {}
  ~ScriptedEtcd() {
    stopping_ = true;
    listener_.stop();
  }
  ScriptedEtcd(const ScriptedEtcd&) = delete;
  ScriptedEtcd& operator=(const ScriptedEtcd&) = delete;

  [[nodiscard]] std::string address() const {
    return "127.0.0.1:" + std::to_string(listener_.port());
  }

  // How often it was asked for that.
  [[nodiscard]] std::size_t count(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    return paths_.count(path);
  }

  // Waits until it was asked for that so many times.
  [[nodiscard]] bool is_asked(const std::string& path, std::size_t times = 1) const {
    return soon([&] { return count(path) >= times; });
  }

 private:
  void run() {
    std::list<RawSocket> sockets;
    while (true) {
      RawSocket& socket = sockets.emplace_back(listener_.accept_any_time());
      if (stopping_) return;
      const std::string answer = answer_to(socket.read_head());
      if (answer.empty()) continue;
      socket.send(answer);
      socket.hang_up();
    }
  }

  std::string answer_to(const std::string& head) {
    const std::size_t start = head.find('/');
    if (start == std::string::npos) return {};
    const std::string path = head.substr(start, head.find(' ', start) - start);
    {
      const std::lock_guard lock(mutex_);
      paths_.insert(path);
    }
    return script_(path);
  }

  const Script script_;
  RawListener listener_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::multiset<std::string> paths_;  // guarded by mutex_
  std::jthread thread_;               // uses what stands above
};

std::string answer_of(std::string_view status, std::string_view body) {
  std::string answer = "HTTP/1.1 ";
  answer.append(status)
      .append("\r\nConnection: close\r\nContent-Length: ")
      .append(std::to_string(body.size()));
  return answer.append("\r\n\r\n").append(body);
}

ScriptedEtcd::Script always(const std::string& answer) {
  return [answer](std::string_view) { return answer; };
}

// What etcd says while all is well, but for how long a lease lives that is kept alive.
ScriptedEtcd::Script well_but(const std::string& keepalive) {
  return [keepalive](std::string_view path) {
    if (path == "/v3/lease/keepalive") return answer_of("200 OK", keepalive);
    return answer_of("200 OK", R"({"header":{},"ID":"7","TTL":"1"})");
  };
}

TEST(ScriptedEtcdDiscoveryTest, KeepsItsLeaseAlive) {
  const ScriptedEtcd etcd(well_but(R"({"result":{"ID":"7","TTL":"1"}})"));
  const Node node("a:1", {etcd.address()});
  EXPECT_TRUE(etcd.is_asked("/v3/lease/keepalive", 3));
  EXPECT_EQ(etcd.count("/v3/lease/grant"), 1U);
}

TEST(ScriptedEtcdDiscoveryTest, KeepsItsLeaseThoughEtcdFailsForAWhile) {
  const auto well = well_but(R"({"result":{"ID":"7","TTL":"1"}})");
  const ScriptedEtcd etcd([&well](std::string_view path) {
    return path == "/v3/kv/put" ? answer_of("503 Service Unavailable", "") : well(path);
  });
  const Node node("a:1", {etcd.address()});
  EXPECT_TRUE(etcd.is_asked("/v3/kv/put", 3));
  EXPECT_TRUE(etcd.is_asked("/v3/lease/keepalive"));
  EXPECT_EQ(etcd.count("/v3/lease/grant"), 1U);
}

TEST(ScriptedEtcdDiscoveryTest, ReplacesALeaseThatIsLost) {
  const ScriptedEtcd etcd(well_but(R"({"result":{"ID":"7"}})"));
  const Node node("a:1", {etcd.address()});
  EXPECT_TRUE(etcd.is_asked("/v3/lease/grant", 3));
}

TEST(ScriptedEtcdDiscoveryTest, RevokesItsLeaseWhenItLeaves) {
  const ScriptedEtcd etcd(well_but(R"({"result":{"ID":"7","TTL":"1"}})"));
  Node node("a:1", {etcd.address()});
  ASSERT_TRUE(etcd.is_asked("/v3/kv/range"));
  EXPECT_TRUE(node.leave());
  EXPECT_TRUE(etcd.is_asked("/v3/lease/revoke"));
}

TEST(ScriptedEtcdDiscoveryTest, FailsOnAMalformedAnswer) {
  const std::string large(2U << 20U, ' ');
  const std::string lease = R"({"ID":"7","TTL":"10"})";
  for (const std::string& answer :
       {std::string("garbage\r\n\r\n"), answer_of("200 OK", ""), answer_of("200 OK", "[7]"),
        answer_of("200 OK", large), answer_of("200 OK", lease),
        answer_of("503 Service Unavailable", R"({"error":"no leader"})")}) {
    const ScriptedEtcd etcd(always(answer));
    const Node node("a:1", {etcd.address()});
    EXPECT_TRUE(node.views().fail_with("etcd at " + etcd.address())) << answer.substr(0, 100);
  }
}

TEST(ScriptedEtcdDiscoveryTest, TellsTheReasonOfARefusal) {
  const ScriptedEtcd etcd(always(answer_of("503 Service Unavailable", R"({"error":"no leader"})")));
  const Node node("a:1", {etcd.address()});
  EXPECT_TRUE(node.views().fail_with("status 503 no leader"));
}

TEST(ScriptedEtcdDiscoveryTest, FailsIfEtcdDoesNotAnswer) {
  const ScriptedEtcd etcd(always(""));
  const Node node("a:1", {etcd.address()});
  EXPECT_TRUE(node.views().fail_with("no answer in time"));
}

TEST(ScriptedEtcdDiscoveryTest, EndsWithARequestUnderWay) {
  const ScriptedEtcd etcd(always(""));
  Node node("a:1", {etcd.address()});
  ASSERT_TRUE(etcd.is_asked("/v3/lease/grant"));
  EXPECT_TRUE(node.leave());
}

// Its context runs when the test says so.
class IdleEtcdDiscoveryTest : public ::testing::Test {
 protected:
  IdleEtcdDiscoveryTest() {
    EtcdOptions options;
    options.endpoints = {nobody_.address()};
    options.self = "a:1";
    discovery_.emplace(context_, options);
  }

  void leave() {
    discovery_->leave([this] { ++left_; });
  }

  const testing::Port nobody_;
  net::io_context context_{1};
  std::optional<EtcdDiscovery> discovery_;
  Views views_;
  int left_ = 0;
};

TEST_F(IdleEtcdDiscoveryTest, LeavesOnceThoughItNeverStarted) {
  leave();
  testing::run_to_end(context_);
  EXPECT_EQ(left_, 1);
  discovery_.reset();
  EXPECT_EQ(left_, 1);
}

TEST_F(IdleEtcdDiscoveryTest, LeavesWithTheDestructorAtTheLatest) {
  discovery_->start(views_.sink());
  leave();
  discovery_.reset();
  EXPECT_EQ(left_, 1);
  testing::run_to_end(context_);
  EXPECT_EQ(left_, 1);
  EXPECT_EQ(views_.count(), 0U);
}

TEST_F(IdleEtcdDiscoveryTest, SaysNothingOnceItIsGone) {
  discovery_->start(views_.sink());
  context_.run_one();
  discovery_.reset();
  testing::run_to_end(context_);
  EXPECT_EQ(views_.count(), 0U);
}

}  // namespace
}  // namespace imageserver
