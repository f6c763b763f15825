// Files that are replaced under three nodes.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using std::chrono::seconds;

class ReplacedFiles : public ::testing::Test {
 protected:
  ReplacedFiles() {
    for (const char* const name : {"small.jpg", "medium.jpg", "large.jpg"}) {
      directory_.write(name, testdata(name));
    }
    directory_.write("a.jpg", testdata("small.jpg"));
  }

  [[nodiscard]] Flags flags(const Flags& more = {}) const {
    Flags all = {"--source=" + directory_.path().string()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  // What stands in a.jpg from now on, put there as an upload or a deployment does.
  void replace(const std::string& by) const {
    directory_.write("upload", testdata(by));
    std::filesystem::rename(directory_.path() / "upload", directory_.path() / "a.jpg");
  }

  // How long it takes until the node answers with that, asked all the time.
  static Clock::duration until_seen(const Node& node, const std::string& target,
                                    const std::string& body) {
    const auto begun = Clock::now();
    EXPECT_TRUE(eventually([&] {
      const Reply reply = node.get(target);
      EXPECT_EQ(reply.status, 200) << reply.body;
      return reply.body == body;
    }));
    return Clock::now() - begun;
  }

  const TemporaryDirectory directory_;
};

TEST_F(ReplacedFiles, AreSeenNewOnEveryNode) {
  NodeRing ring(flags());
  const std::size_t owner = ring.owner("/a.jpg?width=50");
  for (const char* const by : {"medium.jpg", "large.jpg", "small.jpg"}) {
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      EXPECT_EQ(ring[node].get("/a.jpg?width=50").status, 200);
    }
    replace(by);
    const std::string expected = ring[0].get(std::string("/") + by + "?width=50").body;
    std::this_thread::sleep_for(seconds(2));
    EXPECT_TRUE(ring[owner].get("/a.jpg?width=50").body == expected);
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      until_seen(ring[node], "/a.jpg?width=50", expected);
    }
  }
  EXPECT_EQ(ring.sum("Group/PeerErrors"), 0U);
}

TEST_F(ReplacedFiles, AreSeenInTheirDescription) {
  NodeRing ring(flags());
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(ring[node].get("/info/a.jpg").body, ring[node].get("/info/small.jpg").body);
  }
  replace("medium.jpg");
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    const std::string expected = ring[node].get("/info/medium.jpg").body;
    EXPECT_TRUE(eventually([&] { return ring[node].get("/info/a.jpg").body == expected; }));
  }
}

