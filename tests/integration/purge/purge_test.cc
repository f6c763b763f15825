// Purges over the nodes of a ring: what is asked for after one is new.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "integration/harness/versioned_origin.h"
#include "integration/origins/flags.h"
#include "support/patience.h"
#include "support/process.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kSecret = "a secret that all nodes of the ring share";
constexpr std::string_view kToken = "the token of those who may purge";

class Purge : public ::testing::Test {
 protected:
  // What no look would notice for an hour.
  [[nodiscard]] Flags flags(const Flags& more = {}) const {
    Flags all = with_photos_at(origin_.url(), {"--purge-token-file=" + token_});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  [[nodiscard]] Flags ring_flags() const { return flags({"--groupcache-secret-file=" + secret_}); }

  static std::string sized(int width) { return "/photos/a.jpg?width=" + std::to_string(width); }

  [[nodiscard]] static Reply ask(const Node& node, std::string_view method, std::string_view target,
                                 std::string_view body, std::string_view token = kToken) {
    Client client(node.port());
    std::string fields =
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    if (!token.empty()) fields.append("Authorization: Bearer ").append(token).append("\r\n");
    client.send(request_text(method, target, fields) + std::string(body));
    return client.read();
  }

  [[nodiscard]] static Reply purge(const Node& node, std::string_view wish,
                                   std::string_view token = kToken) {
    return ask(node, "POST", "/purge", wish, token);
  }

  static constexpr std::string_view kOfPhoto = R"({"source":"/photos/a.jpg"})";

  [[nodiscard]] std::size_t owner_in(const NodeRing& ring) const {
    return ring.owner_of_original(origin_.url() + "/a.jpg");
  }

  // Has every node give the picture, and keep it.
  static void warm(NodeRing& ring) {
    for (int round = 0; round < 3; ++round) {
      for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
        ASSERT_EQ(ring[node].get(sized(50)).status, 200);
      }
    }
  }

  // The picture of a file of testdata, which no purge has changed.
  [[nodiscard]] static std::string of_file(const Node& node, const std::string& file) {
    return node.get("/" + file + "?width=50").body;
  }

  static void expect_gives(const Node& node, const std::string& file) {
    EXPECT_TRUE(node.get(sized(50)).body == of_file(node, file));
  }

  static void expect_all_give(NodeRing& ring, const std::string& file) {
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      SCOPED_TRACE(node);
      expect_gives(ring[node], file);
    }
  }

  const TemporaryDirectory directory_;
  const std::string secret_ = directory_.write("secret", kSecret).string();
  const std::string token_ = directory_.write("token", kToken).string();
  VersionedOrigin origin_;
};

TEST_F(Purge, OfAnOriginIsSeenOnAllNodesAtOnce) {
  NodeRing ring(ring_flags());
  warm(ring);
  for (std::size_t asked = 0; asked < NodeRing::kNodes; ++asked) {
    const std::string file = asked % 2 == 0 ? "medium.jpg" : "small.jpg";
    origin_.put(testdata(file));
    const Reply reply = purge(ring[asked], kOfPhoto);
    EXPECT_EQ(reply.status, 200) << reply.body;
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      EXPECT_THAT(reply.body, HasSubstr(R"({"node":")" + ring.name(node) + R"(","purged":true})"));
    }
    expect_all_give(ring, file);
  }
  EXPECT_EQ(ring.sum("Group/PeerErrors"), 0U);
}

TEST_F(Purge, IsByFolderOrOfAllOrOfThePathThatIsAskedFor) {
  NodeRing ring(ring_flags());
  warm(ring);
  const auto is_new_after = [&](const std::string& file, const Reply& reply) {
    EXPECT_EQ(reply.status, 200) << reply.body;
    expect_all_give(ring, file);
  };
  origin_.put(testdata("medium.jpg"));
  is_new_after("medium.jpg", purge(ring[0], R"({"prefix":"/photos/"})"));
  origin_.put(testdata("small.jpg"));
  is_new_after("small.jpg", purge(ring[1], R"({"all":true})"));
  origin_.put(testdata("medium.jpg"));
  is_new_after("medium.jpg", ask(ring[2], "PURGE", "/photos/a.jpg?width=50", ""));
}

TEST_F(Purge, OfSomethingElseChangesNothing) {
  NodeRing ring(ring_flags());
  warm(ring);
  origin_.put(testdata("medium.jpg"));
  for (const char* wish : {R"({"source":"/photos/b.jpg"})", R"({"prefix":"/photo/"})",
                           R"({"source":"/photos"})", R"({"source":"/photos/a.jpg/b"})"}) {
    EXPECT_EQ(purge(ring[0], wish).status, 200);
  }
  expect_all_give(ring, "small.jpg");
  EXPECT_EQ(origin_.answers(), 1);
}

