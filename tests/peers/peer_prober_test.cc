#include "peers/peer_prober.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/io_pool.h"
#include "peers/purge_text.h"
#include "support/node_purges.h"
#include "support/patience.h"
#include "support/raw_socket.h"

namespace imageserver {
namespace {

using namespace std::chrono_literals;
using testing::soon;
using ::testing::StartsWith;

constexpr const char* kOurAnswer =
    "HTTP/1.1 400 Bad Request\r\nX-Imageserver-Ring: 0123456789abcdef\r\nContent-Length: 0\r\n\r\n";

class CountingFetch final : public UnderWay {
 public:
  void let_go() override { ++let_go_of; }

  std::atomic<int> let_go_of = 0;
};

// The prober on one side, a peer in the test's hands on the other.
class PeerProberTest : public ::testing::Test {
 protected:
  explicit PeerProberTest(RingMode mode = RingMode::kBalanced, milliseconds timeout = 1h,
                          std::shared_ptr<const PurgeTalk> purges = nullptr)
      : options_{.mode = mode,
                 .request_timeout = 1h,
                 .timeout = timeout,
                 .secret = {},
                 .fingerprint = [] { return "0123456789abcdef"; },
                 .settings = [] { return ""; },
                 .purges = std::move(purges)} {
    io_.start();
  }
  ~PeerProberTest() override { io_.stop(); }

  void report(ErrorKind kind, milliseconds waited = 0ms) {
    prober_.unanswered(peer_, {kind, "the reason"}, waited);
  }

  void report_often(ErrorKind kind, milliseconds waited = 0ms) {
    for (int i = 0; i < Breaker::kFailures; ++i) report(kind, waited);
  }

  [[nodiscard]] bool is_open() const { return !peer_->breaker().closed(); }

  // The client that keeps connections to the peer.
  std::shared_ptr<Client> kept_client() {
    std::promise<std::shared_ptr<Client>> client;
    net::post(io_.at(0), [&] { client.set_value(connections_.first().client_of(peer_)); });
    return testing::awaited(client.get_future());
  }

  // Takes the next probe or check, which must be what our nodes are asked.
  RawSocket accept_probe() {
    RawSocket probe = listener_.accept();
    EXPECT_THAT(probe.read_head(), StartsWith("GET /_groupcache/imageserver HTTP/1.1\r\n"));
    return probe;
  }