TEST_F(ReplacedFiles, ThatHaveTheSameBytesAreNotRenderedAgain) {
  const Node node(flags());
  const Reply first = node.get("/a.jpg?width=50");
  replace("small.jpg");
  std::this_thread::sleep_for(milliseconds(1'200));
  const Reply again = node.get("/a.jpg?width=50");
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(node.counter("Group/LocalLoads"), 1U);
  EXPECT_EQ(node.counter("Group/Gets"), 2U);
  EXPECT_EQ(node.counter("Group/CacheHits"), 1U);
}

TEST_F(ReplacedFiles, ThatAreGoneAreGone) {
  NodeRing ring(flags());
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(ring[node].get("/a.jpg?width=50").status, 200);
  }
  std::filesystem::remove(directory_.path() / "a.jpg");
  std::this_thread::sleep_for(milliseconds(2'200));
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(ring[node].get("/a.jpg?width=50").status, 404);
  }
  replace("medium.jpg");
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    until_seen(ring[node], "/a.jpg?width=50", ring[0].get("/medium.jpg?width=50").body);
  }
}

TEST_F(ReplacedFiles, AreSeenAsWatermarks) {
  const TemporaryDirectory marks;
  marks.write("logo.png", converted(testdata("small.jpg"), ".png"));
  const Node node(flags({"--watermarks=" + marks.path().string()}));
  const std::string target = "/medium.jpg?width=200&watermark=logo.png";
  const Reply first = node.get(target);
  ASSERT_EQ(first.status, 200) << first.body;
  marks.write("logo.png", converted(testdata("large.jpg"), ".png"));
  std::this_thread::sleep_for(milliseconds(1'200));
  const Reply second = node.get(target);
  EXPECT_EQ(second.status, 200);
  EXPECT_NE(second.body, first.body);
  EXPECT_EQ(node.counter("Group/LocalLoads"), 2U);
}

// Browsers and caches in front ask with the tag that they have.
TEST_F(ReplacedFiles, HaveAnotherTagForClients) {
  const Node node(flags());
  const std::string tag = node.get("/a.jpg?width=50").field("ETag");
  const std::string condition = "If-None-Match: " + tag + "\r\n";
  EXPECT_EQ(node.get("/a.jpg?width=50", condition).status, 304);
  replace("medium.jpg");
  std::this_thread::sleep_for(milliseconds(1'200));
  const Reply reply = node.get("/a.jpg?width=50", condition);
  EXPECT_EQ(reply.status, 200);
  EXPECT_NE(reply.field("ETag"), tag);
  EXPECT_EQ(node.get("/a.jpg?width=50", condition).status, 200);
}

TEST_F(ReplacedFiles, TellClientsHowTheirAnswerCameAbout) {
  const Node node(flags({"--source-ttl=4s"}));
  const Reply miss = node.get("/a.jpg?width=50");
  EXPECT_EQ(miss.field("Cache-Status"), "imageserver; fwd=uri-miss");
  EXPECT_EQ(node.get("/a.jpg?width=50").field("Cache-Status"), "imageserver; hit");
  EXPECT_FALSE(miss.has("Age"));
  std::this_thread::sleep_for(milliseconds(4'100));
  const Reply renewed = node.get("/a.jpg?width=50");
  EXPECT_EQ(renewed.field("Cache-Status"), "imageserver; fwd=stale");
  EXPECT_EQ(renewed.field("Cache-Control"), miss.field("Cache-Control"));
}

TEST_F(ReplacedFiles, AreLookedAtAsOftenAsTheFlagSays) {
  const Node node(flags({"--source-ttl=1h"}));
  const Reply first = node.get("/a.jpg?width=50");
  replace("medium.jpg");
  std::this_thread::sleep_for(milliseconds(1'500));
  EXPECT_EQ(node.get("/a.jpg?width=50").body, first.body);
}

// Each picture that is served while a file is written in place is of one of its versions, or the
// original is said to be unreadable or in use; and in the end it is the last one.
TEST_F(ReplacedFiles, ThatAreWrittenInPlaceAreNeverServedAsTwoHalves) {
  const Node node(flags({"--workers=2"}));
  const std::string one = testdata("small.jpg");
  const std::string other = testdata("medium.jpg");
  const std::string target = "/a.jpg?width=40&format=png";
  std::set<std::string> right;
  for (const char* const name : {"/small.jpg", "/medium.jpg"}) {
    right.insert(node.get(name + std::string("?width=40&format=png")).body);
  }
  std::atomic<bool> ends = false;
  std::jthread writer([&] {
    for (int i = 0; !ends; ++i) {
      const std::string& bytes = i % 2 == 0 ? other : one;
      std::ofstream file(directory_.path() / "a.jpg", std::ios::binary);
      for (std::size_t at = 0; at < bytes.size(); at += 4096) {
        file.write(bytes.data() + at,
                   static_cast<std::streamsize>(std::min<std::size_t>(4096, bytes.size() - at)));
        file.flush();
        if (at % 65536 == 0) std::this_thread::sleep_for(milliseconds(1));
      }
      file.close();
      std::this_thread::sleep_for(milliseconds(150));
    }
  });
  int served = 0;
  const auto end = Clock::now() + seconds(6);
  while (Clock::now() < end) {
    const Reply reply = node.get(target);
    if (reply.status != 200) continue;
    ++served;
    EXPECT_TRUE(right.contains(reply.body));
  }
  ends = true;
  writer.join();
  EXPECT_GT(served, 0);
  replace("medium.jpg");
  until_seen(node, target, node.get("/medium.jpg?width=40&format=png").body);
}

// A popular picture, whose owner is asked by the two others alone.
TEST_F(ReplacedFiles, KeepHotCopiesUseful) {
  NodeRing ring(flags());
  const std::string target = "/a.jpg?width=50";
  const std::size_t owner = ring.owner(target);
  std::vector<std::size_t> others;
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    if (node != owner) others.push_back(node);
  }
  const auto ask = [&](seconds time) {
    std::vector<std::jthread> askers;
    for (const std::size_t node : others) {
      askers.emplace_back([&ring, node, target, end = Clock::now() + time] {
        Client client(ring[node].port());
        while (Clock::now() < end) {
          EXPECT_EQ(client.get(target).status, 200);
          std::this_thread::sleep_for(milliseconds(5));
        }
      });
    }
  };
  ask(seconds(3));  // until it is hot
  const auto looks = [&] {
    return ring[owner].counter("Caches/Main/Gets") + ring[owner].counter("Group/ServerRequests");
  };
  const std::uint64_t before = looks();
  const std::uint64_t gets = ring.sum("Group/Gets");
  constexpr int kSeconds = 6;
  ask(seconds(kSeconds));
  // A question looks into the cache once, twice if it has to wait for the look at the file.
  EXPECT_LE(looks() - before, 2U * 2U * (kSeconds + 1));
  EXPECT_GT(ring.sum("Group/Gets") - gets, 100U);
}

}  // namespace
}  // namespace imageserver::testing
