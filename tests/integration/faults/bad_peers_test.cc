// A peer that lies, dawdles, or floods: its answer is dropped, the picture is made here.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "groupcache/ring.h"
#include "integration/harness/node.h"
#include "integration/harness/ring.h"
#include "integration/harness/scripted_peer.h"
#include "integration/harness/soundness.h"
#include "peers/wire/protobuf.h"
#include "peers/wire/value.h"
#include "support/patience.h"

namespace imageserver::testing {
namespace {

using Then = Script::Then;

constexpr std::string_view kOurs = "X-Imageserver-Ring: 0123456789abcdef\r\n";

std::string value_text(Format format, std::string_view data) {
  return encode_value_prefix(format, data.size()).append(data);
}

std::string message_text(std::string_view value) {
  return encode_get_response_prefix(value.size()).append(value);
}

// The answer of a node of ours that tells the truth.
std::string good_body(std::string_view picture) {
  return message_text(value_text(Format::kJpeg, picture));
}

std::string good_answer(std::string_view picture) {
  return answer_text(200, kOurs, good_body(picture));
}

// Its number follows in little-endian.
std::string four_bytes(std::uint32_t number) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(number >> shift & 255U);
  return bytes;
}

std::string chunked(std::string_view chunks) {
  std::string text = "HTTP/1.1 200 OK\r\n";
  return text.append(kOurs).append("Transfer-Encoding: chunked\r\n\r\n").append(chunks);
}

std::string with_length(std::size_t length, std::string_view body) {
  std::string text = "HTTP/1.1 200 OK\r\n";
  text.append(kOurs).append("Content-Length: ").append(std::to_string(length)).append("\r\n\r\n");
  return text.append(body);
}

// What every test of a peer starts from: one node, and the peer is the test.
class NodeAndPeer {
 public:
  explicit NodeAndPeer(Flags flags = {})
      : peer_([](const std::string&) { return Script{answer_text(404, {}, {})}; }),
        node_(port_, with_peer(std::move(flags))),
        ring_(RingMode::kBalanced, {"http://" + port_->address(), peer_name()}) {}

  [[nodiscard]] Node& node() { return node_; }
  [[nodiscard]] ScriptedPeer& peer() { return peer_; }
  [[nodiscard]] std::string peer_name() const { return "http://" + peer_.address(); }
  [[nodiscard]] PeerSight sight() const { return testing::sight(node_, peer_name()); }

  // A picture that the peer owns, another one at each call.
  [[nodiscard]] std::string next_of_peer() { return next(peer_name()); }
  [[nodiscard]] std::string next_of_node() { return next(node_name()); }
  [[nodiscard]] bool is_of_node(const std::string& target) const {
    return owner_on(ring_, target) == node_name();
  }

 private:
  [[nodiscard]] std::string node_name() const { return "http://" + port_->address(); }

  [[nodiscard]] Flags with_peer(Flags flags) const {
    flags.push_back("--groupcache-peers=" + peer_.address());
    return flags;
  }

  [[nodiscard]] std::string next(const std::string& owner) {
    for (;;) {
      std::string target = spread_target(++width_);
      if (owner_on(ring_, target) == owner) return target;
    }
  }

  const std::shared_ptr<Port> port_ = std::make_shared<Port>();
  ScriptedPeer peer_;
  Node node_;
  const Ring ring_;
  int width_ = 20;
};

struct Lie {
  const char* name;
  Script (*tell)(std::string_view truth);  // the picture it was asked for

  friend std::ostream& operator<<(std::ostream& out, const Lie& lie) { return out << lie.name; }
};

// One node and one peer for all of them: what it said before must not matter.
class BadPeer : public ::testing::TestWithParam<Lie> {
 protected:
  static void SetUpTestSuite() {
    reference_ = std::make_unique<Reference>();
    both_ = std::make_unique<NodeAndPeer>(Flags{"--timeout=60s", "--peer-timeout=500ms"});
  }
  // Counters only grow, so this is of each test.
  static void TearDownTestSuite() {
    expect_counters_add_up(node());
    both_.reset();
    reference_.reset();
  }

  static Node& node() { return both_->node(); }