TEST_F(Purge, MovesNoCounter) {
  NodeRing ring(ring_flags());
  warm(ring);
  std::vector<std::string> before;
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    before.push_back(ring[node].get_as_reader("/stats").body);
  }
  EXPECT_EQ(purge(ring[0], kOfPhoto).status, 200);
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(ring[node].get_as_reader("/stats").body, before[node]);
  }
}

TEST_F(Purge, ThatIsSoftServesTheOldPictureWhileItIsLookedAt) {
  NodeRing ring(ring_flags());
  warm(ring);
  origin_.put(testdata("medium.jpg"));
  EXPECT_EQ(purge(ring[0], R"({"source":"/photos/a.jpg","soft":true})").status, 200);
  const std::size_t owner = owner_in(ring);
  const Reply first = ring[owner].get(sized(50));
  EXPECT_TRUE(first.body == of_file(ring[owner], "small.jpg"));
  EXPECT_THAT(first.field("Cache-Control"), HasSubstr("max-age=1"));
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_TRUE(eventually(
        [&] { return ring[node].get(sized(50)).body == of_file(ring[node], "medium.jpg"); }));
  }
  EXPECT_EQ(origin_.answers(), 2);
}

TEST_F(Purge, ThatIsSoftCostsAnUnchangedOriginOneConditionalRequest) {
  const Node node(flags());
  EXPECT_EQ(node.get(sized(50)).status, 200);
  EXPECT_EQ(purge(node, R"({"all":true,"soft":true})").status, 200);
  EXPECT_EQ(node.get(sized(50)).status, 200);
  EXPECT_TRUE(eventually([&] { return origin_.unchanged() == 1; }));
  EXPECT_TRUE(
      eventually([&] { return node.get(sized(50)).field("Cache-Status") == "imageserver; hit"; }));
  EXPECT_EQ(origin_.answers(), 2);
}

// The tag of an origin may be that of another version: behind a hard purge nothing is asked by it.
TEST_F(Purge, ThatIsHardFetchesTheBytesAnew) {
  const Node node(flags());
  EXPECT_EQ(node.get(sized(50)).status, 200);
  EXPECT_EQ(purge(node, kOfPhoto).status, 200);
  EXPECT_EQ(node.get(sized(50)).status, 200);
  EXPECT_EQ(origin_.answers(), 2);
  EXPECT_EQ(origin_.unchanged(), 0);
}

TEST_F(Purge, DuringAFetchFromTheOriginLeavesNothingOldBehind) {
  NodeRing ring(ring_flags());
  origin_.hold();
  // Both who own it and who do not have a request under way.
  std::vector<std::future<Reply>> before;
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    before.push_back(
        std::async(std::launch::async, [&, node] { return ring[node].get(sized(50)); }));
  }
  EXPECT_TRUE(eventually([&] { return origin_.answers() == 1; }));
  EXPECT_TRUE(eventually([&] { return ring.sum("Group/Gets") == 5; })) << "all wait for that one";
  origin_.put(testdata("medium.jpg"));
  EXPECT_EQ(purge(ring[0], kOfPhoto).status, 200);
  std::vector<std::future<Reply>> after;
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    after.push_back(
        std::async(std::launch::async, [&, node] { return ring[node].get(sized(50)); }));
  }
  EXPECT_TRUE(eventually([&] { return origin_.answers() == 2; })) << "who comes after joins nobody";
  origin_.let_go();
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(before[node].get().status, 200);
    EXPECT_TRUE(after[node].get().body == of_file(ring[node], "medium.jpg")) << node;
  }
  expect_all_give(ring, "medium.jpg");
  EXPECT_EQ(origin_.answers(), 2);
}

TEST_F(Purge, DuringARenderLeavesNothingOldBehind) {
  NodeRing ring(ring_flags());
  origin_.put(testdata("huge.jpg"));
  const std::string target = "/photos/a.jpg?width=3000&format=png";
  const std::size_t owner = owner_in(ring);
  const std::size_t other = (owner + 1) % NodeRing::kNodes;
  std::future<Reply> before =
      std::async(std::launch::async, [&] { return ring[other].get(target); });
  EXPECT_TRUE(eventually([&] { return origin_.answers() == 1; }));
  origin_.put(testdata("medium.jpg"));
  EXPECT_EQ(purge(ring[other], kOfPhoto).status, 200);
  const std::string expected = ring[owner].get("/medium.jpg?width=3000&format=png").body;
  EXPECT_TRUE(ring[other].get(target).body == expected);
  EXPECT_EQ(before.get().status, 200);
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_TRUE(ring[node].get(target).body == expected) << node;
  }
}

