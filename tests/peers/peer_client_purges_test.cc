// What a client tells its peers of purges, and hears from them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "params/parse_target.h"
#include "peers/peer_client.h"
#include "peers/purge_text.h"
#include "peers/wire/protobuf.h"
#include "peers/wire/value.h"
#include "support/node_purges.h"
#include "support/patience.h"
#include "support/raw_socket.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;
using testing::awaited;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::soon;
using ::testing::StartsWith;
using Outcome = PeerTransport::Outcome;

constexpr const char* kRing = "0123456789abcdef";
constexpr std::string_view kPixels = "\x89PNG\r\n\x1a\npixels";
constexpr const char* kPull = "GET /_groupcache/imageserver-purges/log HTTP/1.1\r\n";

// One of our nodes as a peer, in the test's hands.
struct FakePeer {
  RawListener listener;
  std::string name = "http://:" + std::to_string(listener.port());
};

class PeerClientPurgesTest : public ::testing::Test {
 protected:
  explicit PeerClientPurgesTest(RingMode mode = RingMode::kBalanced)
      : client_(io_, {.mode = mode,
                      .request_timeout = 1h,
                      .timeout = 1h,
                      .secret = {},
                      .fingerprint = [] { return kRing; },
                      .settings = [] { return ""; },
                      .purges = std::make_shared<const PurgeTalk>(
                          PurgeTalk::Terms{.log = own_.log,
                                           .secret = {},
                                           .self = "http://:1",
                                           .names_of = [](const Query& query) {
                                             return std::vector<std::string>{query.spec.source};
                                           }})}) {
    client_.set_peers({peer_.name});
    io_.start();
  }
  ~PeerClientPurgesTest() override { io_.stop(); }

  std::future<Outcome> ask() {
    Query query;
    query.params = parse_target("/a.png").value();
    query.key = query.params.key();
    query.spec.source = "a.png";
    query.deadline = Clock::now() + 1h;
    auto promise = std::make_shared<std::promise<Outcome>>();
    PeerTransport::Events events;
    events.done = [promise](Outcome outcome) { promise->set_value(std::move(outcome)); };
    client_.fetch(peer_.name, {}, std::make_shared<const Query>(std::move(query)), {}, events);
    return promise->get_future();
  }

  // The answer of a node whose log has that digest.
  [[nodiscard]] static std::string answer(const std::string& fields) {
    const std::string value =
        encode_value_prefix(Format::kPng, kPixels.size()) + std::string(kPixels);
    const std::string body = encode_get_response_prefix(value.size()) + value;
    return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }
  [[nodiscard]] static std::string our_answer(const std::string& digest) {
    std::string fields = "X-Imageserver-Ring: " + std::string(kRing) + "\r\n";
    if (!digest.empty()) fields.append("X-Imageserver-Purges: ").append(digest).append("\r\n");
    return answer(fields);
  }

