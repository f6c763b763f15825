// Originals of an origin, and three nodes that share them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "groupcache/original_query.h"
#include "integration/harness/crowd.h"
#include "integration/harness/node.h"
#include "integration/harness/picture.h"
#include "integration/harness/ring.h"
#include "integration/harness/soundness.h"
#include "integration/origins/flags.h"
#include "integration/origins/scripted_origin.h"
#include "peers/wire/context_header.h"
#include "peers/wire/nonce.h"
#include "peers/wire/peer_signature.h"
#include "support/patience.h"
#include "support/process.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using Then = Script::Then;

constexpr std::string_view kSecret = "a secret that all nodes of the ring share";

class OriginsInRing : public ::testing::Test {
 protected:
  static constexpr std::size_t kNodes = NodeRing::kNodes;

  // The ring that gives originals from node to node.
  [[nodiscard]] Flags flags(const Flags& more = {}) const {
    Flags all = open_flags({"--groupcache-secret-file=" + secret_});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  // A ring that does not.
  [[nodiscard]] Flags open_flags(const Flags& more = {}) const {
    return with_photos_at(origin_.url(), more);
  }

  // As the ring calls `/photos/NAME`.
  [[nodiscard]] std::string url_of(const std::string& name) const {
    return origin_.url() + '/' + name;
  }

  // A photo that the node owns.
  [[nodiscard]] std::string photo_of(const NodeRing& ring, std::size_t node) const {
    for (int i = 0;; ++i) {
      const std::string name = std::to_string(i) + ".jpg";
      if (ring.owner_of_original(url_of(name)) == node) return name;
    }
  }

  [[nodiscard]] static std::string sized(const std::string& name, int width) {
    return "/photos/" + name + "?width=" + std::to_string(width);
  }

  const TemporaryDirectory directory_;
  const std::string secret_ = directory_.write("secret", kSecret).string();
  ScriptedOrigin origin_{gives(testdata("small.jpg"))};
};

TEST_F(OriginsInRing, TwoHundredSizesOfAnOriginalAreOneRequest) {
  NodeRing ring(flags());
  const Reference reference;
  for (int width = 1; width <= 200; ++width) {
    const Reply first = ring[static_cast<std::size_t>(width) % kNodes].get(sized("x.jpg", width));
    ASSERT_EQ(first.status, 200) << first.body;
    for (std::size_t node = 0; node < kNodes; ++node) {
      EXPECT_TRUE(ring[node].get(sized("x.jpg", width)).body == first.body) << width;
    }
    if (width % 20 != 0) continue;
    const std::string target = "/small.jpg?width=" + std::to_string(width);
    EXPECT_TRUE(first.body == reference.picture(target)) << width;
  }
  EXPECT_EQ(origin_.requests(), 1);
  EXPECT_EQ(ring.sum("Group/PeerErrors"), 0U);
}

TEST_F(OriginsInRing, AllWhoAskAtOnceAreOneRequest) {
  NodeRing ring(flags({"--timeout=60s"}));
  std::vector<Client> clients;
  for (int width = 1; width <= 60; ++width) {
    clients.emplace_back(ring[static_cast<std::size_t>(width) % kNodes].port());
    clients.back().send(request_text("GET", sized("x.jpg", width)));
  }
  for (Client& client : clients) EXPECT_EQ(client.read().status, 200);
  EXPECT_EQ(origin_.requests(), 1);
}

TEST_F(OriginsInRing, ADescriptionAndItsPicturesAreOneRequest) {
  NodeRing ring(flags());
  for (std::size_t node = 0; node < kNodes; ++node) {
    EXPECT_EQ(ring[node].get("/info/photos/x.jpg").status, 200);
    EXPECT_EQ(ring[node].get(sized("x.jpg", 10)).status, 200);
  }
  EXPECT_EQ(origin_.requests(), 1);
}

TEST_F(OriginsInRing, AKilledNodeIsNotMissed) {
  NodeRing ring(flags());
  const Reference reference;
  const std::string name = photo_of(ring, 2);
  for (int width = 10; width < 20; ++width) EXPECT_EQ(ring[0].get(sized(name, width)).status, 200);
  EXPECT_EQ(origin_.requests(), 1);
  ring[2].kill();
  for (int width = 10; width < 50; ++width) {
    const std::string expected = reference.picture("/small.jpg?width=" + std::to_string(width));
    for (std::size_t node = 0; node < 2; ++node) {
      const Reply reply = ring[node].get(sized(name, width));
      EXPECT_EQ(reply.status, 200) << width;
      EXPECT_TRUE(reply.body == expected) << width;
    }
  }
  for (const std::size_t node : {0U, 1U}) {
    const std::string other = photo_of(ring, node);
    EXPECT_EQ(ring[1 - node].get(sized(other, 10)).status, 200);
  }
  EXPECT_LE(origin_.requests("/" + name), 3) << "each of the two others at most once more";
  ring.restart(2);
  EXPECT_EQ(ring[2].get(sized(name, 70)).status, 200);
}

TEST_F(OriginsInRing, ANodeThatIsKilledUnderLoadCostsNoRequest) {
  NodeRing ring(flags({"--timeout=60s"}));
  constexpr int kOriginals = 12;
  std::vector<std::uint16_t> ports;
  for (std::size_t node = 0; node < kNodes; ++node) ports.push_back(ring[node].port());
  const auto wish = [](int client, int turn) {
    return sized(std::to_string((client + turn) % kOriginals) + ".jpg", 10 + turn);
  };
  Crowd crowd(ports, 4, wish);
  crowd.go_on(20);
  crowd.avoid(ring[2].port());
  ring[2].kill();
  crowd.go_on(40);
  ring.restart(2);
  crowd.visit(ring[2].port());
  crowd.go_on(20);
  crowd.leave();
  EXPECT_EQ(crowd.failures(), "");
  EXPECT_LE(origin_.requests(), kOriginals * 4) << "each node once, and the killed one again";
}

// An origin that answers nobody until the gate is opened, asked by node 2 for node 0.
class WaitingOriginInRing : public OriginsInRing {
 protected:
  WaitingOriginInRing() {
    origin_.play([opened = gate_.get_future().share()](const std::string&) -> Script {
      opened.wait();
      return {.bytes = answer_text(200, "", testdata("small.jpg"))};
    });
    client_.send(request_text("GET", sized(name_, 10)));
    EXPECT_TRUE(eventually([&] { return origin_.requests() == 1; }));
    EXPECT_EQ(ring_[2].source_counter("Group/Loads"), 1U);
  }