  // Every counter before the test, to see what the test has moved. An answer comes first, so that
  // the time-outs of these tests are never many in a row.
  void SetUp() override {
    both_->peer().play([](const std::string&) { return Script{answer_text(404, kOurs, "no\n")}; });
    EXPECT_EQ(node().get(both_->next_of_peer()).status, 404);
    for (const char* const name : {"PeerErrors", "PeerLoads", "LocalLoads", "LocalLoadErrs"}) {
      before_[name] = node().counter("Group/" + std::string(name));
    }
    items_ = cached_items(node());
    bytes_ = cached_bytes(node());
  }

  std::uint64_t moved(const std::string& name) {
    return node().counter("Group/" + name) - before_.at(name);
  }

  // The client gets what a lone node would have made, that and nothing else is kept, and the peer's
  // answer is an error.
  void expect_fallback(const std::string& target, const std::string& truth) {
    const Reply reply = node().get(target);
    EXPECT_EQ(reply.status, 200) << reply.body;
    EXPECT_TRUE(reply.body == truth) << "the bytes are not those of the picture";
    EXPECT_EQ(moved("PeerErrors"), 1U);
    EXPECT_EQ(moved("PeerLoads"), 0U);
    EXPECT_EQ(moved("LocalLoads"), 1U);
    EXPECT_EQ(moved("LocalLoadErrs"), 0U);
    EXPECT_EQ(cached_items(node()), items_ + 1);
    EXPECT_EQ(cached_bytes(node()), bytes_ + entry_bytes(truth));
  }

  void expect_kept(const std::string& target, const std::string& truth) {
    const int requests = both_->peer().requests();
    EXPECT_TRUE(node().get(target).body == truth);
    EXPECT_EQ(both_->peer().requests(), requests) << "what was made here is kept";
  }

  static std::unique_ptr<Reference> reference_;
  static std::unique_ptr<NodeAndPeer> both_;

