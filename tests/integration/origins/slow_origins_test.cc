// Origins that take their time, or do not answer at all.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "integration/harness/black_hole.h"
#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/soundness.h"
#include "integration/origins/flags.h"
#include "integration/origins/scripted_origin.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using Then = Script::Then;

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nContent-Length: 19650\r\n\r\n";

// So short that a test need not wait, and so long that an origin that is well is in time.
const Flags kShort = {"--source-connect-timeout=500ms", "--source-first-byte-timeout=1s",
                      "--source-timeout=1500ms", "--negative-ttl=100ms"};

// Nothing is given up.
const Flags kLong = {"--source-connect-timeout=60s", "--source-first-byte-timeout=60s",
                     "--source-timeout=60s", "--timeout=60s"};

Script right() { return {.bytes = answer_text(200, "", testdata("small.jpg"))}; }

std::string photo(int number) { return "/photos/" + std::to_string(number) + ".jpg?width=10"; }

void expect_recovers(const Node& node, const std::string& target) {
  EXPECT_TRUE(eventually([&] { return node.get(target).status == 200; }));
  EXPECT_TRUE(node.get(target).body == node.get("/small.jpg?width=10").body);
}

// Of an origin that has been found to be dead.
void expect_answered_at_once(const Node& node, int status) {
  using std::chrono::steady_clock;
  const auto begin = steady_clock::now();
  constexpr int kRequests = 40;
  for (int i = 0; i < kRequests; ++i) EXPECT_EQ(node.get(photo(i)).status, status) << i;
  EXPECT_LT(steady_clock::now() - begin, std::chrono::milliseconds(500) * kRequests / 2);
}

TEST(SlowOrigins, OneThatCannotBeConnectedToCostsItsTimeOutOnce) {
  const BlackHole origin;
  const Node node(with_photos_at("http://" + origin.address(), kShort));
  EXPECT_EQ(node.get("/photos/x.jpg").status, 504);
  expect_answered_at_once(node, 504);
  EXPECT_EQ(node.get("/small.jpg?width=10").status, 200);
}

TEST(SlowOrigins, OneThatIsDeadIsTakenBackWhenItLives) {
  const auto port = std::make_shared<Port>();
  const Node node(with_photos_at("http://" + port->address(), kShort));
  EXPECT_EQ(node.get("/photos/x.jpg").status, 502);
  expect_answered_at_once(node, 502);
  const ScriptedOrigin origin(gives(testdata("small.jpg")), port);
  expect_recovers(node, photo(1));
  expect_recovers(node, "/photos/x.jpg?width=10");
}

TEST(SlowOrigins, OneThatIsSilentIsGivenUp) {
  ScriptedOrigin origin(plays({.bytes = "", .then = Then::kSilent}));
  const Node node(with_photos_at(origin.url(), kShort));
  EXPECT_EQ(node.get("/photos/x.jpg?width=10").status, 504);
  EXPECT_EQ(node.get("/small.jpg?width=10").status, 200);
  origin.play(gives(testdata("small.jpg")));
  expect_recovers(node, "/photos/x.jpg?width=10");
}

TEST(SlowOrigins, OneThatStaysSilentIsLeftAlone) {
  ScriptedOrigin origin(plays({.bytes = "", .then = Then::kSilent}));
  const Node node(with_photos_at(origin.url(), kShort));
  std::vector<Client> clients;
  for (int i = 0; i < 10; ++i) {
    clients.emplace_back(node.port());
    clients.back().send(request_text("GET", photo(i)));
  }
  for (Client& client : clients) EXPECT_EQ(client.read().status, 504);
  const int asked = origin.requests();
  expect_answered_at_once(node, 504);
  EXPECT_LT(origin.requests(), asked + 20);
  origin.play(gives(testdata("small.jpg")));
  expect_recovers(node, photo(1));
}

TEST(SlowOrigins, OneThatDripsIsGivenUp) {
  ScriptedOrigin origin(plays({.bytes = std::string(kHead) + "\xff\xd8\xff",
                               .then = Then::kRepeat,
                               .more = "x",
                               .pause = std::chrono::milliseconds(50)}));
  const Node node(with_photos_at(origin.url(), kShort));
  EXPECT_EQ(node.get("/photos/x.jpg?width=10").status, 504);
  EXPECT_EQ(node.source_counter("Caches/Main/Items"), 0U);
  origin.play(gives(testdata("small.jpg")));
  expect_recovers(node, "/photos/x.jpg?width=10");
}

TEST(SlowOrigins, OneThatBeginsInTimeMayTakeLongerForTheRest) {
  const std::string picture = testdata("small.jpg");
  const ScriptedOrigin origin([&](const std::string&) -> Script {
    return {.bytes = std::string(kHead) + picture.substr(0, picture.size() - 20),
            .then = Then::kRepeat,
            .more = picture.substr(picture.size() - 20, 1),
            .pause = std::chrono::milliseconds(100),
            .times = 20};
  });
  Flags flags = kLong;
  flags.emplace_back("--source-first-byte-timeout=1s");
  const Node node(with_photos_at(origin.url(), flags));
  const Reply reply = node.get("/photos/x.jpg");
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.body.size(), picture.size());
}