  void expect_picture() {
    gate_.set_value();
    const Reply reply = client_.read();
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_TRUE(reply.body == ring_[0].get("/small.jpg?width=10").body);
  }

  NodeRing ring_{
      flags({"--timeout=60s", "--source-timeout=60s", "--source-first-byte-timeout=60s"})};
  const std::string name_ = photo_of(ring_, 2);
  Client client_{ring_[0].port()};
  std::promise<void> gate_;  // goes before the origin, and so lets its threads go
};

TEST_F(WaitingOriginInRing, IsWaitedForByTheOwnerAlone) {
  std::this_thread::sleep_for(std::chrono::seconds(2));  // longer than a silent node is waited for
  EXPECT_EQ(origin_.requests(), 1);
  expect_picture();
  EXPECT_EQ(origin_.requests(), 1);
  EXPECT_EQ(ring_[0].counter("Group/PeerErrors"), 0U);
}

TEST_F(WaitingOriginInRing, IsAskedByAnotherIfTheOwnerDies) {
  ring_[2].kill();
  EXPECT_TRUE(eventually([&] { return origin_.requests() == 2; }));
  expect_picture();
}

TEST_F(OriginsInRing, AnErrorIsTheSameOnEachNode) {
  struct Fault {
    int status;
    Script script;
  };
  const std::vector<Fault> faults = {
      {404, {.bytes = answer_text(404, "", "")}},
      {404, {.bytes = answer_text(403, "", "")}},
      {422, {.bytes = answer_text(200, "Content-Type: text/html\r\n", "<html></html>")}},
      {502, {.bytes = answer_text(500, "", "")}},
      {504, {.bytes = "", .then = Then::kSilent}},
  };
  NodeRing ring(
      flags({"--negative-ttl=1h", "--source-first-byte-timeout=1s", "--source-timeout=1s"}));
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const auto& [status, script] = faults[i];
    origin_.play(plays(script));
    const std::string name = "fault" + std::to_string(i) + ".jpg";
    const auto begin = Clock::now();
    for (int width = 10; width < 13; ++width) {
      for (std::size_t node = 0; node < kNodes; ++node) {
        EXPECT_EQ(ring[node].get(sized(name, width)).status, status) << i;
      }
    }
    EXPECT_EQ(ring[0].get("/info/photos/" + name).status, status) << i;
    // What may be better soon is tried again after a second.
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - begin);
    const int most = status < 500 ? 1 : 1 + static_cast<int>(seconds.count());
    EXPECT_LE(origin_.requests("/" + name), most) << i;
  }
  for (std::size_t node = 0; node < kNodes; ++node) {
    for (std::size_t peer = 0; peer < kNodes; ++peer) {
      if (peer == node) continue;
      EXPECT_EQ(sight(ring[node], ring.name(peer)).errors, 0U) << "the origin is at fault";
      EXPECT_EQ(sight(ring[node], ring.name(peer)).state, "closed");
    }
  }
  origin_.play(gives(testdata("small.jpg")));
  for (std::size_t node = 0; node < kNodes; ++node) {
    EXPECT_TRUE(eventually([&] { return ring[node].get(sized("fault4.jpg", 10)).status == 200; }));
  }
}