TEST_F(Purge, ForgetsThatThereWasNoOriginal) {
  NodeRing ring(ring_flags());
  origin_.fail(404);
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    EXPECT_EQ(ring[node].get(sized(50)).status, 404);
  }
  const int answers = origin_.answers();
  EXPECT_EQ(ring[0].get(sized(50)).status, 404);
  EXPECT_EQ(origin_.answers(), answers) << "it is remembered for a while";
  origin_.recover();
  EXPECT_EQ(purge(ring[0], kOfPhoto).status, 200);
  expect_all_give(ring, "small.jpg");
}

TEST_F(Purge, ReachesANodeThatWasDownBeforeItIsReady) {
  NodeRing ring(ring_flags());
  warm(ring);
  const std::size_t owner = owner_in(ring);
  const std::size_t purging = (owner + 1) % NodeRing::kNodes;
  for (const std::size_t down : {owner, (owner + 2) % NodeRing::kNodes}) {
    SCOPED_TRACE(down);
    const std::string file = down == owner ? "medium.jpg" : "small.jpg";
    ring[down].stop();
    EXPECT_EQ(ring[purging].get(sized(50)).status, 200) << "a stand-in's copy";
    origin_.put(testdata(file));
    const Reply reply = purge(ring[purging], kOfPhoto);
    EXPECT_EQ(reply.status, 202);
    EXPECT_THAT(reply.body, HasSubstr(R"({"node":")" + ring.name(down) +
                                      R"(","purged":false,"reason":"cannot be reached"})"));
    ring.restart(down);
    expect_all_give(ring, file);
  }
}

// It goes on as if nothing had been: it has the old picture, and knows nothing of the purge.
TEST_F(Purge, ReachesANodeThatWasCutOffOnceItIsBack) {
  NodeRing ring(ring_flags());
  warm(ring);
  const std::size_t owner = owner_in(ring);
  for (const std::size_t cut_off : {owner, (owner + 1) % NodeRing::kNodes}) {
    SCOPED_TRACE(cut_off);
    const std::string file = cut_off == owner ? "medium.jpg" : "small.jpg";
    const std::size_t purging = (cut_off + 1) % NodeRing::kNodes;
    ring[cut_off].freeze();
    origin_.put(testdata(file));
    const Reply reply = purge(ring[purging], kOfPhoto);
    EXPECT_EQ(reply.status, 202);
    EXPECT_THAT(reply.body, HasSubstr(R"({"node":")" + ring.name(cut_off) +
                                      R"(","purged":false,"reason":"no answer in time"})"));
    ring[cut_off].wake();
    // Nobody asks it for anything: it asks for itself.
    EXPECT_TRUE(eventually(
        [&] { return ring[cut_off].get(sized(50)).body == of_file(ring[cut_off], file); }));
    EXPECT_TRUE(eventually([&] { return purge(ring[purging], kOfPhoto).status == 200; }));
  }
}

TEST_F(Purge, OfTwoNodesThatCrossBothHold) {
  NodeRing ring(ring_flags());
  for (int round = 0; round < 5; ++round) {
    warm(ring);
    const std::string file = round % 2 == 0 ? "medium.jpg" : "small.jpg";
    origin_.put(testdata(file));
    std::vector<std::future<Reply>> replies;
    for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
      replies.push_back(std::async(std::launch::async, [&, node] {
        return purge(ring[node], node == 0 ? R"({"all":true})" : kOfPhoto);
      }));
    }
    for (std::future<Reply>& reply : replies) EXPECT_EQ(reply.get().status, 200);
    expect_all_give(ring, file);
  }
}

TEST_F(Purge, WithTheSameIdIsTheSamePurge) {
  NodeRing ring(ring_flags());
  constexpr std::string_view kWish = R"({"source":"/photos/a.jpg","id":"first"})";
  EXPECT_EQ(purge(ring[0], kWish).status, 200);
  warm(ring);
  const int answers = origin_.answers();
  for (std::size_t node = 0; node < NodeRing::kNodes; ++node) {
    const Reply again = purge(ring[node], kWish);
    EXPECT_EQ(again.status, 200);
    EXPECT_THAT(again.body, HasSubstr(R"("id":"first")"));
  }
  warm(ring);
  EXPECT_EQ(origin_.answers(), answers) << "nothing is purged twice";
  const Reply other = purge(ring[0], R"({"all":true,"id":"first"})");
  EXPECT_EQ(other.status, 400);
  EXPECT_THAT(other.body, HasSubstr("the id is that of another purge"));
}