TEST(SlowOrigins, OneThatDripsItsHeadIsGivenUp) {
  ScriptedOrigin origin(plays({.bytes = "HTTP/1.1 200 OK\r\nX-Slow: ",
                               .then = Then::kRepeat,
                               .more = "x",
                               .pause = std::chrono::milliseconds(50)}));
  const Node node(with_photos_at(origin.url(), kShort));
  EXPECT_EQ(node.get("/photos/x.jpg?width=10").status, 504);
  origin.play(gives(testdata("small.jpg")));
  expect_recovers(node, "/photos/x.jpg?width=10");
}

TEST(SlowOrigins, OneThatStopsInTheMiddleIsGivenUp) {
  ScriptedOrigin origin(plays({.bytes = std::string(kHead) + testdata("small.jpg").substr(0, 9'000),
                               .then = Then::kSilent}));
  const Node node(with_photos_at(origin.url(), kShort));
  EXPECT_EQ(node.get("/photos/x.jpg?width=10").status, 504);
  origin.play(gives(testdata("small.jpg")));
  expect_recovers(node, "/photos/x.jpg?width=10");
}

TEST(SlowOrigins, OneThatRedirectsSlowlyHasNoMoreTimeThanOthers) {
  ScriptedOrigin origin([](const std::string&) -> Script {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    return {.bytes = answer_text(302, "Location: /more\r\n", "")};
  });
  const Node node(with_photos_at(origin.url(), kShort));
  EXPECT_EQ(node.get("/photos/x.jpg?width=10").status, 504);
}

TEST(SlowOrigins, AClientsDeadlineIsKept) {
  const ScriptedOrigin origin(plays({.bytes = "", .then = Then::kSilent}));
  Flags flags = kLong;
  flags.emplace_back("--timeout=300ms");
  const Node node(with_photos_at(origin.url(), flags));
  EXPECT_EQ(node.get("/photos/x.jpg?width=10").status, 504);
}

// It breaks all connections, and is well, in turn.
TEST(SlowOrigins, OneThatFlapsIsServedFromWheneverItIsWell) {
  ScriptedOrigin origin(plays(right()));
  const Node node(with_photos_at(origin.url(), kShort));
  for (int round = 0; round < 3; ++round) {
    origin.play(plays({.bytes = "", .then = Then::kReset}));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(node.get(photo(100 * round + i)).status, 502);
    origin.play(plays(right()));
    expect_recovers(node, photo(100 * round));
  }
}

TEST(SlowOrigins, OneThatBreaksOnSomePathsIsServedFromOnTheOthers) {
  const ScriptedOrigin origin([](const std::string& target) -> Script {
    return target == "/3.jpg" ? Script{.bytes = "", .then = Then::kReset} : right();
  });
  const Node node(with_photos_at(origin.url(), {"--negative-ttl=1ms", "--source-cache=0"}));
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(node.get("/photos/" + std::to_string(i % 4) + ".jpg?width=" + std::to_string(10 + i))
                  .status,
              i % 4 == 3 ? 502 : 200);
  }
}

// An origin that answers nobody until the gate is opened.
class WaitingOrigin : public ::testing::Test {
 protected:
  WaitingOrigin() {
    origin_.play([opened = gate_.get_future().share()](const std::string&) {
      opened.wait();
      return right();
    });
  }

  void wait_for(const Node& node, int pictures) {
    for (int i = 0; i < pictures; ++i) {
      clients_.emplace_back(node.port());
      clients_.back().send(request_text("GET", photo(i)));
    }
    EXPECT_TRUE(eventually([&] { return origin_.requests() == pictures; }));
  }

  void expect_all_answered(const std::string& body) {
    for (Client& client : clients_) {
      const Reply reply = client.read();
      EXPECT_EQ(reply.status, 200) << reply.body;
      EXPECT_TRUE(reply.body == body);
    }
  }

  ScriptedOrigin origin_{plays(right())};
  std::promise<void> gate_;  // goes before the origin, and so lets its threads go
  std::vector<Client> clients_;
};

TEST_F(WaitingOrigin, HoldsNoWorker) {
  const ScriptedOrigin other(gives(testdata("small.jpg")));
  Flags flags = kLong;
  flags.insert(flags.end(), {"--workers=1", "--queue=1", "--source=/others=" + other.url()});
  const Node node(with_photos_at(origin_.url(), flags));
  const std::string hit = node.get("/small.jpg?width=10").body;
  wait_for(node, 20);
  EXPECT_TRUE(node.get("/small.jpg?width=10").body == hit);
  for (int width = 20; width < 25; ++width) {
    const std::string query = "?width=" + std::to_string(width);
    EXPECT_EQ(node.get("/small.jpg" + query).status, 200) << "the directory";
    EXPECT_EQ(node.get("/others/x.jpg" + query).status, 200) << "another origin";
  }
  EXPECT_EQ(node.get("/photos/x.jpg?width=-1").status, 400);
  EXPECT_EQ(node.counter("Group/LocalLoads"), 11U);
  gate_.set_value();
  for (Client& client : clients_) EXPECT_GT(client.read().status, 0) << "the queue is short";
}