TEST_F(OriginsInRing, AGoRingFetchesOnEachNode) {
  NodeRing ring(open_flags({"--groupcache-ring=go"}));
  for (std::size_t owner = 0; owner < kNodes; ++owner) {
    for (const std::string& target : ring.targets_of(owner, "/photos/x.jpg", 3)) {
      for (std::size_t node = 0; node < kNodes; ++node) {
        EXPECT_EQ(ring[node].get(target).status, 200);
      }
    }
  }
  EXPECT_EQ(origin_.requests(), static_cast<int>(kNodes));
}

// The owner's renderers stand still, so that its queue is full for as long as a test wants.
class BusyOwner : public OriginsInRing {
 protected:
  static constexpr std::size_t kAsker = 0;
  static constexpr std::size_t kOwner = 1;

  // The owner has rendered something before, and so has its renderers.
  void start(const Flags& flags) {
    ring_ = std::make_unique<NodeRing>(flags);
    EXPECT_EQ((*ring_)[kOwner].get(ring_->target_of(kOwner, "/small.jpg")).status, 200);
  }

  void fill_its_queue() {
    signal_renderers(SIGSTOP);
    constexpr std::size_t kEnough = 5;
    for (const std::string& target : ring_->targets_of(kOwner, "/small.jpg", kEnough, 50)) {
      waiting_.emplace_back((*ring_)[kOwner].port());
      waiting_.back().send(request_text("GET", target));
    }
    EXPECT_TRUE(eventually([&] { return (*ring_)[kOwner].loads_under_way() == kEnough; }));
  }

  void let_it_go_on() {
    signal_renderers(SIGCONT);
    for (Client& client : waiting_) EXPECT_EQ(client.read().status, 200);
  }

  [[nodiscard]] std::uint64_t originals_from_peers() const {
    return (*ring_)[kAsker].source_counter("Group/PeerLoads");
  }

  void signal_renderers(int number) {
    for (const pid_t child : children_of((*ring_)[kOwner].process().id())) kill(child, number);
  }

  const Flags slow_ = {"--workers=1", "--timeout=60s"};
  std::unique_ptr<NodeRing> ring_;
  std::vector<Client> waiting_;
};

