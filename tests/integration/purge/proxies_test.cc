// What caches in front of a node serve when an original stays, is replaced, or is purged.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/versioned_origin.h"
#include "integration/origins/flags.h"
#include "integration/purge/caching_proxy.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using std::chrono::seconds;
using Program = CachingProxy::Program;
using ::testing::AnyOf;
using ::testing::StartsWith;

constexpr std::string_view kToken = "the token of those who may purge";

class Proxies : public ::testing::TestWithParam<Program> {
 protected:
  static constexpr std::string_view kPicture = "/photos/a.jpg?width=50";

  // What no look of its own would notice for an hour.
  [[nodiscard]] Flags flags() const {
    return with_photos_at(origin_.url(), {"--purge-token-file=" + token_, "--max-age=1"});
  }

  void purge(std::string_view wish) const {
    Client client(node_.port());
    client.send(request_text("POST", "/purge",
                             "Content-Type: application/json\r\nContent-Length: " +
                                 std::to_string(wish.size()) + "\r\nAuthorization: Bearer " +
                                 std::string(kToken) + "\r\n") +
                std::string(wish));
    EXPECT_EQ(client.read().status, 200);
  }

  [[nodiscard]] Reply get() const { return proxy_.get(kPicture); }

  // Asks as a site's readers do, all the time, and for longer than the proxy may serve without a
  // question; how often the node was asked.
  std::uint64_t asked_in(seconds time, const std::string& expected_tag) const {
    const std::uint64_t before = node_.counter("Group/Gets");
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
      const Reply reply = get();
      EXPECT_EQ(reply.status, 200);
      EXPECT_EQ(reply.field("ETag"), expected_tag);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return node_.counter("Group/Gets") - before;
  }

  const TemporaryDirectory directory_;
  const std::string token_ = directory_.write("token", kToken).string();
  VersionedOrigin origin_;
  const Node node_{flags()};
  const CachingProxy proxy_{GetParam(), node_.port()};
};

INSTANTIATE_TEST_SUITE_P(Program, Proxies, ::testing::Values(Program::kNginx, Program::kVarnish),
                         [](const auto& test) {
                           return test.param == Program::kNginx ? "Nginx" : "Varnish";
                         });

TEST_P(Proxies, AskWithTheTagAndAreToldThatNothingHasChanged) {
  const Reply first = get();
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.field("X-Node"), "200");
  EXPECT_THAT(first.field("ETag"), StartsWith("\""));
  EXPECT_TRUE(eventually([&] { return get().field("X-Node") == "304"; }));
  const auto begun = std::chrono::steady_clock::now();
  const std::uint64_t asked = asked_in(seconds(5), first.field("ETag"));
  const auto took = std::chrono::ceil<seconds>(std::chrono::steady_clock::now() - begun).count();
  EXPECT_GE(asked, 2U);
  EXPECT_LE(asked, static_cast<std::uint64_t>(took) + 1) << "a 304 is as fresh as a 200";
  const Reply last = get();
  EXPECT_TRUE(last.body == first.body);
  EXPECT_THAT(last.field("X-Node"), AnyOf("304", "")) << "no picture was sent again";
  EXPECT_EQ(node_.counter("Group/LocalLoads"), 1U);
  EXPECT_EQ(origin_.answers(), 1);
}

TEST_P(Proxies, GiveTheNewPictureOnceTheirsIsTooOld) {
  const Reply old = get();
  origin_.put(testdata("medium.jpg"));
  purge(R"({"source":"/photos/a.jpg"})");
  const Reply expected = node_.get(kPicture);
  EXPECT_NE(expected.field("ETag"), old.field("ETag"));
  std::string node_said;
  EXPECT_TRUE(eventually([&] {
    const Reply reply = get();
    if (reply.body != expected.body) return false;
    node_said = reply.field("X-Node");
    EXPECT_EQ(reply.field("ETag"), expected.field("ETag"));
    return true;
  }));
  EXPECT_EQ(node_said, "200") << "the tag was that of another picture";
  static_cast<void>(asked_in(seconds(3), expected.field("ETag")));
}

// The tag is that of the picture, not of a version or of the time.
TEST_P(Proxies, AreSentNothingWhereWhatWasPurgedHasNotChanged) {
  const Reply first = get();
  purge(R"({"all":true})");
  EXPECT_TRUE(eventually([&] { return get().field("X-Node") == "304"; }));
  EXPECT_EQ(origin_.answers(), 2);
  EXPECT_TRUE(get().body == first.body);
}

// Behind a soft one the node serves the old picture for a moment, and says that it is old.
TEST_P(Proxies, GiveTheNewPictureBehindASoftPurgeToo) {
  const Reply old = get();
  origin_.put(testdata("medium.jpg"));
  purge(R"({"source":"/photos/a.jpg","soft":true})");
  EXPECT_TRUE(eventually([&] { return get().field("ETag") != old.field("ETag"); }));
  EXPECT_TRUE(get().body == node_.get("/medium.jpg?width=50").body);
}

}  // namespace
}  // namespace imageserver::testing