TEST_F(WaitingOrigin, IsWaitedForByAllWhoAsk) {
  Flags flags = kLong;
  flags.emplace_back("--workers=1");
  const Node node(with_photos_at(origin_.url(), flags));
  wait_for(node, 20);
  gate_.set_value();
  expect_all_answered(node.get("/small.jpg?width=10").body);
}

TEST_F(WaitingOrigin, IsAskedOnceByManyWhoWantTheSame) {
  const Node node(with_photos_at(origin_.url(), kLong));
  for (int width = 10; width < 40; ++width) {
    clients_.emplace_back(node.port());
    clients_.back().send(request_text("GET", "/photos/x.jpg?width=" + std::to_string(width)));
  }
  EXPECT_TRUE(eventually([&] { return node.source_counter("Group/Loads") == 30; }));
  gate_.set_value();
  for (Client& client : clients_) EXPECT_EQ(client.read().status, 200);
  EXPECT_EQ(origin_.requests(), 1);
}

TEST_F(WaitingOrigin, IsLetGoOnceNobodyWaits) {
  const Node node(with_photos_at(origin_.url(), kLong));
  wait_for(node, 3);
  for (Client& client : clients_) client.reset();
  EXPECT_TRUE(eventually([&] { return node.source_counter("Group/LocalLoadErrs") == 3; }));
}

TEST_F(WaitingOrigin, DoesNotKeepANodeFromLeaving) {
  Node node(
      with_photos_at(origin_.url(), {"--source-timeout=2s", "--source-first-byte-timeout=2s"}));
  wait_for(node, 3);
  EXPECT_EQ(node.stop(), 0);
}

// In MiB, of a node that is sanitized as well: these keep freed memory.
constexpr std::uint64_t kMostGrowth = 450;

// They ask at once, each for another original.
class FiveHundredClients : public ::testing::Test {
 protected:
  static constexpr int kClients = 500;

  // What came, by its status. A 200 has the right picture.
  [[nodiscard]] static std::map<int, int> ask(const Node& node) {
    std::vector<Client> clients;
    for (int i = 0; i < kClients; ++i) clients.emplace_back(node.port());
    for (int i = 0; i < kClients; ++i) {
      clients[static_cast<std::size_t>(i)].send(request_text("GET", photo(i)));
    }
    const std::string picture = node.get("/small.jpg?width=10").body;
    EXPECT_FALSE(picture.empty()) << "the directory is well";
    std::map<int, int> statuses;
    for (Client& client : clients) {
      const Reply reply = client.read();
      ++statuses[reply.status];
      EXPECT_TRUE(reply.status != 200 || reply.body == picture);
    }
    return statuses;
  }

  // Takes a moment for each answer.
  [[nodiscard]] static ScriptedOrigin::Play slow(const std::string& original) {
    return [original](const std::string&) -> Script {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      return {.bytes = answer_text(200, "", original)};
    };
  }
};

TEST_F(FiveHundredClients, GetTheirPicturesOfASlowOriginOverAFewConnections) {
  const ScriptedOrigin origin(slow(testdata("small.jpg")));
  Flags flags = kLong;
  flags.emplace_back("--queue=1000");
  const Node node(with_photos_at(origin.url(), flags));
  EXPECT_THAT(ask(node), ElementsAre(Pair(200, kClients)));
  EXPECT_LE(origin.most_connections(), 32);
  EXPECT_EQ(origin.requests(), kClients);
}

TEST_F(FiveHundredClients, TakeNoMoreMemoryForLargeOriginalsThanThereMayBe) {
  std::string original = testdata("small.jpg");
  original.resize(std::size_t{4} << 20U, '\0');  // what stands behind a picture is no part of it
  const ScriptedOrigin origin(slow(original));
  Flags flags = kLong;
  flags.insert(flags.end(),
               {"--source-cache=16MiB", "--source-bytes=64MiB", "--queue=1000", "--workers=1"});
  Node node(with_photos_at(origin.url(), flags));
  EXPECT_EQ(node.get("/photos/first.jpg?width=10").status, 200);
  const std::uint64_t before = peak_megabytes(node);
  std::map<int, int> statuses = ask(node);
  EXPECT_GE(statuses[200], 30);
  EXPECT_EQ(statuses[200] + statuses[503] + statuses[504], kClients) << "some find no memory";
  EXPECT_LT(peak_megabytes(node), before + kMostGrowth);
}

TEST_F(FiveHundredClients, AreAnsweredWithASilentOrigin) {
  const ScriptedOrigin origin(plays({.bytes = "", .then = Then::kSilent}));
  const Node node(with_photos_at(origin.url(), kShort));
  EXPECT_THAT(ask(node), ElementsAre(Pair(504, kClients)));
  EXPECT_LE(origin.most_connections(), 64) << "who is given up and who comes next";
}

}  // namespace
}  // namespace imageserver::testing