TEST_F(BusyOwner, GivesTheOriginalThatItHas) {
  start(flags(slow_));
  const std::string name = photo_of(*ring_, kOwner);
  EXPECT_EQ((*ring_)[kOwner].get(sized(name, 10)).status, 200);
  fill_its_queue();
  const Reply reply = (*ring_)[kAsker].get(sized(name, 20));
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.body == (*ring_)[kAsker].get("/small.jpg?width=20").body);
  EXPECT_EQ(originals_from_peers(), 1U);
  EXPECT_EQ(origin_.requests(), 1);
  let_it_go_on();
}

TEST_F(BusyOwner, FetchesTheOriginalForOthers) {
  start(flags(slow_));
  const std::string name = photo_of(*ring_, kOwner);
  fill_its_queue();
  EXPECT_EQ((*ring_)[kAsker].get(sized(name, 20)).status, 200);
  EXPECT_EQ((*ring_)[kAsker].get("/info/photos/" + name).status, 200);
  EXPECT_GE(originals_from_peers(), 1U);
  let_it_go_on();
  EXPECT_EQ((*ring_)[kOwner].get(sized(name, 30)).status, 200);
  EXPECT_EQ(origin_.requests(), 1);
}

TEST_F(BusyOwner, PassesOnWhatTheOriginSays) {
  start(flags(slow_));
  const std::string name = photo_of(*ring_, kOwner);
  fill_its_queue();
  origin_.play(plays({.bytes = answer_text(404, "", "")}));
  EXPECT_EQ((*ring_)[kAsker].get(sized(name, 20)).status, 404);
  EXPECT_EQ((*ring_)[kAsker].get(sized(name, 21)).status, 404);
  EXPECT_EQ(origin_.requests(), 1);
  EXPECT_EQ(sight((*ring_)[kAsker], ring_->name(kOwner)).errors, 0U);
  let_it_go_on();
}

TEST_F(BusyOwner, GivesNothingWhereAnybodyMightAsk) {
  start(open_flags(slow_));
  const std::string name = photo_of(*ring_, kOwner);
  EXPECT_EQ((*ring_)[kOwner].get(sized(name, 10)).status, 200);
  fill_its_queue();
  EXPECT_EQ((*ring_)[kAsker].get(sized(name, 20)).status, 200);
  EXPECT_EQ(originals_from_peers(), 0U);
  EXPECT_EQ(origin_.requests(), 2) << "the asker fetches for itself";
  let_it_go_on();
}

// The way on which nodes give each other originals.
class SourceWay : public OriginsInRing {
 protected:
  struct Question {
    std::string name;  // of the original
    std::string_view secret = kSecret;
    bool is_signed = true;
  };

  [[nodiscard]] static Reply ask(std::uint16_t port, const Question& question) {
    const QueryPtr query = original_query(question.name, Query::From::kPeer, Deadline::max());
    const std::string target = "/_groupcache/imageserver-sources/" + query->key;
    const std::string context = encode_context_header(query->params);
    std::string fields = std::string(kContextHeader) + ": " + context + "\r\n";
    if (question.is_signed) {
      fields += std::string(kSignatureHeader) + ": " +
                sign(question.secret, {"GET", target, context}, seconds_since_1970(),
                     NonceStream().next()) +
                "\r\n";
    }
    return get(port, target, fields);
  }
};

TEST_F(SourceWay, GivesTheBytesOfAnOriginalToWhoSigns) {
  const Node node(flags());
  const Reply reply = ask(node.port(), {.name = url_of("x.jpg")});
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.body.ends_with(testdata("small.jpg")));
  EXPECT_EQ(node.get(sized("x.jpg", 10)).status, 200);
  EXPECT_EQ(origin_.requests(), 1);
}