  [[nodiscard]] static std::string log_answer(const PurgeLog& log) {
    const std::string body = tell_log(log.contents(), "");
    return "HTTP/1.1 200 OK\r\nX-Imageserver-Ring: " + std::string(kRing) +
           "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  }

  testing::NodePurges own_;
  testing::NodePurges theirs_;
  FakePeer peer_;
  IoPool io_{1};
  PeerClient client_;
};

class GoRingPeerClientPurgesTest : public PeerClientPurgesTest {
 protected:
  GoRingPeerClientPurgesTest() : PeerClientPurgesTest(RingMode::kGo) {}
};

TEST_F(PeerClientPurgesTest, AFetchTellsOfThePurgesThatReachItsOriginal) {
  own_.purge("b.png");
  const PurgeRecord newest = own_.purge("a.png");
  auto asked = ask();
  RawSocket peer = peer_.listener.accept();
  const RawAnswer request{.head = peer.read_head(), .body = {}};
  EXPECT_EQ(request.field("X-Imageserver-From"), "http://:1");
  EXPECT_EQ(request.field("X-Imageserver-Purges"), own_.log.digest());
  EXPECT_EQ(request.field("X-Imageserver-Purge"), tell_purges({newest}, ""));
  peer.send(our_answer(own_.log.digest()));
  const Outcome outcome = awaited(asked);
  EXPECT_EQ((*outcome.image)->data.view(), kPixels);
  EXPECT_FALSE(outcome.is_outdated);
}

TEST_F(PeerClientPurgesTest, AnAnswerThatBeganWithAnotherLogIsFollowedByAPull) {
  theirs_.purge("b.png");
  auto asked = ask();
  RawSocket peer = peer_.listener.accept();
  peer.read_head();
  peer.send(our_answer(theirs_.log.digest()));
  const Outcome outcome = awaited(asked);
  EXPECT_EQ((*outcome.image)->data.view(), kPixels) << "it was told of all that reach the original";
  EXPECT_THAT(peer.read_head(), StartsWith(kPull));
  peer.send(log_answer(theirs_.log));
  EXPECT_TRUE(soon([&] { return own_.log.digest() == theirs_.log.digest(); }));
}

TEST_F(PeerClientPurgesTest, WhoHasSaidTheSameDigestIsToldOfNoPurge) {
  own_.purge("a.png");
  std::optional<RawSocket> peer;
  for (const bool is_told : {true, false}) {
    auto asked = ask();
    if (is_told) peer.emplace(peer_.listener.accept());
    const RawAnswer request{.head = peer->read_head(), .body = {}};
    EXPECT_EQ(request.field("X-Imageserver-Purge").empty(), !is_told);
    peer->send(our_answer(own_.log.digest()));
    EXPECT_TRUE(awaited(asked).image.has_value());
  }
}

// Of more purges than fit into a request the peer may not know some.
TEST_F(PeerClientPurgesTest, WhereNotAllPurgesAreToldAnAnswerWithAnotherLogIsNotUsed) {
  for (std::size_t i = 0; i <= kMostToldPurges; ++i) own_.purge("a.png");
  const std::string digest = own_.log.digest();
  auto asked = ask();
  RawSocket peer = peer_.listener.accept();
  peer.read_head();
  peer.send(our_answer(digest));
  EXPECT_TRUE(awaited(asked).image.has_value());

  own_.purge("a.png");
  asked = ask();
  peer.read_head();
  own_.purge("a.png");
  // The digest of now, and not of when it was asked.
  peer.send(our_answer(own_.log.digest()));
  const Outcome outcome = awaited(asked);
  ASSERT_TRUE(outcome.image.has_error());
  EXPECT_EQ(outcome.failure, PeerTransport::Failure::kNotAsked);
}

TEST_F(PeerClientPurgesTest, APeerThatSaysNothingOfPurgesIsBelieved) {
  own_.purge("a.png");
  auto asked = ask();
  RawSocket peer = peer_.listener.accept();
  peer.read_head();
  peer.send(our_answer(""));
  const Outcome outcome = awaited(asked);
  EXPECT_TRUE(outcome.image.has_value());
  EXPECT_FALSE(outcome.is_outdated);
}

TEST_F(GoRingPeerClientPurgesTest, WhoMayBeAGoNodeIsToldNothing) {
  own_.purge("a.png");
  for (int i = 0; i < 2; ++i) {
    auto asked = ask();
    RawSocket peer = peer_.listener.accept();
    const std::string head = peer.read_head();
    EXPECT_THAT(head, Not(HasSubstr("X-Imageserver-From")));
    EXPECT_THAT(head, Not(HasSubstr("X-Imageserver-Purge")));
    peer.send(answer("Connection: close\r\n"));
    EXPECT_FALSE(awaited(asked).is_outdated);
  }
  EXPECT_EQ(client_.peers().at(0).kind, PeerKind::kGo);
}

TEST_F(PeerClientPurgesTest, WhatANodeSaysWithARequestIsFollowedByAPull) {
  theirs_.purge("a.png");
  client_.heard_purges("http://:2", theirs_.log.digest());  // no peer
  client_.heard_purges(peer_.name, theirs_.log.digest());
  RawSocket peer = peer_.listener.accept();
  EXPECT_THAT(peer.read_head(), StartsWith(kPull));
  peer.send(log_answer(theirs_.log));
  EXPECT_TRUE(soon([&] { return own_.log.digest() == theirs_.log.digest(); }));
}

TEST_F(PeerClientPurgesTest, WhoHasLeftTheRingIsNotAsked) {
  const Error left{ErrorKind::kUnreachable, "it has left the ring"};
  client_.set_peers({});
  std::promise<Result<PurgePuller::Pulled>> pulled;
  client_.pull_purges(peer_.name, 1h, [&](const auto& result) { pulled.set_value(result); });
  EXPECT_EQ(awaited(pulled.get_future()).error(), left);
  std::promise<Result<void>> told;
  client_.tell_purge(peer_.name, own_.record_of("a"), 1h,
                     [&](const auto& result) { told.set_value(result); });
  EXPECT_EQ(awaited(told.get_future()).error(), left);
}

TEST_F(PeerClientPurgesTest, APeerASecondIsAskedInTurn) {
  FakePeer other;
  client_.set_peers({peer_.name, other.name});
  const auto begun = Clock::now();
  client_.keep_up_with_purges();
  std::vector<RawListener*> listeners = {&peer_.listener, &other.listener};
  if (other.name < peer_.name) std::swap(listeners[0], listeners[1]);
  const auto is_pulled = [&](RawSocket peer, milliseconds after) {
    EXPECT_THAT(peer.read_head(), StartsWith(kPull));
    EXPECT_GE(Clock::now() - begun, after);
    theirs_.purge("a.png");
    peer.send(log_answer(theirs_.log));
  };
  is_pulled(listeners[0]->accept(), 1s);
  is_pulled(listeners[1]->accept(), 2s);
  is_pulled(listeners[0]->accept(), 3s);
  EXPECT_TRUE(soon([&] { return own_.log.digest() == theirs_.log.digest(); }));
}

}  // namespace
}  // namespace imageserver
