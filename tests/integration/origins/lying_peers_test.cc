// A peer that owns originals, leaves renders to others, and lies about what it has.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "formats/image.h"
#include "groupcache/ring.h"
#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/scripted_peer.h"
#include "integration/harness/soundness.h"
#include "integration/origins/flags.h"
#include "integration/origins/scripted_origin.h"
#include "peers/wire/protobuf.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using Then = Script::Then;

constexpr std::string_view kOurs =
    "X-Imageserver-Ring: 0123456789abcdef\r\nX-Imageserver-Interim: 1\r\n";

// The answer of a node that has those bytes.
Script original_with_tag(std::string_view bytes, const std::string& tag) {
  const std::string fields = std::string(kOurs) + "X-Imageserver-Etag: " + tag + "\r\n";
  return {.bytes =
              answer_text(200, fields, encode_get_response_prefix(bytes.size()).append(bytes))};
}

Script busy() {
  return {.bytes = answer_text(503, std::string(kOurs) + "X-Imageserver-Verdict: busy\r\n", "")};
}

struct Lie {
  const char* name;
  Script script;
};

void PrintTo(const Lie& lie, std::ostream* out) { *out << lie.name; }

class LyingPeer : public ::testing::TestWithParam<Lie> {
 protected:
  // A photo that the peer owns.
  [[nodiscard]] std::string photo() const {
    const Ring ring(RingMode::kBalanced,
                    {"http://" + port_->address(), "http://" + peer_.address()});
    for (int i = 0;; ++i) {
      const std::string name = '/' + std::to_string(i) + ".jpg";
      if (ring.owner(origin_.url() + name) == "http://" + peer_.address()) return name;
    }
  }

  [[nodiscard]] Script play(const std::string& target) {
    if (!target.starts_with("/_groupcache/imageserver-sources/")) return busy();
    ++asked_;
    return GetParam().script;
  }

  std::atomic<int> asked_ = 0;
  const ScriptedOrigin origin_{gives(testdata("small.jpg"))};
  ScriptedPeer peer_{[this](const std::string& target) { return play(target); }};
  const TemporaryDirectory directory_;
  const std::shared_ptr<Port> port_ = std::make_shared<Port>();
  const Node node_{
      port_, with_photos_at(
                 origin_.url(),
                 {"--groupcache-peers=" + peer_.address(),
                  "--groupcache-secret-file=" +
                      directory_.write("secret", "a secret of all nodes of the ring").string()})};
};

TEST_P(LyingPeer, IsNotBelieved) {
  const std::string name = photo();
  const Reply reply = node_.get("/photos" + name + "?width=10");
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_TRUE(reply.body == node_.get("/small.jpg?width=10").body);
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(origin_.requests(name), 1) << "the node fetches for itself";
}

INSTANTIATE_TEST_SUITE_P(
    All, LyingPeer,
    ::testing::Values(Lie{"OtherBytes", original_with_tag(testdata("grey.jpg"),
                                                          entity_tag(testdata("small.jpg")))},
                      Lie{"NoTag", original_with_tag(testdata("grey.jpg"), "")},
                      Lie{"NoPicture", original_with_tag("root:x:0:0:", entity_tag("root:x:0:0:"))},
                      Lie{"NoMessage", {.bytes = answer_text(200, kOurs, testdata("grey.jpg"))}},
                      Lie{"NoSuchGroup", {.bytes = answer_text(404, kOurs, "no such group")}},
                      Lie{"AnErrorWithoutAVerdict", {.bytes = answer_text(502, kOurs, "")}},
                      Lie{"TheEnd", {.bytes = "", .then = Then::kReset}},
                      Lie{"TheEndInTheMiddle",
                          {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc",
                           .then = Then::kClose}}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace imageserver::testing