TEST_F(SourceWay, GivesNothingToWhoDoesNotSign) {
  const Node node(flags());
  EXPECT_EQ(ask(node.port(), {.name = url_of("x.jpg"), .is_signed = false}).status, 403);
  EXPECT_EQ(
      ask(node.port(), {.name = url_of("x.jpg"), .secret = "another secret than this"}).status,
      403);
  EXPECT_EQ(node.get(sized("x.jpg", 10)).status, 200);
  EXPECT_EQ(ask(node.port(), {.name = url_of("x.jpg"), .is_signed = false}).status, 403)
      << "nor what it has";
  EXPECT_EQ(origin_.requests(), 1);
}

TEST_F(SourceWay, GivesNothingThatIsNoSourcesOwn) {
  const ScriptedOrigin other(gives(testdata("small.jpg")));
  const TemporaryDirectory marks;
  marks.write("logo.png", testdata("alpha.png"));
  const Node node(
      with_photos_at(origin_.url() + "/base",
                     {"--groupcache-secret-file=" + secret_, "--source-allow-private=127.0.0.0/8",
                      "--watermarks=" + marks.path().string()}));
  for (const std::string& name : std::vector<std::string>{
           other.url() + "/x.jpg",
           url_of("x.jpg"),
           url_of("base"),
           url_of("base/"),
           url_of("based/x.jpg"),
           url_of("base/../x.jpg"),
           url_of("base/%2e%2e/x.jpg"),
           url_of("base/..%2fx.jpg"),
           url_of("base/..%5cx.jpg"),
           url_of("base/%78.jpg"),
           url_of("base/two words.jpg"),
           url_of("base/%"),
           url_of("base/x%00.jpg"),
           url_of("base/x.jpg?y=z"),
           url_of("base/x.jpg#y"),
           "http://user@127.0.0.1:" + std::to_string(origin_.port()) + "/base/x.jpg",
           "http://127.0.0.1:" + std::to_string(origin_.port()) + "@" + other.url().substr(7),
           "http://169.254.169.254/latest/meta-data",
           "file:///etc/passwd",
           "/etc/passwd",
           "small.jpg",
           "/small.jpg",
           "photos/x.jpg",
           "logo.png",
           ""}) {
    const Reply reply = ask(node.port(), {.name = name});
    EXPECT_THAT(reply.status, AnyOf(400, 404)) << name;
    EXPECT_LT(reply.body.size(), 200U) << name;
  }
  EXPECT_EQ(origin_.requests(), 0);
  EXPECT_EQ(other.requests(), 0);
  EXPECT_EQ(ask(node.port(), {.name = url_of("base/x.jpg")}).status, 200);
}

TEST_F(SourceWay, GivesNoPageThatIsNoPicture) {
  const Node node(flags());
  origin_.play(plays({.bytes = answer_text(200, "", "root:x:0:0:")}));
  const Reply page = ask(node.port(), {.name = url_of("page")});
  EXPECT_EQ(page.status, 422);
  EXPECT_EQ(page.body.find("root:"), std::string::npos);
}

TEST_F(SourceWay, IsClosedWithoutASecretAndASecondAddress) {
  const Node node(open_flags());
  EXPECT_EQ(node.get(sized("x.jpg", 10)).status, 200);
  const Reply reply = ask(node.port(), {.name = url_of("x.jpg"), .is_signed = false});
  EXPECT_EQ(reply.status, 404);
  EXPECT_THAT(reply.body, HasSubstr("no such group"));
}

TEST_F(SourceWay, IsOpenAtTheRingsAddressAlone) {
  const Port ring_port;
  const Node node(open_flags({"--groupcache-listen=" + ring_port.address()}));
  const Question question{.name = url_of("x.jpg"), .is_signed = false};
  EXPECT_EQ(ask(node.port(), question).status, 404);
  EXPECT_EQ(origin_.requests(), 0);
  const Reply reply = ask(ring_port.number(), question);
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.body.ends_with(testdata("small.jpg")));
}

TEST_F(SourceWay, IsClosedInAGoRing) {
  const Node node(flags({"--groupcache-ring=go"}));
  EXPECT_EQ(ask(node.port(), {.name = url_of("x.jpg")}).status, 404);
  EXPECT_EQ(origin_.requests(), 0);
}

}  // namespace
}  // namespace imageserver::testing