 private:
  std::map<std::string, std::uint64_t> before_;
  std::uint64_t items_ = 0;
  std::uint64_t bytes_ = 0;
};

std::unique_ptr<Reference> BadPeer::reference_;
std::unique_ptr<NodeAndPeer> BadPeer::both_;

TEST_P(BadPeer, IsNotBelieved) {
  const std::string target = both_->next_of_peer();
  const std::string truth = reference_->picture(target);
  const auto errors = both_->sight().errors;
  both_->peer().play([&](const std::string&) { return GetParam().tell(truth); });
  expect_fallback(target, truth);
  expect_kept(target, truth);
  EXPECT_EQ(both_->sight().errors, errors + 1);
  EXPECT_NE(both_->sight().last_error, "");
  EXPECT_EQ(both_->sight().state, "closed");
}

INSTANTIATE_TEST_SUITE_P(
    Connection, BadPeer,
    ::testing::Values(
        Lie{"closes", [](auto) { return Script{"", Then::kClose}; }},
        Lie{"resets", [](auto) { return Script{"", Then::kReset}; }},
        Lie{"never answers", [](auto) { return Script{"", Then::kSilent}; }},
        Lie{"closes in the head",
            [](auto) { return Script{"HTTP/1.1 200 OK\r\nContent-Le", Then::kClose}; }},
        Lie{"falls silent in the head",
            [](auto) { return Script{"HTTP/1.1 200 OK\r\nContent-Le", Then::kSilent}; }},
        Lie{"resets in the body",
            [](auto truth) {
              return Script{with_length(good_body(truth).size(), good_body(truth).substr(0, 300)),
                            Then::kReset};
            }},
        Lie{"falls silent in the body",
            [](auto truth) {
              return Script{with_length(good_body(truth).size(), good_body(truth).substr(0, 300)),
                            Then::kSilent};
            }},
        Lie{"trickles", [](auto) {
              return Script{with_length(1000, ""), Then::kRepeat, "x", std::chrono::seconds(1)};
            }}));

INSTANTIATE_TEST_SUITE_P(
    Http, BadPeer,
    ::testing::Values(
        Lie{"is no HTTP", [](auto) { return Script{"hello\r\n\r\n", Then::kClose}; }},
        Lie{"is another protocol", [](auto) { return Script{"\x16\x03\x01\x02", Then::kClose}; }},
        Lie{"has an endless head",
            [](auto) { return Script{"HTTP/1.1 200 OK\r\n", Then::kRepeat, "X: y\r\n"}; }},
        Lie{"never comes to the point",
            [](auto) { return Script{"", Then::kRepeat, "HTTP/1.1 100 Continue\r\n\r\n"}; }},
        Lie{"has two lengths",
            [](auto truth) {
              std::string answer = with_length(good_body(truth).size(), good_body(truth));
              answer.insert(answer.find("Content-Length"), "Content-Length: 5\r\n");
              return Script{answer, Then::kClose};
            }},
        Lie{"has a length that is none",
            [](auto truth) {
              std::string answer = good_answer(truth);
              answer.insert(answer.find("Content-Length: ") + 16, "-");
              return Script{answer, Then::kClose};
            }},
        Lie{"has a length beyond all bounds",
            [](auto truth) {
              return Script{with_length(std::numeric_limits<std::size_t>::max(), good_body(truth)),
                            Then::kSilent};
            }},
        Lie{"says longer than it is",
            [](auto truth) {
              const std::string body = good_body(truth);
              return Script{with_length(body.size() + 1, body), Then::kClose};
            }},
        Lie{"says shorter than it is",
            [](auto truth) {
              const std::string body = good_body(truth);
              return Script{with_length(body.size() - 1, body), Then::kClose};
            }},
        Lie{"has chunks that are none",
            [](auto) { return Script{chunked("zz\r\nabc\r\n"), Then::kClose}; }},
        Lie{"has a chunk beyond all bounds",
            [](auto) { return Script{chunked("ffffffffffffffff\r\nabc"), Then::kSilent}; }},
        Lie{"has a chunk that is cut",
            [](auto) { return Script{chunked("400\r\nabc"), Then::kClose}; }},
        Lie{"has no last chunk", [](auto truth) {
              std::ostringstream size;
              size << std::hex << good_body(truth).size();
              return Script{chunked(size.str() + "\r\n" + good_body(truth) + "\r\n"), Then::kClose};
            }}));

Script body_of(const std::string& body) { return Script{answer_text(200, kOurs, body)}; }

INSTANTIATE_TEST_SUITE_P(
    Message, BadPeer,
    ::testing::Values(
        Lie{"is text", [](auto) { return body_of("all is well"); }},
        Lie{"is the bare picture", [](auto truth) { return body_of(std::string(truth)); }},
        Lie{"is nothing", [](auto) { return body_of(""); }},
        Lie{"is an empty value", [](auto) { return body_of(std::string("\x0a\x00", 2)); }},
        Lie{"says a longer value",
            [](auto truth) {
              const std::string value = value_text(Format::kJpeg, truth);
              return body_of(encode_get_response_prefix(value.size() + 1) + value);
            }},
        Lie{"says a shorter value",
            [](auto truth) {
              const std::string value = value_text(Format::kJpeg, truth);
              return body_of(encode_get_response_prefix(value.size() - 1) + value);
            }},
        Lie{"says a value beyond all bounds",
            [](auto truth) {
              return body_of("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f" + std::string(truth));
            }},
        Lie{"says a length that never ends",
            [](auto) { return body_of("\x0a" + std::string(64, '\xff')); }},
        Lie{"has a group", [](auto truth) { return body_of("\x0b" + good_body(truth)); }},
        Lie{"is asked for as often as never",
            [](auto truth) {
              const std::string value = value_text(Format::kJpeg, truth);
              return body_of(encode_get_response_prefix(value.size(),
                                                        std::numeric_limits<double>::quiet_NaN()) +
                             value);
            }},
        Lie{"is asked for less than never", [](auto truth) {
              const std::string value = value_text(Format::kJpeg, truth);
              return body_of(encode_get_response_prefix(value.size(), -1.0) + value);
            }}));

INSTANTIATE_TEST_SUITE_P(
    Value, BadPeer,
    ::testing::Values(
        Lie{"has another format than it says",
            [](auto truth) { return body_of(message_text(value_text(Format::kPng, truth))); }},
        Lie{"says it is what it is not",
            [](auto) { return body_of(good_body("GIF89a-and-so-on")); }},
        Lie{"has a format nobody knows",
            [](auto truth) {
              return body_of(message_text(four_bytes(4) + "tiff" +
                                          four_bytes(static_cast<std::uint32_t>(truth.size())) +
                                          std::string(truth)));
            }},
        Lie{"has a format of endless name",
            [](auto truth) {
              return body_of(message_text(four_bytes(0xffffffff) + "jpeg" + std::string(truth)));
            }},
        Lie{"says more data than there is",
            [](auto truth) {
              return body_of(message_text(encode_value_prefix(Format::kJpeg, truth.size() + 1) +
                                          std::string(truth)));
            }},
        Lie{"says less data than there is",
            [](auto truth) {
              return body_of(message_text(encode_value_prefix(Format::kJpeg, truth.size() - 1) +
                                          std::string(truth)));
            }},
        Lie{"has no picture", [](auto) { return body_of(good_body("")); }},
        Lie{"has text for a picture", [](auto) { return body_of(good_body("all is well")); }},
        Lie{"has frames that cannot be", [](auto truth) {
              return Script{answer_text(200, std::string(kOurs) + "X-Imageserver-Frames: 9/1\r\n",
                                        good_body(truth))};
            }}));

// Statuses, with and without the sign by which our nodes know each other.

Script status_of_ours(int status) { return Script{answer_text(status, kOurs, "so it is\n")}; }
Script status_of_go(int status) { return Script{answer_text(status, {}, "so it is\n")}; }

INSTANTIATE_TEST_SUITE_P(
    Status, BadPeer,
    ::testing::Values(Lie{"ours, 400", [](auto) { return status_of_ours(400); }},
                      Lie{"ours, 403", [](auto) { return status_of_ours(403); }},
                      Lie{"ours, 500", [](auto) { return status_of_ours(500); }},
                      Lie{"ours, 502", [](auto) { return status_of_ours(502); }},
                      Lie{"ours, 204", [](auto) { return status_of_ours(204); }},
                      Lie{"ours, 302", [](auto) { return status_of_ours(302); }},
                      Lie{"Go's 400", [](auto) { return status_of_go(400); }},
                      Lie{"Go's 500", [](auto) { return status_of_go(500); }},
                      Lie{"Go's 404", [](auto) { return status_of_go(404); }},
                      Lie{"Go's 422", [](auto) { return status_of_go(422); }},
                      Lie{"Go's 503", [](auto) { return status_of_go(503); }},
                      Lie{"Go's 504", [](auto) { return status_of_go(504); }}));

class Verdict : public ::testing::TestWithParam<int> {};

TEST_P(Verdict, OfOneOfOurNodesIsFinal) {
  NodeAndPeer both({"--timeout=60s"});
  both.peer().play([&](const std::string&) { return status_of_ours(GetParam()); });
  const Reply reply = both.node().get(both.next_of_peer());
  EXPECT_EQ(reply.status, GetParam());
  EXPECT_EQ(reply.body, "so it is\n");
  EXPECT_EQ(reply.field("Cache-Control"), "no-store");
  EXPECT_EQ(both.node().counter("Group/PeerErrors"), 1U);
  EXPECT_EQ(both.node().counter("Group/LocalLoads"), 0U);
  EXPECT_EQ(both.node().counter("Group/LocalLoadErrs"), 0U);
  EXPECT_EQ(cached_items(both.node()), 0U);
  expect_counters_add_up(both.node());
}

TEST_P(Verdict, DoesNotOpenTheBreaker) {
  NodeAndPeer both({"--timeout=60s"});
  both.peer().play([&](const std::string&) { return status_of_ours(GetParam()); });
  constexpr int kMany = 20;
  for (int i = 0; i < kMany; ++i) {
    EXPECT_EQ(both.node().get(both.next_of_peer()).status, GetParam());
  }
  EXPECT_EQ(both.peer().requests(), kMany);
  EXPECT_EQ(both.sight().state, "closed");
  EXPECT_EQ(both.sight().errors, 0U) << "the peer did what it should";
}

INSTANTIATE_TEST_SUITE_P(Statuses, Verdict, ::testing::Values(404, 422, 504));

TEST(BusyPeer, IsReplacedByANodeThatHasTime) {
  NodeAndPeer both({"--timeout=60s"});
  both.peer().play([](const std::string&) { return status_of_ours(503); });
  constexpr int kMany = 20;
  for (int i = 0; i < kMany; ++i) EXPECT_EQ(both.node().get(both.next_of_peer()).status, 200);
  EXPECT_EQ(both.node().counter("Group/PeerErrors"), 0U) << "it may leave them to this node";
  EXPECT_EQ(both.node().counter("Group/LocalLoads"), 20U);
  EXPECT_EQ(both.node().counter("Caches/Main/Items"), 0U);
  EXPECT_EQ(both.sight().state, "closed");
  expect_counters_add_up(both.node());
}

TEST(BusyPeer, IsNotReplacedByABusyNode) {
  NodeAndPeer both({"--timeout=60s", "--workers=1", "--queue=8", "--io-threads=1"});
  both.peer().play(
      [](const std::string& target) { return target.empty() ? Script{} : status_of_ours(503); });
  std::vector<Client> clients;
  // Its own, so that they are in the queue once they are counted: one is rendered, two wait.
  for (int width = 6200; clients.size() < 3; ++width) {
    const std::string target =
        spelled("/huge.jpg", width % kSpellings) + "?format=png&width=" + std::to_string(width);
    if (!both.is_of_node(target)) continue;
    clients.emplace_back(both.node().port());
    clients.back().send(request_text("GET", target));
  }
  EXPECT_TRUE(eventually([&] { return both.node().counter("Group/Loads") == 3; }));
  const Reply reply = both.node().get(both.next_of_peer());
  EXPECT_EQ(reply.status, 503);
  EXPECT_TRUE(reply.has("Retry-After"));
  for (Client& client : clients) client.reset();
  EXPECT_TRUE(both.node().becomes_idle());
  EXPECT_EQ(both.node().get(both.next_of_peer()).status, 200) << "and now it has time";
  expect_counters_add_up(both.node());
}

// One answer may hold 4 bytes for each of the 40 million pixels of a picture, and all that arrive
// at the same time a few times that; a buffer that grows is there twice for a moment, and the
// sanitizers keep what was freed. Without bounds it would be 2.4 GiB.
constexpr std::uint64_t kBoundMegabytes = 1'500;

class FloodingPeer : public ::testing::TestWithParam<Lie> {};

TEST_P(FloodingPeer, CostsALimitedAmountOfMemory) {
  NodeAndPeer both({"--timeout=60s"});
  const std::string block(1U << 20U, 'x');
  both.peer().play([&](const std::string&) { return GetParam().tell(block); });
  const Reply reply = both.node().get(both.next_of_peer());
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(both.node().counter("Group/PeerErrors"), 1U);
  EXPECT_EQ(both.node().counter("Group/LocalLoads"), 1U);
  EXPECT_EQ(cached_bytes(both.node()), entry_bytes(reply.body));
  const auto peak = peak_megabytes(both.node());
  ::testing::Test::RecordProperty("peak_megabytes", std::to_string(peak));
  EXPECT_LT(peak, kBoundMegabytes);
  expect_counters_add_up(both.node());
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, FloodingPeer,
    ::testing::Values(Lie{"of no length",
                          [](auto block) {
                            return Script{"HTTP/1.1 200 OK\r\n" + std::string(kOurs) + "\r\n",
                                          Then::kRepeat, std::string(block)};
                          }},
                      Lie{"of endless chunks",
                          [](auto block) {
                            return Script{chunked(""), Then::kRepeat,
                                          "100000\r\n" + std::string(block) + "\r\n"};
                          }},
                      Lie{"of a length that is within bounds, and then nothing",
                          [](auto block) {
                            return Script{with_length(std::size_t{150} << 20U, block),
                                          Then::kClose};
                          }},
                      Lie{"of a length that is not", [](auto block) {
                            return Script{with_length(std::size_t{1} << 40U, block), Then::kRepeat,
                                          std::string(block)};
                          }}));

// Each answer alone is within bounds, and never comes to its end.
TEST(FloodingPeers, CostNoMoreHoweverManyAreAsked) {
  NodeAndPeer both({"--timeout=60s", "--peer-timeout=3s"});
  const std::string block(1U << 20U, 'x');
  constexpr int kBlocks = 150;
  both.peer().play([&](const std::string&) {
    return Script{with_length((std::size_t{kBlocks} + 1) << 20U, ""), Then::kRepeat, block,
                  std::chrono::milliseconds(0), kBlocks};
  });
  std::vector<Client> clients;
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back(both.node().port());
    clients.back().send(request_text("GET", both.next_of_peer()));
  }
  for (Client& client : clients) EXPECT_EQ(client.read().status, 200);
  EXPECT_EQ(both.node().counter("Group/LocalLoads"), 16U);
  EXPECT_EQ(both.node().counter("Group/PeerLoads"), 0U);
  const auto peak = peak_megabytes(both.node());
  std::cout << "the most memory it held: " << peak << " MiB\n";
  EXPECT_LT(peak, kBoundMegabytes);
  expect_counters_add_up(both.node());
}

}  // namespace
}  // namespace imageserver::testing