TEST_F(Purge, StaysOnItsNodeWhereNodesCannotBelieveEachOther) {
  NodeRing ring(flags());
  warm(ring);
  origin_.put(testdata("medium.jpg"));
  const std::size_t owner = owner_in(ring);
  const std::size_t other = (owner + 1) % NodeRing::kNodes;
  const Reply reply = purge(ring[owner], kOfPhoto);
  EXPECT_EQ(reply.status, 202);
  EXPECT_THAT(reply.body,
              AllOf(HasSubstr(R"({"node":")" + ring.name(owner) + R"(","purged":true})"),
                    HasSubstr(R"({"node":")" + ring.name(other) + R"(","purged":false)"),
                    HasSubstr("--groupcache-secret-file")));
  expect_gives(ring[owner], "medium.jpg");
}

TEST_F(Purge, IsNotTakenFromANodeWithAnotherSecret) {
  const std::string other = directory_.write("other", "quite another secret than theirs").string();
  NodeRing ring(flags(), [&](const std::vector<std::string>& addresses, std::size_t self) {
    Flags flags = introduced_by_flag(addresses, self);
    flags.push_back("--groupcache-secret-file=" + (self == 2 ? other : secret_));
    return flags;
  });
  const Reply reply = purge(ring[2], kOfPhoto);
  EXPECT_EQ(reply.status, 202);
  EXPECT_THAT(reply.body, AllOf(HasSubstr(R"({"node":")" + ring.name(2) + R"(","purged":true})"),
                                HasSubstr(R"({"node":")" + ring.name(0) + R"(","purged":false)"),
                                HasSubstr(R"({"node":")" + ring.name(1) + R"(","purged":false)")));
}

TEST_F(Purge, IsForThoseWithTheTokenAlone) {
  const Node node(flags());
  for (const std::string_view token : {"", "another token than the right one"}) {
    const Reply reply = purge(node, kOfPhoto, token);
    EXPECT_EQ(reply.status, 401);
    EXPECT_THAT(reply.field("WWW-Authenticate"), HasSubstr("Bearer"));
  }
  const Node open(with_photos_at(origin_.url()));
  EXPECT_EQ(purge(open, kOfPhoto).status, 403);
  EXPECT_EQ(ask(open, "PURGE", "/photos/a.jpg", "").status, 403);
}

// The command, with the flags of the server.
class PurgeCommand : public Purge {
 protected:
  struct Ended {
    int code = 0;
    std::string output;
    std::string errors;
  };

  [[nodiscard]] static Ended run(const Flags& words) {
    std::vector<std::string> all = {program(), "purge"};
    all.insert(all.end(), words.begin(), words.end());
    Process process(all);
    const int code = process.wait();
    return {code, process.output(), process.errors()};
  }
};

TEST_F(PurgeCommand, PurgesByTheTokenOrTheSecret) {
  NodeRing ring(ring_flags());
  warm(ring);
  const std::string where = "--http=" + ring.address(0);
  int round = 0;
  for (const std::string& who :
       {"--purge-token-file=" + token_, "--groupcache-secret-file=" + secret_}) {
    for (const char* path : {"/photos/a.jpg", "/photos/", "/"}) {
      const std::string file = ++round % 2 == 1 ? "medium.jpg" : "small.jpg";
      origin_.put(testdata(file));
      const Ended ended = run({path, where, who});
      EXPECT_EQ(ended.code, 0) << ended.errors;
      EXPECT_THAT(ended.output, HasSubstr(R"("purged":true)"));
      expect_all_give(ring, file);
    }
  }
  origin_.put(testdata("medium.jpg"));
  EXPECT_EQ(run({"soft", "/photos/a.jpg", where, "--purge-token-file=" + token_}).code, 0);
  const std::size_t owner = owner_in(ring);
  EXPECT_TRUE(ring[owner].get(sized(50)).body == of_file(ring[owner], "small.jpg"));
}

TEST_F(PurgeCommand, SaysWhatIsWrong) {
  const Node node(flags());
  const std::string where = "--http=127.0.0.1:" + std::to_string(node.port());
  const std::string other = directory_.write("wrong", "another token than the right one").string();
  const std::string token = "--purge-token-file=" + token_;
  for (const Flags& words : {Flags{where, token}, Flags{"soft", where, token},
                             Flags{"photos", where, token}, Flags{"/a", "/b", where, token},
                             Flags{"/a", where}, Flags{"/a", where, "--purge-token-file=/none"}}) {
    const Ended ended = run(words);
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.output, ::testing::IsEmpty());
    EXPECT_THAT(ended.errors, Not(::testing::IsEmpty()));
  }
  const Ended refused = run({"/a", where, "--purge-token-file=" + other});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("this is not the token to purge"));
  EXPECT_EQ(run({"/a", "--http=127.0.0.1:1", token}).code, 1);
}

}  // namespace
}  // namespace imageserver::testing
