#include "peers/purge_puller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "base/io_pool.h"
#include "peers/purge_text.h"
#include "peers/wire/peer_signature.h"
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
using Pulled = PurgePuller::Pulled;

constexpr const char* kRing = "0123456789abcdef";
constexpr const char* kSecret = "the secret of this ring";

// What one of our nodes answers.
std::string answer(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nX-Imageserver-Ring: " + kRing +
         "\r\nX-Imageserver-Interim: 1\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

// The same as the last one on its connection.
std::string last(std::string answer) {
  return answer.insert(answer.find("\r\n") + 2, "Connection: close\r\n");
}

std::string unchanged() {
  return std::string("HTTP/1.1 304 Not Modified\r\nX-Imageserver-Ring: ") + kRing + "\r\n\r\n";
}

// The puller on one side, a peer in the test's hands on the other.
class PurgePullerTest : public ::testing::Test {
 protected:
  enum class Talks : std::uint8_t { kYes, kNo };

  explicit PurgePullerTest(const std::string& secret = {}, Talks talks = Talks::kYes)
      : secret_(secret) {
    options_.request_timeout = 1h;
    options_.secret = secret;
    options_.fingerprint = [] { return kRing; };
    options_.settings = [] { return ""; };
    if (talks == Talks::kYes) {
      options_.purges = std::make_shared<const PurgeTalk>(PurgeTalk::Terms{
          .log = own_.log,
          .secret = secret,
          .self = "http://:1",
          .names_of = [](const Query& /*query*/) { return std::vector<std::string>(); }});
    }
    io_.start();
  }
  ~PurgePullerTest() override { io_.stop(); }

  std::future<Result<Pulled>> pull(milliseconds patience = 1h) {
    auto promise = std::make_shared<std::promise<Result<Pulled>>>();
    puller_.pull(peer_, patience,
                 [promise](const Result<Pulled>& pulled) { promise->set_value(pulled); });
    return promise->get_future();
  }

  std::future<Result<void>> tell(const PurgeRecord& record, milliseconds patience = 1h) {
    auto promise = std::make_shared<std::promise<Result<void>>>();
    puller_.tell(peer_, record, patience,
                 [promise](const Result<void>& told) { promise->set_value(told); });
    return promise->get_future();
  }

  // What comes of a pull that is answered so, on a connection of its own.
  Result<Pulled> pulled_with(const std::string& answer) {
    auto pulling = pull();
    accept("log").send(last(answer));
    return awaited(pulling);
  }

  Result<void> told_with(const std::string& answer) {
    auto telling = tell(own_.record_of("a"));
    accept("purge").send(last(answer));
    return awaited(telling);
  }

  [[nodiscard]] std::string log_answer() const {
    return answer("200 OK", tell_log(theirs_.log.contents(), secret_));
  }

  // Takes the next request, for that key.
  RawSocket accept(const std::string& key) {
    RawSocket peer = listener_.accept();
    head_ = peer.read_head();
    expect_asks_for(key);
    return peer;
  }

  void expect_asks_for(const std::string& key) const {
    EXPECT_THAT(head_, StartsWith("GET /_groupcache/imageserver-purges/" + key + " HTTP/1.1\r\n"));
  }

  // Nothing was asked, and may be.
  [[nodiscard]] bool is_left_alone() { return peer_->begin_pull(Clock::now()); }

  const std::string secret_;
  RawListener listener_;
  const std::string authority_ = ":" + std::to_string(listener_.port());
  PeerPtr peer_ = std::make_shared<Peer>("http://" + authority_, std::size_t{1} << 20U);
  std::string head_;
  testing::NodePurges own_;
  testing::NodePurges theirs_;
  PeerOptions options_;
  IoPool io_{1};
  PeerConnections connections_{io_};
  PurgePuller puller_{connections_, options_};
};

class SigningPurgePullerTest : public PurgePullerTest {
 protected:
  SigningPurgePullerTest() : PurgePullerTest(kSecret) {}
};

class SilentPurgePullerTest : public PurgePullerTest {
 protected:
  SilentPurgePullerTest() : PurgePullerTest({}, Talks::kNo) {}
};

TEST_F(PurgePullerTest, AnotherDigestIsFollowedByAPullAtOnce) {
  theirs_.purge("a");
  puller_.heard(peer_, theirs_.log.digest());
  RawSocket peer = accept("log");
  EXPECT_THAT(head_, HasSubstr("\r\nX-Imageserver-From: http://:1\r\n"));
  EXPECT_THAT(head_, HasSubstr("\r\nX-Imageserver-Purges: " + own_.log.digest() + "\r\n"));
  EXPECT_THAT(head_, Not(HasSubstr("X-Imageserver-Purge:")));
  EXPECT_THAT(head_, Not(HasSubstr("X-Imageserver-Signature")));
  peer.send(log_answer());
  EXPECT_TRUE(soon([&] { return own_.log.digest() == theirs_.log.digest(); }));
}

TEST_F(PurgePullerTest, TheSameDigestOrNoneChangesNothing) {
  puller_.heard(peer_, own_.log.digest());
  puller_.heard(peer_, "");
  EXPECT_TRUE(is_left_alone());
}

TEST_F(PurgePullerTest, OnePullRunsAtATime) {
  puller_.heard(peer_, "another");
  RawSocket peer = accept("log");
  puller_.heard(peer_, "another");
  puller_.check(peer_);
  EXPECT_FALSE(is_left_alone());
  peer.send(unchanged());
  EXPECT_TRUE(soon([&] { return is_left_alone(); })) << "the one pull is over";
  peer_->end_pull(Clock::now(), Peer::PullEnd::kOfUse);
  auto telling = tell(own_.record_of("a"));
  head_ = peer.read_head();
  expect_asks_for("purge");
  peer.send(answer("200 OK", "taken\n"));
  EXPECT_TRUE(awaited(telling).has_value());
}

TEST_F(PurgePullerTest, APullOfUseMayBeFollowedByAnotherSoon) {
  for (int i = 0; i < 3; ++i) {
    theirs_.purge("a");
    puller_.heard(peer_, theirs_.log.digest());
    accept("log").send(last(log_answer()));
    EXPECT_TRUE(soon([&] { return is_left_alone(); }));
    EXPECT_EQ(own_.log.digest(), theirs_.log.digest());
    peer_->end_pull(Clock::time_point(), Peer::PullEnd::kOfUse);
  }
}

TEST_F(PurgePullerTest, APullInVainIsFollowedByAPause) {
  own_.purge("a");
  puller_.heard(peer_, theirs_.log.digest());
  const auto before = Clock::now();
  accept("log").send(last(log_answer()));
  EXPECT_TRUE(soon([&] { return is_left_alone(); }));
  EXPECT_GE(Clock::now() - before, 100ms);
}

TEST_F(PurgePullerTest, APullThatFailsIsFollowedByAPause) {
  puller_.heard(peer_, "another");
  const auto before = Clock::now();
  accept("log").send(answer("500 Internal Server Error", "no\n"));
  EXPECT_TRUE(soon([&] { return is_left_alone(); }));
  EXPECT_GE(Clock::now() - before, 100ms);
}

TEST_F(PurgePullerTest, APeerThatHasLeftIsNotAsked) {
  peer_->retire();
  puller_.heard(peer_, "another");
  puller_.check(peer_);
  EXPECT_TRUE(is_left_alone());
}

TEST_F(PurgePullerTest, APeerMayBeAskedThoughNobodyHasSaidADigest) {
  puller_.check(peer_);
  accept("log").send(unchanged());
  EXPECT_TRUE(soon([&] { return is_left_alone(); }));
}

TEST_F(PurgePullerTest, WhatCameOfAPullIsSaid) {
  EXPECT_EQ(pulled_with(unchanged()).value(), Pulled::kSame);
  theirs_.purge("a");
  EXPECT_EQ(pulled_with(log_answer()).value(), Pulled::kNew);
  EXPECT_EQ(pulled_with(log_answer()).value(), Pulled::kNothingNew);
  own_.purge("b");
  EXPECT_EQ(pulled_with(log_answer()).value(), Pulled::kNothingNew);
}

TEST_F(PurgePullerTest, WhatAPeerSaysOfItsRefusalIsPassedOn) {
  const auto why = [&](const std::string& answer) {
    const Result<Pulled> pulled = pulled_with(answer);
    return pulled.has_error() ? pulled.error().message : "no error";
  };
  EXPECT_EQ(why(answer("403 Forbidden", "no\nand more\n")), "no");
  EXPECT_EQ(why(answer("500 Internal Server Error", "")), "it answered 500");
  EXPECT_EQ(why(answer("500 Internal Server Error", "a\x01\n")), "it answered 500");
  EXPECT_EQ(why(answer("403 Forbidden", std::string(300, 'a'))), std::string(200, 'a'));
  EXPECT_EQ(why(answer("200 OK", "junk")), "its purges are not proven");
  EXPECT_EQ(own_.log.position(), 0U);
}

// It has no mark of ours.
TEST_F(PurgePullerTest, AGoNodeKnowsNoPurgesAndIsNotAskedAgain) {
  const Result<Pulled> pulled = pulled_with("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nno\n");
  EXPECT_EQ(pulled.error(), (Error{ErrorKind::kPeer, "it knows no purges"}));
  EXPECT_EQ(peer_->kind(), PeerKind::kGo);
  EXPECT_EQ(awaited(pull()).error().message, "it knows no purges");
  EXPECT_EQ(awaited(tell(own_.record_of("a"))).error().message, "it knows no purges");
}

TEST_F(PurgePullerTest, APurgeIsToldWithItsText) {
  const PurgeRecord record = own_.record_of("a");
  auto telling = tell(record);
  RawSocket peer = accept("purge");
  EXPECT_THAT(head_, HasSubstr("\r\nX-Imageserver-Purge: " + purge_text(record) + ";\r\n"));
  EXPECT_THAT(head_, HasSubstr("\r\nX-Imageserver-Purges: " + own_.log.digest() + "\r\n"));
  peer.send(answer("200 OK", "taken\n"));
  EXPECT_TRUE(awaited(telling).has_value());
}

TEST_F(PurgePullerTest, WhoDoesNotTakeAPurgeSaysWhy) {
  EXPECT_EQ(told_with(answer("403 Forbidden", "a purge is not proven\n")).error(),
            (Error{ErrorKind::kPeer, "a purge is not proven"}));
  EXPECT_EQ(told_with(answer("404 Not Found", "no such group: imageserver-purges\n")).error(),
            (Error{ErrorKind::kPeer, "no such group: imageserver-purges"}));
  EXPECT_EQ(told_with(unchanged()).error().message, "it answered 304");
  EXPECT_EQ(told_with("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").error().message,
            "it knows no purges");
}

TEST_F(PurgePullerTest, NobodyIsWaitedForLongerThanPatienceLasts) {
  auto telling = tell(own_.record_of("a"), 50ms);
  const RawSocket silent = accept("purge");
  EXPECT_EQ(awaited(telling).error().kind, ErrorKind::kDeadlineExceeded);
}

TEST_F(PurgePullerTest, WhoIsNotThereCannotBeReached) {
  peer_ = std::make_shared<Peer>("http://127.0.0.1:" + std::to_string(RawListener().port()), 1U);
  EXPECT_EQ(awaited(tell(own_.record_of("a"))).error().kind, ErrorKind::kUnreachable);
  EXPECT_EQ(awaited(pull()).error().kind, ErrorKind::kUnreachable);
}

TEST_F(SigningPurgePullerTest, RequestsAreSignedAndPurgesProven) {
  const PurgeRecord record = own_.record_of("a");
  auto telling = tell(record);
  RawSocket peer = accept("purge");
  const RawAnswer asked{.head = head_, .body = {}};
  EXPECT_TRUE(verify(kSecret, {"GET", "/_groupcache/imageserver-purges/purge", ""},
                     asked.field("X-Imageserver-Signature"), seconds_since_1970()));
  EXPECT_EQ(asked.field("X-Imageserver-Purge"), tell_purges({record}, kSecret));
  peer.send(answer("200 OK", "taken\n"));
  EXPECT_TRUE(awaited(telling).has_value());
}

TEST_F(SigningPurgePullerTest, ALogWithoutAProofIsNotTaken) {
  theirs_.purge("a");
  const Result<Pulled> pulled = pulled_with(answer("200 OK", tell_log(theirs_.log.contents(), "")));
  EXPECT_EQ(pulled.error().message, "its purges are not proven");
  EXPECT_EQ(own_.log.position(), 0U);
}

TEST_F(SilentPurgePullerTest, WhereNodesDoNotBelieveEachOtherNobodyIsAsked) {
  puller_.heard(peer_, "another");
  puller_.check(peer_);
  EXPECT_TRUE(is_left_alone());
  EXPECT_EQ(awaited(pull()).error().message, "it knows no purges");
  EXPECT_EQ(awaited(tell(own_.record_of("a"))).error().message, "it knows no purges");
}

}  // namespace
}  // namespace imageserver
