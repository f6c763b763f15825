#include "peers/peer.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace imageserver {
namespace {

using std::chrono::seconds;

using PullEnd = Peer::PullEnd;

class PeerTest : public ::testing::Test {
 protected:
  void answered(double milliseconds, std::string_view ring = "the ring") {
    peer_.identified(ring.empty() ? PeerKind::kGo : PeerKind::kOurs, ring, {});
    peer_.answered(Peer::Latency(milliseconds));
  }

  Clock::time_point now_{std::chrono::hours(1)};
  Peer peer_{"http://10.0.0.1:8080", 1000};
};

TEST_F(PeerTest, IsNamedAsOnTheRing) {
  EXPECT_EQ(peer_.name(), "http://10.0.0.1:8080");
  EXPECT_EQ(peer_.authority(), "10.0.0.1:8080");
}

class CountingFetch final : public UnderWay {
 public:
  void let_go() override { ++let_go_of; }

  int let_go_of = 0;
};

TEST_F(PeerTest, ALimitedNumberOfRequestsIsUnderWay) {
  std::vector<std::shared_ptr<CountingFetch>> fetches;
  do {
    fetches.push_back(std::make_shared<CountingFetch>());
  } while (peer_.enter(fetches.back()));
  EXPECT_EQ(fetches.size(), 513U);
  peer_.leave(fetches.front().get());
  EXPECT_TRUE(peer_.enter(fetches.back()));
  EXPECT_FALSE(peer_.enter(fetches.front()));
}

TEST_F(PeerTest, LetsGoOfAllThatIsUnderWay) {
  const auto first = std::make_shared<CountingFetch>();
  const auto second = std::make_shared<CountingFetch>();
  auto gone = std::make_shared<CountingFetch>();
  EXPECT_TRUE(peer_.enter(first) && peer_.enter(second) && peer_.enter(gone));
  gone.reset();
  peer_.leave(second.get());
  peer_.let_go_all();
  EXPECT_EQ(first->let_go_of, 1);
  EXPECT_EQ(second->let_go_of, 0) << "it has ended";
}

TEST_F(PeerTest, OneCheckRunsAtATime) {
  EXPECT_TRUE(peer_.begin_check());
  EXPECT_FALSE(peer_.begin_check());
  peer_.end_check();
  EXPECT_TRUE(peer_.begin_check());
}

TEST_F(PeerTest, OnePullRunsAtATime) {
  EXPECT_TRUE(peer_.begin_pull(now_));
  EXPECT_FALSE(peer_.begin_pull(now_ + seconds(100)));
  peer_.end_pull(now_, PullEnd::kOfUse);
  EXPECT_FALSE(peer_.begin_pull(now_ + milliseconds(199)));
  EXPECT_TRUE(peer_.begin_pull(now_ + milliseconds(200)));
}

TEST_F(PeerTest, AfterEachPullInVainThePauseIsTwiceAsLong) {
  for (const int pause : {200, 400, 800, 1'600, 3'200, 6'400, 10'000, 10'000}) {
    EXPECT_TRUE(peer_.begin_pull(now_));
    peer_.end_pull(now_, PullEnd::kOfNoUse);
    EXPECT_FALSE(peer_.begin_pull(now_ + milliseconds(pause - 1))) << pause;
    now_ += milliseconds(pause);
  }
  EXPECT_TRUE(peer_.begin_pull(now_));
  peer_.end_pull(now_, PullEnd::kOfUse);
  EXPECT_TRUE(peer_.begin_pull(now_ + milliseconds(200))) << "one of use ends that";
}

TEST_F(PeerTest, WhoSaysSomethingNewIsPulledAfterAMoment) {
  peer_.say_purges("1");
  for (int i = 0; i < 7; ++i) {
    EXPECT_TRUE(peer_.begin_pull(now_));
    peer_.end_pull(now_, PullEnd::kOfNoUse);
    now_ += seconds(10);
  }
  EXPECT_TRUE(peer_.begin_pull(now_));
  peer_.end_pull(now_, PullEnd::kOfNoUse);
  EXPECT_FALSE(peer_.begin_pull(now_ + seconds(5)));
  peer_.say_purges("2");
  EXPECT_EQ(peer_.said_purges(), "2");
  EXPECT_TRUE(peer_.begin_pull(now_ + seconds(5)));
}

// It was cut off, say, and is back, with what it has said before.
TEST_F(PeerTest, AfterPullsThatFailedTheSameWordIsNews) {
  peer_.say_purges("1");
  for (int i = 0; i < 7; ++i) {
    EXPECT_TRUE(peer_.begin_pull(now_));
    peer_.end_pull(now_, PullEnd::kFailed);
    now_ += milliseconds(200);
  }
}

TEST_F(PeerTest, ANonsenseAnswerIsLoggedOnceAMinute) {
  EXPECT_TRUE(peer_.take_answer_warning(now_));
  EXPECT_FALSE(peer_.take_answer_warning(now_ + seconds(59)));
  EXPECT_TRUE(peer_.take_answer_warning(now_ + seconds(60)));
}

TEST_F(PeerTest, ItsAnswersTellWhatItIs) {
  EXPECT_EQ(peer_.kind(), PeerKind::kUnknown);
  answered(1, "");
  EXPECT_EQ(peer_.kind(), PeerKind::kGo);
  answered(1, "0123456789abcdef");
  EXPECT_EQ(peer_.kind(), PeerKind::kOurs) << "another program has taken its place";
  peer_.forget_kind();
  EXPECT_EQ(peer_.kind(), PeerKind::kUnknown);
}

TEST_F(PeerTest, LatencyIsAMovingMean) {
  EXPECT_EQ(peer_.view().latency_ms, std::nullopt);
  answered(10);
  EXPECT_EQ(peer_.view().latency_ms, 10.0);
  answered(20);
  EXPECT_NEAR(*peer_.view().latency_ms, 11.0, 1e-9);
  for (int i = 0; i < 200; ++i) answered(20);
  EXPECT_NEAR(*peer_.view().latency_ms, 20.0, 1e-6);
}

TEST_F(PeerTest, CountsAnswersAndErrors) {
  answered(1);
  answered(1);
  peer_.failed("first");
  peer_.failed("second");
  const PeerView view = peer_.view();
  EXPECT_EQ(view.requests, 2U);
  EXPECT_EQ(view.errors, 2U);
  EXPECT_EQ(view.last_error, "second");
}

TEST_F(PeerTest, AnotherRingIsLoggedOnceAMinute) {
  EXPECT_FALSE(peer_.take_ring_warning("the ring", now_)) << "it has said nothing yet";
  answered(1, "the ring");
  EXPECT_FALSE(peer_.take_ring_warning("the ring", now_));
  answered(1, "another ring");
  EXPECT_TRUE(peer_.take_ring_warning("the ring", now_));
  EXPECT_FALSE(peer_.take_ring_warning("the ring", now_ + seconds(59)));
  EXPECT_TRUE(peer_.take_ring_warning("the ring", now_ + seconds(60)));
  answered(1, "");
  EXPECT_FALSE(peer_.take_ring_warning("the ring", now_ + seconds(600)))
      << "a Go node says nothing of it";
}

}  // namespace
}  // namespace imageserver