  RawListener listener_;
  const PeerPtr peer_ =
      std::make_shared<Peer>("http://:" + std::to_string(listener_.port()), std::size_t{1} << 20U);
  const PeerOptions options_;
  IoPool io_{1};
  PeerConnections connections_{io_};
  bool may_leave_out_ = true;
  PurgePuller purges_{connections_, options_};
  PeerProber prober_{connections_, options_, purges_, [this] { return may_leave_out_; }};
};

class GoRingPeerProberTest : public PeerProberTest {
 protected:
  GoRingPeerProberTest() : PeerProberTest(RingMode::kGo) {}
};

class ImpatientPeerProberTest : public PeerProberTest {
 protected:
  ImpatientPeerProberTest() : PeerProberTest(RingMode::kBalanced, 50ms) {}
};

struct OwnPurges {
  testing::NodePurges own;
  std::shared_ptr<const PurgeTalk> talk = std::make_shared<const PurgeTalk>(PurgeTalk::Terms{
      .log = own.log, .secret = {}, .self = "http://:1", .names_of = [](const Query& /*query*/) {
        return std::vector<std::string>();
      }});
};

class TalkingPeerProberTest : protected OwnPurges, public PeerProberTest {
 protected:
  TalkingPeerProberTest() : PeerProberTest(RingMode::kBalanced, 1h, talk) {}
};

TEST_F(PeerProberTest, FailuresToConnectOpenTheBreaker) {
  for (int i = 1; i < Breaker::kFailures; ++i) report(ErrorKind::kUnreachable);
  EXPECT_FALSE(is_open());
  report(ErrorKind::kUnreachable);
  EXPECT_TRUE(is_open());
}

TEST_F(PeerProberTest, ATimeoutCountsOnlyIfThePeerHadFairTime) {
  report_often(ErrorKind::kDeadlineExceeded, 89ms);
  EXPECT_FALSE(is_open());
  report_often(ErrorKind::kDeadlineExceeded, 90ms);
  EXPECT_TRUE(is_open());
}

TEST_F(ImpatientPeerProberTest, AShortTimeoutOfTheOptionsIsFair) {
  report_often(ErrorKind::kDeadlineExceeded, 44ms);
  EXPECT_FALSE(is_open());
  report_often(ErrorKind::kDeadlineExceeded, 45ms);
  EXPECT_TRUE(is_open());
}

TEST_F(PeerProberTest, OtherErrorsNeverOpenTheBreaker) {
  for (const ErrorKind kind : {ErrorKind::kCutOff, ErrorKind::kPeer, ErrorKind::kInternal}) {
    report_often(kind, 1h);
  }
  report_often(ErrorKind::kCancelled, 499ms);
  EXPECT_FALSE(is_open());
  EXPECT_TRUE(peer_->begin_check()) << "no check was begun either";
}

TEST_F(PeerProberTest, APeerThatLeftTheRingIsNotCounted) {
  peer_->retire();
  report_often(ErrorKind::kUnreachable);
  EXPECT_FALSE(is_open());
}

TEST_F(PeerProberTest, ACancelledRequestThatWaitedLongMakesACheck) {
  report(ErrorKind::kCancelled, 500ms);
  RawSocket check = accept_probe();
  EXPECT_FALSE(peer_->begin_check()) << "the check is under way";
  check.send(kOurAnswer);
  EXPECT_TRUE(soon([&] { return peer_->begin_check(); }));
  EXPECT_EQ(peer_->kind(), PeerKind::kOurs);
}

TEST_F(PeerProberTest, ACheckWithoutAnAnswerCountsAsAFailure) {
  for (int i = 1; i < Breaker::kFailures; ++i) report(ErrorKind::kUnreachable);
  report(ErrorKind::kCancelled, 500ms);
  accept_probe().close();
  EXPECT_TRUE(soon([&] { return is_open(); }));
}

TEST_F(PeerProberTest, KeptConnectionsAreDroppedWhenTheBreakerOpens) {
  const auto before = kept_client();
  EXPECT_EQ(kept_client(), before);
  report_often(ErrorKind::kUnreachable);
  EXPECT_NE(kept_client(), before);
}

TEST_F(GoRingPeerProberTest, ThePeersKindIsForgottenWhenTheBreakerOpens) {
  peer_->identified(PeerKind::kGo, {}, {});
  report_often(ErrorKind::kUnreachable);
  EXPECT_EQ(peer_->kind(), PeerKind::kUnknown);
}

TEST_F(PeerProberTest, ThePeersKindStaysInARingOfOurNodes) {
  peer_->identified(PeerKind::kGo, {}, {});
  report_often(ErrorKind::kUnreachable);
  EXPECT_EQ(peer_->kind(), PeerKind::kGo);
}

TEST_F(PeerProberTest, ProbesFollowEachOtherUntilOneIsAnswered) {
  report_often(ErrorKind::kUnreachable);
  accept_probe().close();
  RawSocket probe = accept_probe();
  EXPECT_EQ(peer_->breaker().state(), Breaker::State::kOpen);
  probe.send(kOurAnswer);
  EXPECT_TRUE(soon([&] { return peer_->breaker().state() == Breaker::State::kHalfOpen; }));
}

TEST_F(PeerProberTest, ASilentPeerThatAnswersNoProbeEitherIsNotAskedAnyMore) {
  const auto fetch = std::make_shared<CountingFetch>();
  EXPECT_TRUE(peer_->enter(fetch));
  prober_.suspect(peer_);
  prober_.suspect(peer_);
  const RawSocket silent = accept_probe();
  EXPECT_TRUE(soon([&] { return fetch->let_go_of > 0; }));
  EXPECT_TRUE(is_open());
  EXPECT_EQ(fetch->let_go_of, 1) << "one look is enough";
}

TEST_F(PeerProberTest, ASilentPeerThatAnswersTheProbeIsThere) {
  const auto fetch = std::make_shared<CountingFetch>();
  EXPECT_TRUE(peer_->enter(fetch));
  prober_.suspect(peer_);
  accept_probe().send(kOurAnswer);
  EXPECT_TRUE(soon([&] { return peer_->begin_check(); }));
  EXPECT_FALSE(is_open());
  EXPECT_EQ(fetch->let_go_of, 0);
}

TEST_F(PeerProberTest, APeerThatIsLateMostOfTheTimeIsLeftOutAndLetGoOf) {
  const auto fetch = std::make_shared<CountingFetch>();
  EXPECT_TRUE(peer_->enter(fetch));
  for (int i = 1; i < Breaker::kStraysInARow; ++i) EXPECT_FALSE(prober_.strayed(peer_, "late"));
  EXPECT_TRUE(prober_.strayed(peer_, "late"));
  EXPECT_TRUE(is_open());
  EXPECT_EQ(fetch->let_go_of, 1);
}

TEST_F(PeerProberTest, WhereNoMorePeersMayBeLeftOutALateOneIsAsked) {
  may_leave_out_ = false;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(prober_.strayed(peer_, "late"));
  EXPECT_FALSE(is_open());
}

TEST_F(PeerProberTest, APeerThatLeftTheRingIsProbedNoMore) {
  report_often(ErrorKind::kUnreachable);
  RawSocket probe = accept_probe();
  peer_->retire();
  probe.close();
  EXPECT_TRUE(soon([&] { return peer_.use_count() == 1; })) << "somebody still probes it";
}

// So a node that was cut off hears of what it has missed as soon as it is back.
TEST_F(TalkingPeerProberTest, TheAnswerToAProbeSaysWhichPurgesThePeerKnows) {
  testing::NodePurges theirs;
  theirs.purge("a.jpg");
  report_often(ErrorKind::kUnreachable);
  accept_probe().send(
      "HTTP/1.1 400 Bad Request\r\nX-Imageserver-Ring: 0123456789abcdef\r\n"
      "X-Imageserver-Purges: " +
      theirs.log.digest() + "\r\nContent-Length: 0\r\n\r\n");
  RawSocket pull = listener_.accept();
  EXPECT_THAT(pull.read_head(), StartsWith("GET /_groupcache/imageserver-purges/log HTTP/1.1\r\n"));
  const std::string log = tell_log(theirs.log.contents(), "");
  pull.send("HTTP/1.1 200 OK\r\nX-Imageserver-Ring: 0123456789abcdef\r\nContent-Length: " +
            std::to_string(log.size()) + "\r\n\r\n" + log);
  EXPECT_TRUE(soon([&] { return own.log.digest() == theirs.log.digest(); }));
}

}  // namespace
}  // namespace imageserver
